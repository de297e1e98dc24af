"""Bring a thing of a cycle back to the state it had before something happened to it; that is history too."""

from typing import Any

from django.db import models, transaction

from cycles import ordering, stages
from cycles.history_words import KINDS
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from cycles.trail import ADDED, DELETED, MOVED, RESTORED, RETURNED, TOOK

# Where a thing belongs and whether it is in the bin is not written as a field.
PLACES = {"id", "cycle_id", "stage_id", "moment_id", "plan_id", "client_id", "deleted_at", "number"}


class NoWayBackError(Exception):
    """There was no state before, or what the thing belonged to is gone."""


@transaction.atomic
def go_back(cycle: Cycle, kind: str, row: Any) -> Any:
    """Undo what this row of history tells, and what came after it, for this thing alone."""
    if row.history_change_reason in (ADDED, RESTORED, TOOK):
        raise NoWayBackError
    ordering.lock(cycle.pk)
    model = KINDS[kind]
    thing = model._base_manager.filter(pk=row.id).first()
    if thing is None:
        thing = again(model, row)
    before = {name: pair[0] for name, pair in row.delta.items()}
    if getattr(thing, "deleted_at", None) and not before.get("deleted_at"):
        out_of_bin(thing)
    for name in model.history.model.tracked_fields:
        if name.attname not in PLACES:
            value = before[name.attname] if name.attname in before else getattr(row, name.attname)
            setattr(thing, name.attname, name.to_python(value))
    thing.history_reason = RETURNED
    thing.save()
    for name, keys in row.links.items():
        rows = getattr(thing, name)
        rows.set(in_cycle(rows.model, cycle).filter(pk__in=before.get(name, keys)))
    if row.history_change_reason == MOVED:
        to_place(cycle, thing, before)
    cycle.touch()
    return thing


def in_cycle(model: type[models.Model], cycle: Cycle) -> models.QuerySet[Any]:
    return model._base_manager.filter(**{f"{model.client_path.removesuffix('__client')}": cycle})  # type: ignore[attr-defined]


def out_of_bin(thing: Any) -> None:
    if isinstance(thing, Stage):
        stages.restore_stage(thing)
    elif isinstance(thing, Moment):
        ordering.restore_moment(thing)
    elif isinstance(thing, Requirement):
        ordering.restore_requirement(thing)
    thing.deleted_at = None


def to_place(cycle: Cycle, thing: Any, before: dict[str, Any]) -> None:
    """Where it stood: moments are counted around the wheel, the others within what they belong to."""
    place = before.get("place", 1) - 1
    if isinstance(thing, Stage):
        stages.move_stage(thing, place)
    elif isinstance(thing, Requirement):
        ordering.move_requirement(thing, place)
    elif isinstance(thing, Moment):
        stage_id = before.get("stage_id", thing.stage_id)
        for stage, moments in ordering.read_places(cycle).items():
            others = [pk for pk in moments if pk != thing.pk]
            if stage == stage_id:
                ordering.move_moment(cycle, thing.pk, stage, max(place, 0))
                return
            place -= len(others)


def again(model: type[models.Model], row: Any) -> Any:
    """A thing that left the bin for good, made anew under its old key, at the end of where it was."""
    if row.history_change_reason != DELETED and not row.deleted_at and not row.delta:
        raise NoWayBackError
    fields = {one.attname: getattr(row, one.attname) for one in row.tracked_fields}
    thing: Any = model(**fields | {"deleted_at": None} if "deleted_at" in fields else fields)
    if isinstance(thing, Stage):
        stages.insert_stage(thing)
    elif isinstance(thing, Moment) and Stage.everywhere.filter(pk=thing.stage_id).exists():
        ordering.insert_moment(thing)
    elif isinstance(thing, Requirement) and Moment.objects.filter(pk=thing.moment_id).exists():
        ordering.insert_requirement(thing)
    elif isinstance(thing, Action) and ActionPlan.objects.filter(pk=thing.plan_id).exists():
        ordering.number_action(thing)
    else:
        raise NoWayBackError
    return thing
