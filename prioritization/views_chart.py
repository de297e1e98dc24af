"""The views of one moment on one line: a mark for each, its interval, a bar from customers to the team.

Geometry only. Marks differ by shape, not by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cyclemap.svg import num

WIDTH, HEIGHT, MARGIN = 330.0, 56.0, 14.0
# Each on a lane of its own, so that intervals do not lie on one another.
LANES = {"customer": 12.0, "staff": 24.0, "mystery_shopper": 36.0}
AXIS = 44.0
SIZE = 5.0


@dataclass(frozen=True)
class Given:
    kind: str
    mean: float
    low: float | None
    high: float | None
    title: str


@dataclass(frozen=True)
class ViewMark:
    kind: str
    path: str
    whisker: str
    title: str


@dataclass(frozen=True)
class Tick:
    x: str
    text: str


@dataclass(frozen=True)
class ViewsLine:
    marks: tuple[ViewMark, ...]
    bar: str
    ticks: tuple[Tick, ...]
    axis: str = f"M{num(MARGIN)} {num(AXIS)}H{num(WIDTH - MARGIN)}"
    width: str = num(WIDTH)
    height: str = num(HEIGHT)


def shape(kind: str, x: float, y: float) -> str:
    """Customers a disc, the team a square, visits a triangle."""
    if kind == "staff":
        return f"M{num(x - SIZE)} {num(y - SIZE)}h{num(2 * SIZE)}v{num(2 * SIZE)}h{num(-2 * SIZE)}z"
    if kind == "mystery_shopper":
        return f"M{num(x)} {num(y - SIZE)}L{num(x + SIZE)} {num(y + SIZE)}H{num(x - SIZE)}z"
    arc = f"a{num(SIZE)} {num(SIZE)} 0 1 1"
    return f"M{num(x - SIZE)} {num(y)}{arc} {num(2 * SIZE)} 0{arc} {num(-2 * SIZE)} 0z"


def views_line(given: Sequence[Given], scale: tuple[float, float]) -> ViewsLine:
    low, high = scale

    def x(value: float) -> float:
        return MARGIN + (value - low) / (high - low) * (WIDTH - 2 * MARGIN)

    marks = [
        ViewMark(
            one.kind,
            shape(one.kind, x(one.mean), LANES[one.kind]),
            ""
            if one.low is None or one.high is None
            else f"M{num(x(one.low))} {num(LANES[one.kind])}H{num(x(one.high))}",
            one.title,
        )
        for one in given
    ]
    means = {one.kind: one.mean for one in given}
    bar = ""
    if {"customer", "staff"} <= means.keys():
        bar = (
            f"M{num(x(means['customer']))} {num(LANES['customer'])}L{num(x(means['staff']))} "
            f"{num(LANES['staff'])}"
        )
    points = range(1, int(high) + 1) if low == 1 else range(0, 101, 25)
    return ViewsLine(tuple(marks), bar, tuple(Tick(num(x(point)), str(point)) for point in points))
