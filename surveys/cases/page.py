"""Everything that the page of one case shows, to whoever reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Membership
from cycles.discussion import new_key
from surveys.case_forms import CausesForm, CloseForm, FactsForm, NoteForm, OwnerForm, SpokeForm
from surveys.cases.answers import answers_of
from surveys.cases.board import COLUMN_OF, NAMES
from surveys.cases.closing import MAIL_KIND
from surveys.cases.lines import line_of, works_on_cases
from surveys.cases.moving import may_be_deleted
from surveys.cases.owners import may_own
from surveys.cases.words import reasons_of
from surveys.models import Case, CaseStatus, CaseStep, Item, MailState, OutgoingMail


@dataclass(frozen=True)
class Clock:
    """By when something is due, when it was done, and whether that is late."""

    due_at: datetime | None
    done_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Spent:
    status: str
    label: str
    hours: float


def page_of(case: Case, member: Membership) -> dict[str, Any]:
    now = timezone.now()
    works = works_on_cases(member)
    steps = list(case.steps.all())
    line = line_of(case, member, now)
    reasons, answers = _reasons(case), answers_of(case.response) if works else None
    mail = OutgoingMail.objects.filter(case=case, kind=MAIL_KIND).order_by("-round").first()
    return {
        "cycle": case.cycle,
        "case": case,
        "line": line,
        "column": NAMES[COLUMN_OF[CaseStatus(case.status)]],
        # What the title says already is not said again where more follows.
        "reasons": [] if answers and reasons == [line.title] else reasons,
        "answers": answers,
        "steps": steps,
        "spent": time_in_each(case, steps, now),
        "contact_clock": _clock(case, case.contact_due_at, case.contacted_at, now),
        "solve_clock": _clock(case, case.solve_due_at, case.solved_at, now),
        "causes": list(case.causes.all()),
        "actions": list(case.actions.filter(deleted_at=None)),
        "mail": mail,
        "mail_in_doubt": bool(mail and mail.state == MailState.UNCONFIRMED and mail.settled_at is None),
        "wants_owner": case.is_open and case.owner_id is None and case.contacted_at is None,
        "owner_gone": bool(case.owner and not may_own(case.cycle.client, case.owner)),
        "statuses": [c for c in CaseStatus.choices if c[0] not in (CaseStatus.CLOSED, CaseStatus.SURVEYED)],
        "may_work": works,
        "may_delete": works and may_be_deleted(case),
        "is_editor": member.is_editor,
        "tab_here": "",
        **(_forms(case) if works else {}),
    }


def _forms(case: Case) -> dict[str, Any]:
    return {
        "owner_form": OwnerForm(case=case),
        "note_form": NoteForm(),
        "spoke_form": SpokeForm(),
        "facts_form": FactsForm(instance=case, cycle=case.cycle, prefix="facts"),
        "causes_form": CausesForm(case=case),
        "close_form": CloseForm(case=case),
        "note_key": new_key(),
        "spoke_key": new_key(),
    }


def _reasons(case: Case) -> list[str]:
    keys = [reason["item"] for reason in case.reasons if "item" in reason]
    items = Item.objects.filter(pk__in=keys) if keys else []
    return reasons_of(case, items, (get_language() or "es")[:2])


def _clock(case: Case, due_at: datetime | None, done_at: datetime | None, now: datetime) -> Clock:
    end = done_at or (now if case.is_open else case.closed_at) or now
    return Clock(due_at, done_at, bool(due_at and end > due_at))


def time_in_each(case: Case, steps: list[CaseStep], now: datetime) -> list[Spent]:
    """Hours in every status it has been in, all its stays together; the clock of the one it is in runs on."""
    changes = [(step.status, step.at) for step in steps if step.status and step.what != CaseStep.What.CONTACT]
    hours: dict[str, float] = {}
    for place, (status, at) in enumerate(changes):
        last = changes[place + 1][1] if place + 1 < len(changes) else now
        if place + 1 == len(changes) and not case.is_open:
            last = at
        hours[status] = hours.get(status, 0.0) + max(0.0, (last - at).total_seconds() / 3600)
    return [
        Spent(status, str(label), hours[status]) for status, label in CaseStatus.choices if status in hours
    ]
