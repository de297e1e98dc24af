"""Service levels and indicators within the document of a cycle: what is agreed, not what was measured.

    "service_levels": [{"key": "l1", "name": ..., "moment": "m1", "requirement": "r1", "above": "l2"}],
    "indicators": [{"key": "i1", "name": ..., "stage": "s1"}]

Who accepted when does not travel: nobody has accepted a copy. The lists are left out where they are empty.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from cycles.indicators import indicators_of
from cycles.models import Cycle, Indicator, Moment, Requirement, ServiceLevel, Stage
from cycles.service_levels import levels_of

Entry = dict[str, Any]
LEVEL_LINKS: dict[str, type[models.Model]] = {
    "moment": Moment,
    "requirement": Requirement,
    "above": ServiceLevel,
}
INDICATOR_LINKS: dict[str, type[models.Model]] = {"stage": Stage, "moment": Moment}


def agreed_in(
    cycle: Cycle,
    entry: Callable[[str, Any], Entry],
    known: Mapping[tuple[type[models.Model], int], str],
) -> Entry:
    """Two queries. `entry` makes an entry and notes its key in `known`."""
    levels = sorted(levels_of(cycle), key=lambda level: level.pk)
    said = [entry("l", level) for level in levels]
    for one, level in zip(said, levels, strict=True):
        one |= linked(level, LEVEL_LINKS, known)
    indicators = []
    for indicator in indicators_of(cycle):
        indicators.append(entry("i", indicator) | linked(indicator, INDICATOR_LINKS, known))
    found = {"service_levels": said, "indicators": indicators}
    return {name: entries for name, entries in found.items() if entries}


def linked(
    row: models.Model,
    links: Mapping[str, type[models.Model]],
    known: Mapping[tuple[type[models.Model], int], str],
) -> Entry:
    keys = {name: known.get((model, getattr(row, f"{name}_id") or 0)) for name, model in links.items()}
    return {name: key for name, key in keys.items() if key}


def agreed_from(
    document: Entry,
    cycle: Cycle,
    by_key: dict[str, models.Model],
    values: Callable[[type[models.Model], Entry], Entry],
    *,
    copy: bool,
) -> None:
    """The rows of a new cycle; `by_key` has its stages, moments and requirements."""

    def row(model: type[models.Model], one: Entry, links: Mapping[str, Any]) -> Any:
        ties = {name: by_key[one[name]] for name in links if one.get(name) and name != "above"}
        made = model(cycle=cycle, **values(model, one), **ties)
        if copy:
            made.copied_from = int(one["key"][1:])  # type: ignore[attr-defined]
        return made

    said = document.get("service_levels", [])
    levels = ServiceLevel.objects.bulk_create(row(ServiceLevel, one, LEVEL_LINKS) for one in said)
    made = {one["key"]: level for one, level in zip(said, levels, strict=True)}
    below = []
    for one, level in zip(said, levels, strict=True):
        if above := made.get(one.get("above", "")):
            level.above = above
            below.append(level)
    ServiceLevel.objects.bulk_update(below, ["above"])
    Indicator.objects.bulk_create(
        row(Indicator, one, INDICATOR_LINKS) for one in document.get("indicators", [])
    )
