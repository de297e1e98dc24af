"""Moments from a table into a cycle: all of them or none, behind those that are there."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from cycles import ordering
from cycles.choices import STAGE_COLOURS
from cycles.exchange.rows import MomentRow, Planned, plan
from cycles.models import Cycle, Moment, Stage

MOST_STAGES = 12


class MovedOnError(ValueError):
    """The cycle is another than the person saw."""


def stages_of(cycle: Cycle) -> list[Stage]:
    return list(Stage.objects.filter(cycle=cycle).order_by("position"))


def too_many(planned: Sequence[Planned], stages: Sequence[Stage]) -> str:
    """Why these stages do not fit, or ""."""
    n = len(stages) + sum(one.stage is None for one in planned)
    if n <= MOST_STAGES:
        return ""
    return _("The cycle would have %(n)d stages; it may have %(most)d.") % {"n": n, "most": MOST_STAGES}


@transaction.atomic
def bring_in(cycle: Cycle, rows: Sequence[MomentRow], usual_id: int, revision: int) -> int:
    """How many moments came. MovedOnError where the cycle was changed since the person looked at it.

    So pressed twice is once.
    """
    ordering.lock(cycle.pk)
    if Cycle.objects.filter(pk=cycle.pk, revision=revision).first() is None:
        raise MovedOnError
    stages = stages_of(cycle)
    usual = next((stage for stage in stages if stage.pk == usual_id), stages[-1])
    planned = plan(rows, stages, usual)
    if why := too_many(planned, stages):
        raise ValueError(why)
    n = len(stages)
    for one in planned:
        stage = one.stage
        if stage is None:
            stage = Stage(cycle=cycle, name=one.name, position=n, phase=one.said("phase"))
            stage.colour = one.said("colour") or STAGE_COLOURS[n % len(STAGE_COLOURS)]
            stage.save()
            n += 1
        first = ordering.moments_in(stage.pk).count()
        for place, row in enumerate(one.moments, first):
            Moment(stage=stage, position=place, **row.values).save()
    cycle.touch()
    return sum(len(one.moments) for one in planned)
