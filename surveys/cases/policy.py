"""How a client handles its cases: hours to contact and to solve, when an action is proposed."""

from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import Client
from surveys.models import Case, CaseKind, CasePolicy, CaseStatus

# Hours to contact the customer, and to present a solution.
USUAL_HOURS: dict[str, tuple[int, int]] = {
    CaseKind.QUESTION: (24, 72),
    CaseKind.COMPLAINT: (8, 72),
    CaseKind.REQUEST: (24, 120),
    CaseKind.LOW_SCORE: (48, 120),
}
MOST_HOURS = 24 * 90


def policy_of(client: Client) -> CasePolicy:
    """The client's own, or the usual one, unsaved."""
    return CasePolicy.objects.filter(client=client).first() or CasePolicy(client=client)


def hours_of(policy: CasePolicy, kind: str) -> tuple[int, int]:
    usual = USUAL_HOURS[kind]
    own = policy.hours.get(kind) or usual
    return int(own[0]), int(own[1])


def due(
    policy: CasePolicy, kind: str, opened_at: datetime, *, is_known: bool
) -> tuple[datetime | None, datetime]:
    """By when to contact and to solve. The clock runs day and night and is never paused."""
    contact, solve = hours_of(policy, kind)
    by_contact = opened_at + timedelta(hours=contact) if is_known else None
    return by_contact, opened_at + timedelta(hours=solve)


def apply_to_open(policy: CasePolicy) -> None:
    """New hours hold for what is not over yet, counted from each opening: one statement a kind."""
    for kind in CaseKind.values:
        contact, solve = (timedelta(hours=hours) for hours in hours_of(policy, kind))
        running = Case.objects.filter(cycle__client=policy.client_id, kind=kind)
        running = running.exclude(status__in=[CaseStatus.CLOSED, CaseStatus.SURVEYED])
        running.update(solve_due_at=F("opened_at") + solve)
        running.filter(contact_due_at__isnull=False).update(contact_due_at=F("opened_at") + contact)
