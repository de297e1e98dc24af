"""Bring a thing of a cycle back to the state it had before something happened to it; that is history too."""

from typing import Any

from django.db import IntegrityError, models, transaction

from cycles import ordering, stages
from cycles.history_words import KINDS
from cycles.models import (
    Action,
    ActionPlan,
    Cycle,
    Indicator,
    Measurement,
    Moment,
    Requirement,
    ServiceLevel,
    Stage,
)
from cycles.service_levels import settle
from cycles.trail import ADDED, DELETED, MOVED, RESTORED, RETURNED, TOOK

# Where a thing belongs and whether it is in the bin is not written as a field.
PLACES = {"id", "cycle_id", "stage_id", "moment_id", "plan_id", "client_id", "deleted_at", "number"}

# How far an action has got is decided by its own steps (`cycles.approval`), not by going back.
STEPS = {"status", "sent_back_reason", "approved_by_id", "approved_at", "launched_on", "done_on"}


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
    left = PLACES | STEPS if isinstance(thing, Action) else PLACES
    for name in model.history.model.tracked_fields:
        if name.attname not in left:
            value = before[name.attname] if name.attname in before else getattr(row, name.attname)
            setattr(thing, name.attname, still_there(name, value))
    thing.history_reason = RETURNED
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:  # its place is taken: another result of the period, another level
        raise NoWayBackError from error
    for name, keys in row.links.items():
        rows = getattr(thing, name)
        rows.set(in_cycle(rows.model, cycle).filter(pk__in=before.get(name, keys)))
    if row.history_change_reason == MOVED:
        to_place(cycle, thing, before)
    cycle.touch()
    settle(cycle)
    return thing


def still_there(field: Any, value: Any) -> Any:
    """A value of then; None for somebody, or something, that is no more."""
    value = field.to_python(value)
    points = field.is_relation and field.null and value is not None
    gone = points and not field.related_model._base_manager.filter(pk=value).exists()
    return None if gone else value


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
    elif isinstance(thing, ServiceLevel | Indicator | Measurement) and belongs(thing):
        model._base_manager.bulk_create([thing])  # told by what follows
        thing = model._base_manager.get(pk=thing.pk)
    else:
        raise NoWayBackError
    return thing


def belongs(thing: ServiceLevel | Indicator | Measurement) -> bool:
    """Whether what it is of is still there; what it only pointed to is let go."""
    if isinstance(thing, Measurement):
        levels, indicators = ServiceLevel.objects, Indicator.objects
        return bool(
            levels.filter(pk=thing.service_level_id or 0).exists()
            or indicators.filter(pk=thing.indicator_id or 0).exists()
        )
    for name in ("requirement_id", "above_id"):
        if hasattr(thing, name):
            field = thing._meta.get_field(name.removesuffix("_id"))
            setattr(thing, name, still_there(field, getattr(thing, name)))
    moment, stage = thing.moment_id, getattr(thing, "stage_id", None)
    return (not moment or Moment.objects.filter(pk=moment).exists()) and (
        not stage or Stage.everywhere.filter(pk=stage).exists()
    )
