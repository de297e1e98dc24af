"""Each group of customers against all the others, moment by moment (S8.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from cyclemap.text import natural
from prioritization.analysis.change import ALPHA
from prioritization.analysis.segments import SegmentDifference, against_the_rest
from prioritization.analysis.tally import Tally

# Of a segment with many values those with most answers are shown; the rest of them are "the rest".
MOST = 8
OTHERS = ""


@dataclass(frozen=True)
class Cell:
    """Satisfaction of the group less that of the rest; `p` is Holm's over groups and moments."""

    difference: float
    low: float | None
    high: float | None
    p: float | None

    @property
    def clear(self) -> bool:
        return self.p is not None and self.p < ALPHA


@dataclass(frozen=True)
class Compared:
    value: str
    n: int
    cells: tuple[Cell | None, ...]


def wanted(sizes: Mapping[str, int], shown: Sequence[str]) -> list[str]:
    """The values that get a row: the largest, in their natural order, as ages are read."""
    return sorted(sorted(shown, key=lambda value: -sizes[value])[:MOST], key=natural)


def compared(tallies: Mapping[str, Tally], rows: Sequence[str]) -> tuple[Compared, ...]:
    """`tallies` of every value of the segment, `rows` those that may be shown; () without a rest.

    Groups that are not shown are one group, which is part of everybody's rest and has no row.
    """
    others = [tally for value, tally in tallies.items() if value not in rows]
    parts = {value: tallies[value] for value in rows}
    if others:
        parts[OTHERS] = reduce(add, others)
    if len(parts) < 2 or not rows:
        return ()
    found = against_the_rest(parts)
    return tuple(
        Compared(one.segment, tallies[one.segment].respondents, cells(one))
        for one in found
        if one.segment != OTHERS
    )


def cells(one: SegmentDifference) -> tuple[Cell | None, ...]:
    d = one.difference
    return tuple(
        None if np.isnan(diff) else Cell(float(diff), number(low), number(high), number(p))
        for diff, low, high, p in zip(d.diff, d.low, d.high, one.p_holm, strict=True)
    )


def number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
