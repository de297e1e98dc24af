"""Plans into the bin and out of it: the actions of a plan go with it, at one instant, and return with it."""

from django.db import transaction
from django.utils import timezone

from cycles import ordering
from cycles.models import Action, ActionPlan
from cycles.moves import out_of_bin
from cycles.trail import BINNED, RECORDS, RESTORED


@transaction.atomic
def bin_plan(plan: ActionPlan) -> None:
    """Twice is once."""
    ordering.lock(plan.cycle_id)
    plan.refresh_from_db(fields=["deleted_at"])
    if plan.deleted_at is not None:
        return
    now = timezone.now()
    actions = list(Action.objects.filter(plan=plan, deleted_at=None))
    Action.objects.filter(pk__in=[action.pk for action in actions]).update(deleted_at=now)
    for action in actions:
        action.plan, action.deleted_at = plan, now
    RECORDS[Action].write_all(actions, BINNED, {"deleted_at": [None, str(now)]})
    plan.deleted_at = now
    plan.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_plan(plan: ActionPlan) -> None:
    """With the actions that went with it; those that were in the bin before stay there."""
    ordering.lock(plan.cycle_id)
    plan.refresh_from_db(fields=["deleted_at"])
    if (gone := plan.deleted_at) is None:
        return
    actions = list(Action.objects.filter(plan=plan, deleted_at=gone))
    Action.objects.filter(pk__in=[action.pk for action in actions]).update(deleted_at=None)
    for action in actions:
        action.plan, action.deleted_at = plan, None
    RECORDS[Action].write_all(actions, RESTORED, {"deleted_at": [str(gone), None]})
    plan.deleted_at = None
    plan.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_action(action: Action) -> None:
    """An action is never without its plan: that comes back too, without its other actions."""
    out_of_bin(action)
    if action.plan.deleted_at is not None:
        action.plan.deleted_at = None
        action.plan.save(update_fields=["deleted_at"])
