"""What is overdue, as a condition of the database: one rule for board, list, digest and reports."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case as Choice
from django.db.models import F, OrderBy, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Client, User
from cycles.choices import OPEN_ACTION
from cycles.models import Action
from surveys.cases.owners import owners_of
from surveys.models import ENDED, Case


def overdue(now: datetime | None = None) -> Q:
    """Of a case that is not over: an hour has passed and what it was for has not happened."""
    now = now or timezone.now()
    late = Q(contacted_at=None, contact_due_at__lt=now) | Q(solved_at=None, solve_due_at__lt=now)
    return late & ~Q(status__in=ENDED)


def due_first(now: datetime) -> list[str | OrderBy | Choice]:
    """What is overdue, then by the hour that its card shows (`lines.line_of`); what shows none at the end."""
    shown = Choice(
        When(
            Q(contacted_at=None, contact_due_at__isnull=False) & ~Q(status__in=ENDED),
            then=F("contact_due_at"),
        ),
        When(Q(solved_at=None) & ~Q(status__in=ENDED), then=F("solve_due_at")),
    )
    late = Choice(When(overdue(now), then=Value(0)), default=Value(1))
    return [late, shown.asc(nulls_last=True), "pk"]


def is_overdue(case: Case, now: datetime) -> bool:
    late_contact = not case.contacted_at and case.contact_due_at is not None and case.contact_due_at < now
    late_solution = not case.solved_at and case.solve_due_at is not None and case.solve_due_at < now
    return case.is_open and (late_contact or late_solution)


@dataclass(frozen=True)
class Overdue:
    """What one person is behind with, of the clients that the person still works for."""

    cases: list[Case]
    actions: list[Action]

    def __bool__(self) -> bool:
        return bool(self.cases or self.actions)


def late_cases(now: datetime) -> QuerySet[Case]:
    return Case.objects.filter(overdue(now), cycle__deleted_at=None, owner__isnull=False)


def late_actions(today: date) -> QuerySet[Action]:
    found = Action.objects.filter(due_on__lt=today, deleted_at=None, status__in=OPEN_ACTION)
    return found.filter(plan__cycle__deleted_at=None, owner_member__isnull=False)


def people_behind(now: datetime) -> list[int]:
    """Keys of the members with anything overdue: two questions, however many there are."""
    today = timezone.localdate(now)
    people = set(late_cases(now).values_list("owner_id", flat=True))
    people |= set(late_actions(today).values_list("owner_member_id", flat=True))
    return sorted(pk for pk in people if pk)


def overdue_of(person: User, now: datetime) -> Overdue:
    """Asked again when the mail goes out: who has left a workspace is told nothing of it."""
    today = timezone.localdate(now)
    cases = late_cases(now).filter(owner=person).select_related("cycle__client__workspace", "moment")
    actions = late_actions(today).filter(owner_member=person)
    found_actions = list(actions.select_related("plan__cycle__client__workspace").order_by("due_on", "pk"))
    found_cases = list(cases.order_by("solve_due_at", "pk"))
    clients = {case.cycle.client for case in found_cases} | {a.plan.cycle.client for a in found_actions}
    there = {client.pk for client in clients if _works_for(client, person)}
    return Overdue(
        [case for case in found_cases if case.cycle.client_id in there],
        [action for action in found_actions if action.plan.cycle.client_id in there],
    )


def _works_for(client: Client, person: User) -> bool:
    return owners_of(client).filter(pk=person.pk).exists()
