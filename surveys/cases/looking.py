"""A worker looks at the answers that came in, and opens the cases that they ask for.

The customer's page does nothing for it: not a statement, not a message to the broker. A clock looks every
few seconds (docs/adr/0003); how far it has looked is kept in the rule's row. Keys of answers do not say
which was committed first, so the mark follows only when it is old: an answer whose key was given out and
that is written ten minutes later does not exist. Until then the same answers are asked for again, which
costs an index range, and an answer has one case however often it is looked at.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import User
from surveys.cases.opening import open_case
from surveys.cases.owners import may_own
from surveys.cases.rules import CONTACT, Rule
from surveys.models import (
    CaseKind,
    CaseRule,
    Origin,
    Rating,
    Respondent,
    Response,
    Survey,
    SurveyStatus,
    Wave,
)

log = logging.getLogger(__name__)

SETTLED = timedelta(minutes=10)
A_LOOK = 200  # answers


def look(now: datetime | None = None) -> tuple[int, bool]:
    """Open what is due: how many cases that were, and whether there is more."""
    now = now or timezone.now()
    _rules_for_ticks()
    opened, more = 0, False
    live = Q(is_on=True) | Q(survey__asks_contact=True, survey__is_anonymous=False)
    # What closed long ago brings no answers any more.
    asked = Wave.objects.filter(Q(status=SurveyStatus.OPEN) | Q(closed_at__gte=now - timedelta(days=1)))
    rules = CaseRule.objects.filter(
        live, survey__cycle__deleted_at=None, survey__in=asked.values("survey_id")
    )
    for rule in rules.select_related("survey__cycle__client", "owner"):
        n, is_full = look_by(rule, now)
        opened, more = opened + n, more or is_full
    return opened, more


def _rules_for_ticks() -> None:
    """A survey that asks "shall we contact you" opens cases whether or not somebody set a rule."""
    asking = Survey.objects.filter(asks_contact=True, is_anonymous=False, case_rule=None)
    for survey in asking.exclude(frozen_at=None):
        CaseRule.objects.get_or_create(survey=survey)


def look_by(rule: CaseRule, now: datetime) -> tuple[int, bool]:
    survey = rule.survey
    read = Rule(survey, rule)
    condition = read.condition
    newest = newest_answer()
    # What the team believes that customers would say is nobody's complaint.
    if condition is None or survey.respondent != Respondent.CUSTOMER:
        return 0, False
    answers = Response.objects.filter(condition, wave__survey=survey, pk__gt=rule.looked_to, case=None)
    # Brought in from a file: of another time, and nobody waits for an answer.
    answers = answers.filter(weight=None).select_related("wave", "invitation__contact")
    due = list(answers.order_by("pk")[:A_LOOK])
    owner = rule.owner if rule.owner and may_own(survey.cycle.client, rule.owner) else None
    ratings = _ratings(due)
    opened = sum(_open(read, answer, ratings.get(answer.pk, []), owner) for answer in due)
    is_full = len(due) == A_LOOK
    if not is_full:
        _follow(rule, newest, now)
    return opened, is_full


def newest_answer() -> int:
    return int(Response.objects.aggregate(n=Max("pk"))["n"] or 0)


def _ratings(answers: list[Response]) -> dict[int, list[Rating]]:
    found: dict[int, list[Rating]] = {}
    for rating in Rating.objects.filter(response_id__in=[answer.pk for answer in answers]):
        found.setdefault(rating.response_id, []).append(rating)
    return found


def _open(read: Rule, answer: Response, ratings: list[Rating], owner: User | None) -> bool:
    answer.wave.survey = read.survey
    reasons = read.reasons(answer, ratings)
    asked = any(reason["what"] == CONTACT for reason in reasons)
    item = read.worst(reasons)
    opened = open_case(
        read.survey.cycle,
        kind=CaseKind.REQUEST if asked and len(reasons) == 1 else CaseKind.LOW_SCORE,
        origin=Origin.ASKED if asked else Origin.SCORE,
        moment=item.moment if item else None,
        response=answer,
        reasons=reasons,
        language=answer.language,
        owner=owner,
    )
    return opened.is_new


def _follow(rule: CaseRule, newest: int, now: datetime) -> None:
    """What was the newest answer a while ago has no earlier one still to come."""
    if rule.seen_at is not None and now - rule.seen_at < SETTLED:
        return
    looked_to = rule.seen_to if rule.seen_at is not None else rule.looked_to
    # Of two workers one moves the mark.
    CaseRule.objects.filter(pk=rule.pk, seen_at=rule.seen_at).update(
        looked_to=looked_to, seen_to=newest, seen_at=now
    )
