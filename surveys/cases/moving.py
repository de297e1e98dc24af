"""The way of a case through its seven statuses; of two who move it at the same time, one wins.

Every change names the version it was decided on. An UPDATE that finds another version changes nothing, and
whoever sent it is told what happened meanwhile.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from surveys.cases.opening import spend
from surveys.cases.owners import may_own
from surveys.cases.policy import due, policy_of
from surveys.models import ENDED, Assignment, Case, CaseStatus, CaseStep, Origin

What = CaseStep.What


class CannotMoveError(ValueError):
    """The message is a sentence for the person who pressed the button."""


class MovedMeanwhileError(Exception):
    """Somebody else changed the case since the page was opened; `case` is as it is now."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.code)
        self.case = case


def change(case: Case, version: int, **fields: Any) -> None:
    """All of it if the case is still what it was, else nothing."""
    held = Case.objects.filter(pk=case.pk, version=version)
    if not held.update(version=F("version") + 1, **fields):
        case.refresh_from_db()
        raise MovedMeanwhileError(case)
    case.refresh_from_db()


def note(case: Case, what: What, by: User | None, **fields: Any) -> CaseStep:
    return CaseStep.objects.create(case=case, what=what, who=by, who_name=str(by or ""), **fields)


@transaction.atomic
def move(case: Case, status: str, by: User | None, version: int, now: datetime | None = None) -> bool:
    """To any status but the last two, which the customer has to be told for. False: it is there already."""
    now = now or timezone.now()
    if status == CaseStatus.CLOSED:
        raise CannotMoveError(_("First say how and when the customer was told: then the case is closed."))
    if status == CaseStatus.SURVEYED:
        raise CannotMoveError(_("This status follows by itself once the short survey has left."))
    if case.status == status:
        return False
    presents = status == CaseStatus.PRESENTED
    fields: dict[str, Any] = {"status": status, "solved_at": now if presents else None}
    if not presents:
        # Taken up again: what was told does not close it any more.
        fields |= {"closed_at": None}
    elif case.contact_due_at and not case.contacted_at:
        fields |= {"contacted_at": now}
    change(case, version, **fields)
    note(case, What.STATUS, by, status=status, at=now)
    return True


def may_be_deleted(case: Case) -> bool:
    """It was opened by hand and nothing has come of it that others know of: so it may have been a slip."""
    return (
        case.origin == Origin.HAND
        and not case.contacted_at
        and not case.notice_channel
        and not case.mails.exists()
        and not case.actions.exists()
    )


@transaction.atomic
def delete(case: Case, version: int) -> None:
    """With its notes, for good."""
    spend(case)
    change(case, version)  # of two at the same time one wins, and what is asked next holds
    if not may_be_deleted(case):
        raise CannotMoveError(
            _("Only a case opened by hand, of which the customer has heard nothing, can be deleted.")
        )
    case.delete()


@transaction.atomic
def assign(case: Case, owner: User | None, by: User, version: int) -> bool:
    """Who is responsible from now on; they get one mail, unless they said so themselves."""
    if case.owner_id == (owner.pk if owner else None):
        return False
    if owner is not None and not may_own(case.cycle.client, owner):
        raise CannotMoveError(_("Choose somebody who works on cases of this client."))
    change(case, version, owner=owner, owner_name=str(owner or ""))
    note(case, What.OWNER, by, owner_name=case.owner_name)
    if owner is not None and owner != by:
        Assignment.objects.create(case=case, person=owner, version=case.version)
    return True


@transaction.atomic
def classify(case: Case, version: int, **fields: Any) -> None:
    """Kind, moment, words, temper; a new kind has other hours."""
    if "kind" in fields and fields["kind"] != case.kind and case.status not in ENDED:
        policy = policy_of(case.cycle.client)
        known = case.contact_due_at is not None
        contact, solve = due(policy, fields["kind"], case.opened_at, is_known=known)
        fields |= {"contact_due_at": contact, "solve_due_at": solve}
    change(case, version, **fields)


@transaction.atomic
def spoke(case: Case, by: User, channel: str, text: str, key: str) -> CaseStep:
    """The customer was spoken to: the first time, the clock of contact stops."""
    known = CaseStep.objects.filter(case=case, key=key).first() if key else None
    if known is not None:
        return known
    step = note(case, What.CONTACT, by, channel=channel, text=text, key=key)
    Case.objects.filter(pk=case.pk, contacted_at=None).update(contacted_at=step.at)
    return step


@transaction.atomic
def remark(case: Case, by: User, text: str, key: str) -> CaseStep:
    """A note for those who work on it; the same form sent twice is one note."""
    known = CaseStep.objects.filter(case=case, key=key).first() if key else None
    return known or note(case, What.NOTE, by, text=text, key=key)
