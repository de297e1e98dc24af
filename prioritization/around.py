"""What goes on around the map of a cycle: cases, service levels, approvals, visits, effects, low scores.

For the overview: a fixed number of queries, and never more rows than a page can tell of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Membership, User
from cycles.approval import managers_of
from cycles.choices import ActionStatus
from cycles.models import Action
from cycles.service_levels import LevelStanding, breaches_of
from prioritization.analysis.change import ChangeVerdict
from prioritization.effect import Effect
from prioritization.effects import effects_of
from prioritization.situation import Situation
from surveys.cases.overdue import is_overdue
from surveys.models import ENDED, Case, Rating, Response, Visit, VisitState, Wave

WEEK = timedelta(days=7)
# The latest answers among which low scores are looked for, and cases that are told one by one.
MOST_ANSWERS = 500
MOST_CASES = 200
LOW = 0.4  # of the scale: 1 and 2 of five
ENOUGH_LOW, SHARE_LOW = 3, 0.2


@dataclass(frozen=True)
class OpenCase:
    case: Case
    late: bool


@dataclass(frozen=True)
class LowScores:
    """At one moment, among the latest answers of the last week."""

    moment_id: int
    n: int
    of: int
    up_to: int  # the highest score that is low


@dataclass(frozen=True)
class Around:
    cases: tuple[OpenCase, ...]
    breaches: tuple[LevelStanding, ...]
    waiting: tuple[Action, ...]  # for approval
    managers: tuple[User, ...]
    visits: tuple[Visit, ...]  # planned up to a week from now; for editors alone
    effects: tuple[Effect, ...]
    low: LowScores | None

    @property
    def late_cases(self) -> tuple[OpenCase, ...]:
        return tuple(one for one in self.cases if one.late)

    def with_verdict(self, verdict: ChangeVerdict) -> tuple[Effect, ...]:
        return tuple(effect for effect in self.effects if effect.verdict == verdict)


def around_of(situation: Situation, membership: Membership) -> Around:
    cycle, today = situation.cycle, situation.today
    waiting = tuple(
        step.action for step in situation.plan.of(ActionStatus.PROPOSED) if not step.action.sent_back_reason
    )
    return Around(
        cases=tuple(open_cases(situation)),
        breaches=tuple(breaches_of(cycle, today)),
        waiting=waiting,
        managers=tuple(managers_of(cycle.client)),
        visits=tuple(visits_due(situation)) if membership.is_editor else (),
        effects=tuple(effects_of(cycle, situation.outline)),
        low=low_scores(situation.asked.wave, situation.today) if situation.asked else None,
    )


def open_cases(situation: Situation) -> list[OpenCase]:
    """The most pressing first. One query."""
    now = timezone.now()
    rows = Case.objects.filter(cycle=situation.cycle).exclude(status__in=ENDED)
    found = rows.select_related("owner").order_by("solve_due_at", "pk")[:MOST_CASES]
    cases = [OpenCase(case, is_overdue(case, now)) for case in found]
    return sorted(cases, key=lambda one: not one.late)


def visits_due(situation: Situation) -> list[Visit]:
    """One query."""
    soon = situation.today + WEEK
    planned = Visit.objects.filter(
        wave__survey__cycle=situation.cycle, state=VisitState.PLANNED, revoked_at=None, day__lte=soon
    )
    return list(planned.select_related("wave")[:MOST_CASES])


def low_scores(wave: Wave, today: date) -> LowScores | None:
    """The moment with most of them; nothing of so few answers that somebody might be recognised. One
    query, of a bounded number of answers however many there are."""
    since = timezone.now() - WEEK
    latest = Response.objects.filter(wave=wave, submitted_at__gte=since).order_by("-submitted_at")
    up_to = int(LOW * wave.survey.scale_max)
    keys = list(latest.values_list("pk", flat=True)[:MOST_ANSWERS])
    if len(keys) < max(10, wave.survey.threshold):
        return None
    rows: Sequence[tuple[int, int, int]] = list(
        Rating.objects.filter(response__in=keys, item__is_requirement=False, item__moment__isnull=False)
        .exclude(satisfaction=None)
        .order_by()
        .values_list("item__moment_id")
        .annotate(n=Count("response_id"), low=Count("response_id", filter=Q(satisfaction__lte=up_to)))
    )
    enough = [
        LowScores(moment, low, n, up_to)
        for moment, n, low in rows
        if n >= max(10, wave.survey.threshold) and low >= ENOUGH_LOW and low >= SHARE_LOW * n
    ]
    return max(enough, key=lambda one: (one.n / one.of, one.n, -one.moment_id), default=None)
