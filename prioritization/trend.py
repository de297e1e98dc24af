"""How the satisfaction of each moment went, wave by wave or month by month, with its intervals (S8.7).

A small drawing a moment. Geometry, no Django. Where fewer than ten rated, there is a gap in the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from cyclemap.svg import BRAND, INK_3, LINE_2, ellipsis, num
from prioritization.analysis.change import Trend, trend

WIDTH, HEIGHT = 260.0, 92.0
LABEL_SIZE = 11.0
LEFT, RIGHT, TOP, BOTTOM = 26.0, 250.0, 8.0, 68.0


@dataclass(frozen=True)
class Reading:
    """One moment at one time; None where it may not be shown."""

    label: str
    mean: float | None
    se: float | None
    n: int

    @property
    def shown(self) -> bool:
        return self.mean is not None

    @property
    def half(self) -> float:
        if self.mean is None or not self.se or self.n < 2:
            return 0.0
        return float(student.ppf(0.975, self.n - 1)) * self.se

    @property
    def low(self) -> float | None:
        return None if self.mean is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        return None if self.mean is None else self.mean + self.half


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    top: float
    bottom: float
    reading: Reading

    @property
    def says_y(self) -> float:
        """Where its figure stands: above the interval, below it where the drawing ends."""
        return self.top - 5 if self.top > TOP + 6 else self.bottom + 14


@dataclass(frozen=True)
class Small:
    """The drawing of one moment."""

    readings: tuple[Reading, ...]
    dots: tuple[Dot, ...]
    line: str
    low: int
    high: int
    slope: Trend | None
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM
    foot: float = BOTTOM + 17
    ink: str = BRAND
    grey: str = INK_3
    hair: str = LINE_2

    @property
    def ends(self) -> tuple[Dot, ...]:
        """The first and the last, whose figures are printed."""
        return self.dots[:1] + self.dots[1:][-1:]

    @property
    def label_first(self) -> str:
        return self.written(self.readings[0].label)

    @property
    def label_last(self) -> str:
        return self.written(self.readings[-1].label)

    @staticmethod
    def written(label: str) -> str:
        """Two of them stand on one line; the whole name is in the words of the drawing."""
        return ellipsis(label, (RIGHT - LEFT) / 2 - 8, LABEL_SIZE)


def drawn(readings: Sequence[Reading], scale: tuple[int, int]) -> Small:
    """On the whole scale, so that the drawings of all moments compare."""
    low, high = scale
    step = (RIGHT - LEFT - 16) / max(1, len(readings) - 1)

    def y(value: float) -> float:
        inside = min(float(high), max(float(low), value))
        return round(BOTTOM - (inside - low) / (high - low) * (BOTTOM - TOP), 1)

    dots, path, pen = [], "", "M"
    for k, one in enumerate(readings):
        if one.mean is None or one.low is None or one.high is None:
            pen = "M"
            continue
        x = round(LEFT + 8 + k * step, 1)
        dots.append(Dot(x, y(one.mean), y(one.high), y(one.low), one))
        path += f"{pen}{num(x)} {num(y(one.mean))}"
        pen = "L"
    return Small(tuple(readings), tuple(dots), path, low, high, slope_of(readings))


def slope_of(readings: Sequence[Reading]) -> Trend | None:
    """Points of the scale from one time to the next; None for fewer than six."""
    means = np.array([np.nan if r.mean is None else r.mean for r in readings], dtype=np.float64)
    v = np.array([np.nan if r.se is None else r.se**2 for r in readings], dtype=np.float64)
    return trend(np.arange(len(readings), dtype=np.float64), means, v)
