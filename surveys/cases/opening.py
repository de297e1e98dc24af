"""The one door by which a case comes into being: from a worker, by hand, one day from another system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from cycles.models import Cycle, Moment
from surveys.anonymity import coarse
from surveys.cases.causes import seed
from surveys.cases.policy import due
from surveys.models import (
    Assignment,
    Case,
    CaseKind,
    CasePolicy,
    CaseStatus,
    CaseStep,
    Contact,
    Origin,
    Response,
)


@dataclass(frozen=True)
class Opened:
    """`is_new` is false where the answer had its case already: there is never a second one."""

    case: Case
    is_new: bool


def open_case(
    cycle: Cycle,
    *,
    kind: str = CaseKind.COMPLAINT,
    origin: str = Origin.HAND,
    moment: Moment | None = None,
    response: Response | None = None,
    contact: Contact | None = None,
    reasons: Sequence[dict[str, Any]] = (),
    title: str = "",
    description: str = "",
    language: str = "",
    owner: User | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> Opened:
    """Of an answer that has a case, that case. Everything or nothing is written.

    Cases of a client are opened one after the other: its row is held, so that no number is given twice and
    whoever comes second finds the case of the first. The database refuses a second one in any case.
    """
    nameless = response is not None and response.wave.survey.is_anonymous
    if response is not None and not nameless and contact is None and response.invitation is not None:
        contact = response.invitation.contact
    # Of an anonymous answer an hour would say when it came, and so perhaps from whom.
    opened_at = coarse(at) if nameless else at or timezone.now()
    with transaction.atomic():
        policy = _held(cycle)
        if response is not None and (known := Case.objects.filter(response=response).first()):
            return Opened(known, is_new=False)
        contact_due, solve_due = due(policy, kind, opened_at, is_known=contact is not None)
        case = Case.objects.create(
            cycle=cycle,
            number=_next_number(policy, cycle),
            kind=kind,
            origin=origin,
            moment=moment,
            response=response,
            contact=None if nameless else contact,
            reasons=list(reasons),
            title=title,
            description=description,
            language=language
            or (response.language if response else "")
            or (contact.language if contact else ""),
            owner=owner,
            owner_name=str(owner or ""),
            opened_at=opened_at,
            opened_by=by,
            contact_due_at=contact_due,
            solve_due_at=solve_due,
        )
        _first_step(case)
    return Opened(case, is_new=True)


def _next_number(policy: CasePolicy, cycle: Cycle) -> int:
    there = Case.objects.filter(cycle=cycle).aggregate(n=Max("number"))["n"] or 0
    return int(max(there, policy.spent.get(str(cycle.pk), 0))) + 1


def spend(case: Case) -> None:
    """Its number is not given again. Called before the case is held, as opening holds its rows."""
    policy, cycle = _held(case.cycle), str(case.cycle_id)
    policy.spent[cycle] = max(case.number, policy.spent.get(cycle, 0))
    policy.save(update_fields=["spent"])


def _first_step(case: Case) -> None:
    """Whoever is given it by somebody else is told."""
    CaseStep.objects.create(
        case=case,
        what=CaseStep.What.OPENED,
        status=CaseStatus.CAPTURED,
        owner_name=case.owner_name,
        at=case.opened_at,
        who=case.opened_by,
        who_name=str(case.opened_by or ""),
    )
    if case.owner is not None and case.owner != case.opened_by:
        Assignment.objects.create(case=case, person=case.owner, version=case.version)


def _held(cycle: Cycle) -> CasePolicy:
    """The client's row, held until the case is written; its first case brings the list of causes."""
    policy, is_new = CasePolicy.objects.get_or_create(client=cycle.client)
    if is_new:
        seed(cycle.client)
    return CasePolicy.objects.select_for_update().get(pk=policy.pk)
