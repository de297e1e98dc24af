"""Long lists of boxes to tick."""

from dataclasses import dataclass
from itertools import groupby

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _

from cycles.models import Stage

register = template.Library()


@dataclass(frozen=True)
class Ticks:
    name: str
    boxes: list[BoundWidget]
    count: int | None = None


@register.filter
def ticks(field: BoundField) -> list[Ticks]:
    """Moments or requirements: what is ticked already, then the rest by stage, in the order of the map."""
    boxes = list(field)
    ticked = [box for box in boxes if box.data["selected"]]
    others = groupby((box for box in boxes if not box.data["selected"]), key=stage_of)
    first = [Ticks(_("Already ticked"), ticked, len(ticked))] if ticked else []
    return first + [Ticks(str(stage), list(group)) for stage, group in others]


def stage_of(box: BoundWidget) -> Stage:
    thing = box.data["value"].instance
    stage: Stage = getattr(thing, "moment", thing).stage
    return stage
