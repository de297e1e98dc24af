"""One case as a card or a row shows it, to whoever reads: viewers see no person."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import EDITORS, Membership, Role
from surveys.cases.overdue import is_overdue
from surveys.cases.words import title_of
from surveys.models import Case, FollowUp

WORKERS = EDITORS | {Role.MANAGER}


def works_on_cases(member: Membership) -> bool:
    """Sees whom it is about, and changes it."""
    return member.role in WORKERS


@dataclass(frozen=True)
class Line:
    case: Case
    title: str
    person: str
    url: str
    is_late: bool
    # What is due next, where anything is: the hour, and whether it is for the contact.
    due_at: datetime | None
    due_is_contact: bool
    follow_up: FollowUp | None

    @property
    def said_unsolved(self) -> bool:
        return bool(self.follow_up and self.follow_up.solved is False)


def line_of(case: Case, member: Membership, now: datetime) -> Line:
    works = works_on_cases(member)
    waits_for_contact = case.is_open and case.contact_due_at is not None and not case.contacted_at
    due_at = case.contact_due_at if waits_for_contact else case.solve_due_at
    return Line(
        case,
        # Who types a title may put a name into it.
        title_of(case, as_written=works),
        str(case.contact) if case.contact and works else "",
        member.url("surveys:case", case.pk),
        is_overdue(case, now),
        due_at if case.is_open and (waits_for_contact or not case.solved_at) else None,
        waits_for_contact,
        getattr(case, "follow_up", None),
    )
