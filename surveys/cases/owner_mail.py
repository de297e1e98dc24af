"""Mail to those responsible for cases: one when they are assigned, and one a day of what is overdue.

Each is a letter (accounts/member_mail.py). That a day has one digest a person is a constraint: a job that
runs twice sends one.
"""

from collections.abc import Sequence
from datetime import datetime, time

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.member_mail import A_LOOK, LetterState, claim, hand_over, letter, settle, sweep
from accounts.models import User
from surveys.cases.overdue import Overdue, overdue_of, people_behind
from surveys.cases.owners import may_own
from surveys.cases.words import title_of
from surveys.models import Assignment, Case, DigestDay

# In the server's zone: before work begins, and no digest after these hours if the server was away.
FROM, UNTIL = time(7), time(12)


def mail_due(now: datetime | None = None) -> int:
    """Everybody who was assigned something, and everybody's digest of today; how many mails were taken."""
    now = now or timezone.now()
    sweep(Assignment, now)
    sweep(DigestDay, now)
    waiting = Assignment.objects.filter(state=LetterState.WAITING, due_at__lte=now)
    people = list(waiting.order_by("person_id").values_list("person_id", flat=True).distinct()[:A_LOOK])
    n = sum(_mail_assigned(person, now) for person in people)
    days = DigestDay.objects.filter(state=LetterState.WAITING, due_at__lte=now)
    return n + sum(_mail_digest(key, now) for key in list(days.values_list("pk", flat=True)[:A_LOOK]))


def prepare_digests(now: datetime | None = None) -> int:
    """A row for each person who is behind with something, once a day; how many are new."""
    now = now or timezone.now()
    here = timezone.localtime(now)
    if not FROM <= here.time() < UNTIL:
        return 0
    rows = [DigestDay(person_id=pk, day=here.date(), due_at=now) for pk in people_behind(now)]
    known = DigestDay.objects.filter(day=here.date()).count()
    DigestDay.objects.bulk_create(rows, ignore_conflicts=True)
    return DigestDay.objects.filter(day=here.date()).count() - known


def _mail_assigned(person_id: int, now: datetime) -> bool:
    """All that one person was made responsible for since the last look, in one mail."""
    claimed = claim(Assignment.objects.filter(person=person_id), now)
    rows = list(claimed.select_related("person", "case__cycle__client__workspace", "case__moment"))
    shown = [row for row in rows if _still_theirs(row)]
    claimed.exclude(pk__in=[row.pk for row in shown]).update(state=LetterState.DROPPED)
    if not shown:
        return False
    person, cases = shown[0].person, [row.case for row in shown]
    state = hand_over(lambda: _assigned(person, cases), f"assignments of {person.pk}")
    return settle(claimed, state, max(row.attempts for row in shown), now)


def _still_theirs(row: Assignment) -> bool:
    """Asked again when the mail goes out."""
    case = row.case
    return (
        case.owner_id == row.person_id
        and not case.cycle.deleted_at
        and may_own(case.cycle.client, row.person)
    )


def _mail_digest(key: int, now: datetime) -> bool:
    claimed = claim(DigestDay.objects.filter(pk=key), now)
    row = claimed.select_related("person").first()
    if row is None:
        return False
    found = overdue_of(row.person, now)
    if not found:
        claimed.update(state=LetterState.DROPPED)
        return False
    state = hand_over(lambda: _digest(row.person, found, now), f"digest of {row.person_id}")
    return settle(claimed, state, row.attempts, now)


# --- What they say: nothing of the customer, whose name stands on the page alone --------------------


def _assigned(person: User, cases: Sequence[Case]) -> EmailMultiAlternatives:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        n = len(cases)
        subject = (
            _("You are responsible for case %(code)s: %(title)s")
            % {"code": cases[0].code, "title": title_of(cases[0])}
            if n == 1
            else ngettext("You are responsible for %(n)d case", "You are responsible for %(n)d cases", n)
            % {"n": n}
        )
        context = {"subject": subject, "cases": [_line(case) for case in cases]}
        return letter(person.email, subject, "surveys/cases/mail/assigned", context)


def _digest(person: User, found: Overdue, now: datetime) -> EmailMultiAlternatives:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        n = len(found.cases) + len(found.actions)
        subject = ngettext("%(n)d thing is overdue", "%(n)d things are overdue", n) % {"n": n}
        actions = [
            {
                "code": action.code,
                "title": str(action),
                "cycle": str(action.plan.cycle),
                "due": action.due_on,
                "link": _link(action.plan.cycle.client.workspace.slug, "cycles:action", action.pk),
            }
            for action in found.actions
        ]
        cases = [_line(case) for case in found.cases]
        context = {"subject": subject, "cases": cases, "actions": actions, "day": timezone.localdate(now)}
        return letter(person.email, subject, "surveys/cases/mail/overdue", context)


def _line(case: Case) -> dict[str, object]:
    slug = case.cycle.client.workspace.slug
    by = case.solve_due_at if case.contacted_at or not case.contact_due_at else case.contact_due_at
    return {
        "code": case.code,
        "title": title_of(case),
        "cycle": str(case.cycle),
        "kind": case.get_kind_display(),
        "due": by,
        "link": _link(slug, "surveys:case", case.pk),
    }


def _link(slug: str, name: str, pk: int) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[slug, pk])}"
