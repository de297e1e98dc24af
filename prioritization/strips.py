"""Satisfaction stage by stage: one dot a moment on a line, a bar at the mean. Geometry, no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from cyclemap.svg import SATISFACTION, satisfaction_step

WIDTH, MARGIN = 230.0, 8.0


@dataclass(frozen=True)
class Dot:
    x: float
    step: int
    fill: str
    name: str


@dataclass(frozen=True)
class Strip:
    dots: tuple[Dot, ...]
    mean_x: float | None


@dataclass(frozen=True)
class Domain:
    low: float
    high: float

    def x(self, value: float) -> float:
        return round(MARGIN + (value - self.low) / (self.high - self.low) * (WIDTH - 2 * MARGIN), 1)


def domain_of(values: Sequence[float], scale: tuple[int, int]) -> Domain:
    """One stretch for all strips: from the half point below the least value to the top of the scale."""
    low = floor(min(values, default=scale[0]) * 2 - 0.2) / 2
    return Domain(max(float(scale[0]), min(low, scale[1] - 1.0)), float(scale[1]))


def strip(
    moments: Sequence[tuple[str, float]], mean: float | None, domain: Domain, scale: tuple[int, int]
) -> Strip:
    """`moments` are (name, satisfaction)."""
    dots = []
    for name, value in moments:
        step = satisfaction_step(value, *scale)
        dots.append(Dot(domain.x(value), step, SATISFACTION[step][0], name))
    return Strip(tuple(dots), None if mean is None else domain.x(mean))
