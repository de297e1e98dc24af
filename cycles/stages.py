"""Stages: their places, the bin, split and merge; between 2 and 12 of them, whoever works at the same time.

Like `ordering`, each function is one transaction under the lock on the cycle's row.
"""

from collections.abc import Collection

from django.db import models, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from cycles.models import Cycle, Moment, Stage
from cycles.moves import binned_moments, restored_moments, took_moments
from cycles.ordering import FAR, arrange, keys, lock, moments_in, shifted
from cycles.trail import MOVED, note

FEWEST = 2
MOST = 12


class TooManyError(Exception):
    """One stage more would be one too many."""


class TooFewError(Exception):
    """One stage less would be one too few."""


def in_place(cycle_id: int) -> models.QuerySet[Stage]:
    return Stage.objects.filter(cycle=cycle_id)


@transaction.atomic
def insert_stage(stage: Stage, place: int | None = None) -> Stage:
    """Save a stage at a place of its cycle, or at the end. TooManyError at the limit."""
    lock(stage.cycle_id)
    rows = in_place(stage.cycle_id)
    order = keys(rows)
    if len(order) >= MOST:
        raise TooManyError
    stage.position = len(order)
    stage.save()
    if place is not None:
        arrange(rows, shifted([*order, stage.pk], stage.pk, place))
        stage.refresh_from_db(fields=["position"], from_queryset=Stage.everywhere.all())
    return stage


@transaction.atomic
def move_stage(stage: Stage, place: int) -> None:
    lock(stage.cycle_id)
    rows = in_place(stage.cycle_id)
    order = keys(rows)
    if stage.pk in order:
        moved = shifted(order, stage.pk, place)
        arrange(rows, moved)
        note(stage, MOVED, place=[order.index(stage.pk) + 1, moved.index(stage.pk) + 1])


@transaction.atomic
def remove_stage(stage: Stage) -> int | None:
    """Into the bin, with its moments. Answers the place it had, or None if it lay there already."""
    lock(stage.cycle_id)
    order = keys(in_place(stage.cycle_id))
    if stage.pk not in order:
        return None
    if len(order) <= FEWEST:
        raise TooFewError
    into_bin(stage, order)
    return stage.last_position


def into_bin(stage: Stage, order: list[int]) -> None:
    """The stage, and what moments are in it, at one instant: by it they find each other again."""
    stage.deleted_at = timezone.now()
    stage.last_position, stage.position = order.index(stage.pk), None
    binned_moments(list(moments_in(stage.pk).select_related("stage")))
    moments_in(stage.pk).update(last_position=F("position"), position=None, deleted_at=stage.deleted_at)
    stage.save(update_fields=["deleted_at", "last_position", "position"])
    arrange(in_place(stage.cycle_id), [pk for pk in order if pk != stage.pk])


def binned_with(stage: Stage) -> models.QuerySet[Moment]:
    """The moments that went into the bin with their stage."""
    return Moment.objects.filter(stage=stage.pk, deleted_at=stage.deleted_at, deleted_at__isnull=False)


@transaction.atomic
def restore_stage(stage: Stage, place: int | None = None, take_back: Collection[int] = ()) -> bool:
    """Out of the bin, with the moments that went with it. False if it was not there.

    `take_back`: moments that a merge gave to another stage of the cycle.
    """
    lock(stage.cycle_id)
    stage.refresh_from_db(
        fields=["position", "deleted_at", "last_position"], from_queryset=Stage.everywhere.all()
    )
    if stage.deleted_at is None:
        return False
    gone = list(binned_with(stage).order_by("last_position", "pk").select_related("stage"))
    stage.deleted_at = None
    insert_stage(stage, stage.last_position if place is None else place)
    if gone:
        restored_moments(gone)
        places = Case(*(When(pk=moment.pk, then=Value(n)) for n, moment in enumerate(gone)))
        Moment.objects.filter(pk__in=[moment.pk for moment in gone]).update(position=places, deleted_at=None)
    take_over(stage, take_back)
    return True


def take_over(stage: Stage, moments: Collection[int]) -> None:
    """Move moments of the same cycle to the end of this stage, in their order."""
    rows = Moment.objects.filter(pk__in=moments, stage__cycle=stage.cycle_id, deleted_at=None)
    coming = list(rows.exclude(stage=stage).order_by("stage__position", "position"))
    here = keys(moments_in(stage.pk))
    if not coming:
        return
    took_moments(stage, [moment.pk for moment in coming])
    far = Case(*(When(pk=moment.pk, then=Value(FAR + n)) for n, moment in enumerate(coming)))
    Moment.objects.filter(pk__in=[moment.pk for moment in coming]).update(stage=stage, position=far)
    for left in {m.stage_id for m in coming}:
        arrange(moments_in(left), keys(moments_in(left)))
    arrange(moments_in(stage.pk), [*here, *(m.pk for m in coming)])


@transaction.atomic
def split_stage(stage: Stage, new: Stage, moment_id: int) -> bool:
    """The moment and those after it become the stage `new`, right behind. False if that leaves one empty."""
    lock(stage.cycle_id)
    order = keys(moments_in(stage.pk))
    at = order.index(moment_id) if moment_id in order else 0
    if not at:
        return False
    place = keys(in_place(stage.cycle_id)).index(stage.pk) + 1
    insert_stage(new, place)
    take_over(new, order[at:])
    return True


@transaction.atomic
def merge_stage(stage: Stage) -> tuple[Stage, list[int]] | None:
    """Take over the moments of the next stage, which goes into the bin. None where there is no next.

    Answers that stage and the keys of those moments, so that it can be undone.
    """
    lock(stage.cycle_id)
    order = keys(in_place(stage.cycle_id))
    if stage.pk not in order or stage.pk == order[-1]:
        return None
    if len(order) <= FEWEST:
        raise TooFewError
    other = Stage.objects.get(pk=order[order.index(stage.pk) + 1])
    moved = keys(moments_in(other.pk))
    take_over(stage, moved)
    into_bin(other, order)
    return other, moved


def n_stages(cycle: Cycle) -> int:
    return in_place(cycle.pk).count()
