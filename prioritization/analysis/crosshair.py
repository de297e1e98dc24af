"""Where the axes cross (S2), and which quadrant a point falls into (S3)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from prioritization.analysis.ratings import Bools, Floats, Scales

# A value this close to the line lies on it, whatever the noise of the last bit says.
ON_LINE = 1e-9


class Rule(StrEnum):
    GRAND_MEAN = "grand_mean"
    SCALE_MIDPOINT = "scale_midpoint"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed_mean"
    USER = "user"


class Quadrant(StrEnum):
    """Martilla and James (1977), importance upward and satisfaction to the right."""

    CONCENTRATE_HERE = "concentrate_here"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    POSSIBLE_OVERKILL = "possible_overkill"


@dataclass(frozen=True)
class Crosshair:
    rule: Rule
    importance: float
    satisfaction: float

    @property
    def moves_with_the_data(self) -> bool:
        return self.rule in (Rule.GRAND_MEAN, Rule.MEDIAN, Rule.TRIMMED_MEAN)


# A rule by name, or ("user", importance, satisfaction).
CrosshairRule = str | tuple[str, float, float]


def place(
    rule: CrosshairRule,
    importance: Floats,
    satisfaction: Floats,
    included: Bools,
    scales: Scales,
    *,
    trim: float = 0.10,
) -> Crosshair:
    """The crosshair of moments with means (M,), of which `included` (M,) count (S2).

    Data-driven rules take the mean (median, trimmed mean) of the moments' means, never of pooled
    ratings. NaN when no moment is included. ValueError: an unknown rule, or a user's point that is
    not finite.
    """
    if isinstance(rule, tuple):
        name, high, right = rule
        if name != Rule.USER or not np.isfinite([high, right]).all():
            raise ValueError(f"unknown crosshair {rule!r}")
        return Crosshair(Rule.USER, float(high), float(right))
    kind = Rule(rule)
    if kind is Rule.USER:
        raise ValueError("the user's crosshair needs its two values")
    if kind is Rule.SCALE_MIDPOINT:
        return Crosshair(kind, scales.importance.midpoint, scales.satisfaction.midpoint)
    return Crosshair(
        kind, centre(kind, importance[included], trim=trim), centre(kind, satisfaction[included], trim=trim)
    )


def centre(rule: Rule, means: Floats, *, trim: float = 0.10) -> float:
    """Centre of the moments' means (M',) along one axis by a data-driven rule."""
    return float(centres(rule, means[None, :], trim=trim)[0])


def centres(rule: Rule, means: Floats, *, trim: float = 0.10) -> Floats:
    """The same for many draws at once: (draws, M') -> (draws,)."""
    if means.shape[1] == 0:
        return np.full(means.shape[0], np.nan)
    if rule is Rule.MEDIAN:
        return np.asarray(np.median(means, axis=1))
    if rule is Rule.TRIMMED_MEAN:
        dropped = int(np.floor(trim * means.shape[1]))
        means = np.sort(means, axis=1)[:, dropped : means.shape[1] - dropped]
    return np.asarray(means.mean(axis=1))


def quadrant(importance: float, satisfaction: float, crosshair: Crosshair) -> Quadrant:
    """High is at or above the crosshair; a point on the line is high (S3)."""
    high = importance >= crosshair.importance - ON_LINE
    right = satisfaction >= crosshair.satisfaction - ON_LINE
    if high:
        return Quadrant.KEEP_UP if right else Quadrant.CONCENTRATE_HERE
    return Quadrant.POSSIBLE_OVERKILL if right else Quadrant.LOW_PRIORITY


def on_line(importance: float, satisfaction: float, crosshair: Crosshair) -> bool:
    return (
        abs(importance - crosshair.importance) <= ON_LINE
        or abs(satisfaction - crosshair.satisfaction) <= ON_LINE
    )
