"""The way of an action from proposed to done: who may take which step, and that two steps at once are one.

The managers of a client approve what will be done to it; consultants propose and carry out, and nobody but a
manager sets "approved". A client without any manager in the workspace has nobody to ask: there, consultants
begin actions themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import EDITORS, Client, Membership, Role, User
from cycles.choices import ActionStatus
from cycles.models import Action

PROPOSED, APPROVED, DOING, DONE, DROPPED = (
    ActionStatus.PROPOSED.value,
    ActionStatus.APPROVED.value,
    ActionStatus.DOING.value,
    ActionStatus.DONE.value,
    ActionStatus.DROPPED.value,
)
# Proposed, and a manager has said why it is not approved yet.
SENT_BACK = "sent_back"
STATES = (PROPOSED, SENT_BACK, APPROVED, DOING, DONE, DROPPED)


class Rule(Enum):
    """When consultants and owners may take a step."""

    ALWAYS = "always"
    WHERE_NOBODY_APPROVES = "where nobody approves"
    NEVER = "never"


@dataclass(frozen=True)
class Step:
    editors: Rule
    managers: bool


FREE = Step(Rule.ALWAYS, True)
APPROVAL = Step(Rule.NEVER, True)  # and sending back: the managers' alone
BEGIN = Step(Rule.WHERE_NOBODY_APPROVES, True)  # a manager approves by it
WITHDRAW = Step(Rule.ALWAYS, False)  # a manager says why, and so sends back

# Every step there is; any other is refused to everybody.
STEPS: dict[tuple[str, str], Step] = {
    (PROPOSED, APPROVED): APPROVAL,
    (PROPOSED, SENT_BACK): APPROVAL,
    (PROPOSED, DOING): BEGIN,
    (PROPOSED, DONE): BEGIN,
    (PROPOSED, DROPPED): FREE,
    (SENT_BACK, PROPOSED): FREE,
    (SENT_BACK, APPROVED): APPROVAL,
    (SENT_BACK, DOING): BEGIN,
    (SENT_BACK, DONE): BEGIN,
    (SENT_BACK, DROPPED): FREE,
    (APPROVED, PROPOSED): WITHDRAW,
    (APPROVED, SENT_BACK): APPROVAL,
    (APPROVED, DOING): FREE,
    (APPROVED, DONE): FREE,
    (APPROVED, DROPPED): FREE,
    (DOING, PROPOSED): WITHDRAW,
    (DOING, SENT_BACK): APPROVAL,
    (DOING, APPROVED): APPROVAL,
    (DOING, DONE): FREE,
    (DOING, DROPPED): FREE,
    (DONE, DOING): FREE,
    (DROPPED, PROPOSED): FREE,
    (DROPPED, APPROVED): APPROVAL,
}

LABELS = {SENT_BACK: gettext_lazy("Sent back"), **dict(ActionStatus.choices)}


class StepRefusedError(Exception):
    """Why a step is not this member's to take, as a sentence."""


class OvertakenError(Exception):
    """Somebody else took a step first; what happened, as a sentence."""


def state_of(action: Action) -> str:
    return SENT_BACK if action.status == PROPOSED and action.sent_back_reason else str(action.status)


def label_of(state: str) -> str:
    return str(LABELS[state])


def managers_of(client: Client) -> list[User]:
    """Who approves what is done to a client. One query."""
    mine = models.Q(memberships__workspace=client.workspace_id, memberships__client=client.pk)
    found = User.objects.filter(mine, memberships__role=Role.MANAGER, is_active=True)
    return list(found.order_by("name", "email").distinct())


def allowed(state: str, target: str, role: str, *, approved_here: bool) -> bool:
    """Whether a member of that role may take that step. `approved_here`: the client has managers."""
    step = STEPS.get((state, target))
    if step is None:
        return False
    if role == Role.MANAGER:
        return step.managers
    if role not in EDITORS:
        return False
    return step.editors is Rule.ALWAYS or (step.editors is Rule.WHERE_NOBODY_APPROVES and not approved_here)


def targets(state: str, role: str, *, approved_here: bool) -> list[str]:
    return [target for target in STATES if allowed(state, target, role, approved_here=approved_here)]


def refusal(state: str, target: str, role: str) -> str:
    if (state, target) not in STEPS:
        said = {"before": label_of(state), "after": label_of(target)}
        return _("An action does not go from “%(before)s” to “%(after)s” in one step.") % said
    if role == Role.MANAGER:
        return _("To take an action back from the work, send it back and say why.")
    if target in (APPROVED, SENT_BACK):
        return _("Only the managers of the client approve actions or send them back.")
    return _("It begins once a manager of the client has approved it.")


def take(
    action: Action, opened_at: str, target: str, member: Membership, *, approved_here: bool, reason: str = ""
) -> bool:
    """Take a step from the state that the form was opened at. False: it stood there, by the same person.

    StepRefusedError: not theirs to take. OvertakenError: it is not in that state any more. The state is
    compared and set by one statement, so of two who press at once one wins.
    """
    if state_of(action) == target != opened_at and last_step(action).by == member.user_id:
        return False
    if state_of(action) != opened_at:
        raise OvertakenError(what_happened(action))
    if target == opened_at:
        return False
    if not allowed(opened_at, target, member.role, approved_here=approved_here):
        raise StepRefusedError(refusal(opened_at, target, member.role))
    before = {"status": action.status, "sent_back_reason": action.sent_back_reason}
    put(action, target, member, reason)
    with transaction.atomic():
        won = Action.objects.filter(pk=action.pk, deleted_at=None, **before).update(
            status=action.status, sent_back_reason=action.sent_back_reason
        )
        if not won:
            action.refresh_from_db()
            raise OvertakenError(what_happened(action))
        action.save(update_fields=[*before, "approved_by", "approved_at", "launched_on", "done_on"])
    return True


def put(action: Action, target: str, member: Membership, reason: str) -> None:
    """The fields that go with a state."""
    today = timezone.localdate()
    is_manager = member.role == Role.MANAGER
    action.status = ActionStatus.PROPOSED if target == SENT_BACK else ActionStatus(target)
    action.sent_back_reason = reason if target == SENT_BACK else ""
    if action.status == PROPOSED:
        action.approved_by, action.approved_at = None, None
    elif action.status in (APPROVED, DOING, DONE) and is_manager and action.approved_at is None:
        action.approved_by, action.approved_at = member.user, timezone.now()
    if action.status in (DOING, DONE) and action.launched_on is None:
        action.launched_on = today
    if action.status != DONE:
        action.done_on = None
    elif action.done_on is None:
        action.done_on = today


@dataclass(frozen=True)
class Last:
    """The latest step of an action, as its history knows it."""

    by: int | None = None
    author: str = ""
    at: datetime | None = None


def last_step(action: Action) -> Last:
    rows = action.history.order_by("-history_date", "-history_id")[:20]  # type: ignore[attr-defined]
    for row in rows:
        if {"status", "sent_back_reason"} & set(row.delta):
            return Last(row.history_user_id, row.author, row.history_date)
    return Last()


def what_happened(action: Action) -> str:
    last, said = last_step(action), {"action": action.code, "status": label_of(state_of(action))}
    if not last.author or last.at is None:
        return _("%(action)s is now “%(status)s”. Your change was not made.") % said
    return _("%(who)s set %(action)s to “%(status)s” first. Your change was not made.") % (
        said | {"who": last.author}
    )
