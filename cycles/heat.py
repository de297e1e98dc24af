"""Moments x the ten components of good service: where something is required, and where nobody has asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from cycles.choices import Dimension
from cycles.models import Cycle, Requirement
from cycles.outline import Entry, Outline

# Shades of the table; as many requirements of one component at one moment, or more, are the darkest.
DARKEST = 3


@dataclass(frozen=True)
class Cell:
    label: str
    count: int

    @property
    def shade(self) -> int:
        return min(self.count, DARKEST)


@dataclass(frozen=True)
class HeatRow:
    entry: Entry
    cells: list[Cell]
    # Requirements that name no component.
    loose: int

    @property
    def total(self) -> int:
        return self.entry.requirements


@dataclass(frozen=True)
class HeatStage:
    name: str
    colour: str
    rows: list[HeatRow]


@dataclass(frozen=True)
class Column:
    """One component, down the whole cycle."""

    label: str
    count: int
    without: list[Entry]
    moments: int

    @property
    def covered(self) -> int:
        return self.moments - len(self.without)


@dataclass(frozen=True)
class Heat:
    stages: list[HeatStage]
    columns: list[Column]

    @property
    def empty(self) -> list[Column]:
        """Components that no requirement of the cycle speaks of."""
        return [column for column in self.columns if not column.count]

    @property
    def patchy(self) -> list[Column]:
        return [column for column in self.columns if column.count and column.without]

    @property
    def loose(self) -> int:
        return sum(row.loose for stage in self.stages for row in stage.rows)


def heat_of(cycle: Cycle, outline: Outline) -> Heat:
    """One query beside the outline."""
    rows = Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None)
    counted = rows.order_by().values_list("moment_id", "dimension").annotate(n=Count("pk"))
    return spread(outline, {(moment, dimension): n for moment, dimension, n in counted})


def spread(outline: Outline, counts: Mapping[tuple[int, str], int]) -> Heat:
    """`counts` by moment and component; "" for requirements that name none."""
    entries = outline.entries

    def count(entry: Entry, dimension: str) -> int:
        return counts.get((entry.moment.pk, dimension), 0)

    stages = [
        HeatStage(
            str(part.stage),
            part.stage.colour,
            [
                HeatRow(
                    entry, [Cell(str(d.label), count(entry, d.value)) for d in Dimension], count(entry, "")
                )
                for entry in part.entries
            ],
        )
        for part in outline.parts
        if part.entries
    ]
    columns = [
        Column(
            str(dimension.label),
            sum(count(entry, dimension.value) for entry in entries),
            [entry for entry in entries if not count(entry, dimension.value)],
            len(entries),
        )
        for dimension in Dimension
    ]
    return Heat(stages, columns)
