"""How often each point was given, as columns. Coordinates only; bars.svg prints them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH, GAP, HEAD, FOOT = 30, 56, 5, 15, 16


@dataclass(frozen=True)
class Column:
    x: int
    y: float
    width: int
    height: float
    middle: float
    count: int
    label: str


@dataclass(frozen=True)
class Bars:
    columns: tuple[Column, ...]
    width: int

    height = HEAD + HIGH + FOOT
    ground = HEAD + HIGH
    foot = HEAD + HIGH + FOOT - 3

    @property
    def rows(self) -> list[dict[str, object]]:
        """As the stencil takes them: a zero is a number too."""
        return [
            {
                "x": c.x,
                "y": c.y,
                "width": c.width,
                "height": c.height,
                "middle": c.middle,
                "above": c.y - 4,
                "foot": self.foot,
                "count": str(c.count),
                "label": c.label,
            }
            for c in self.columns
        ]


def bars(counts: Sequence[int], labels: Sequence[str]) -> Bars:
    """The highest column is as high as there is room; nobody is a line on the ground."""
    most = max(max(counts, default=0), 1)
    wide = WIDE if len(counts) <= 7 else 24
    columns = []
    for place, (count, label) in enumerate(zip(counts, labels, strict=True)):
        high = round(HIGH * count / most, 1) if count else 1
        x = place * (wide + GAP)
        columns.append(Column(x, round(HEAD + HIGH - high, 1), wide, high, x + wide / 2, count, label))
    return Bars(tuple(columns), len(counts) * (wide + GAP) - GAP)
