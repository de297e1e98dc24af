"""Grades: a mean weighted by importance, how sure it is, and which grade it earns.

G = sum I_m S_m / sum I_m over a run of moments (S5.4). Both are means of the same people, so the variance
is a'Va with the whole V of S1.3: dG/dS_m = I_m / sum I, dG/dI_m = (S_m - G) / sum I.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from prioritization.analysis.change import ChangeVerdict, change_verdict, hedges_g, shrunk, welch
from prioritization.analysis.crosshair import ON_LINE
from prioritization.analysis.distributions import student_cdf, student_quantile
from prioritization.analysis.estimates import Estimates
from prioritization.analysis.multiplicity import holm
from prioritization.analysis.ratings import Floats, Ints, Scale


@dataclass(frozen=True)
class Mean:
    """`v` is the variance of the mean; `n` the fewest ratings of its moments, `n_most` the most."""

    value: float
    v: float
    n: int
    n_most: int

    def interval(self, scale: Scale, confidence: float = 0.95) -> tuple[float, float]:
        """By Student's t with the fewest ratings less one, within the scale."""
        half = float(student_quantile(np.array(self.n - 1.0), (1 + confidence) / 2)) * self.v**0.5
        return max(scale.low, self.value - half), min(scale.high, self.value + half)


def mean_of(e: Estimates, members: Ints, weighted: bool = True) -> Mean | None:
    """Of the moments `members` (indices), each as important as it is; None of none."""
    if not len(members):
        return None
    s = e.satisfaction[members]
    weights = e.importance[members] if weighted else np.ones(len(members))
    total = float(weights.sum())
    if total <= 0:
        return None
    value = float(weights @ s) / total
    on_importance = (s - value) / total if weighted else None
    v = variance(e, members, weights / total, on_importance)
    n = e.n_satisfaction[members]
    return Mean(value, v, int(n.min()), int(n.max()))


def variance(e: Estimates, members: Ints, on_satisfaction: Floats, on_importance: Floats | None) -> float:
    """a'Va, over the columns that are used: another column may have no variance at all."""
    used, slopes = members + e.moments, on_satisfaction
    if on_importance is not None:
        used, slopes = np.concatenate([members, used]), np.concatenate([on_importance, slopes])
    V = e.full_covariance()[np.ix_(used, used)]
    return max(0.0, float(slopes @ V @ slopes))


@dataclass(frozen=True)
class Moved:
    """A mean in two waves over the same moments, each weighing what it weighs now."""

    before: Mean
    now: Mean


def moved(
    before: Estimates, now: Estimates, members_before: Ints, members: Ints, weighted: bool = True
) -> Moved | None:
    """What changed is the satisfaction: the weights of the later wave hold in both.

    `members_before[k]` is in `before` the moment that `members[k]` is in `now`.
    """
    if not len(members):
        return None
    s1, s2 = before.satisfaction[members_before], now.satisfaction[members]
    weights = now.importance[members] if weighted else np.ones(len(members))
    total = float(weights.sum())
    if total <= 0:
        return None
    weights = weights / total
    first, second = float(weights @ s1), float(weights @ s2)
    on_importance = ((s2 - s1) - (second - first)) / total if weighted else None
    n1, n2 = before.n_satisfaction[members_before], now.n_satisfaction[members]
    return Moved(
        Mean(first, variance(before, members_before, weights, None), int(n1.min()), int(n1.max())),
        Mean(second, variance(now, members, weights, on_importance), int(n2.min()), int(n2.max())),
    )


@dataclass(frozen=True)
class Change:
    """`p` is Holm's over the lines of the same level; None where nothing can be tested."""

    difference: float
    low: float | None
    high: float | None
    p: float | None
    verdict: ChangeVerdict


def changes(lines: Sequence[Moved | None]) -> list[Change | None]:
    """S8.1 and S8.5 over lines of one level: Welch, Holm, an effect that is not tiny, and no mere return
    of the worst to the mean."""
    there = [line for line in lines if line is not None]
    if not there:
        return [None] * len(lines)

    def column(of: Sequence[float]) -> Floats:
        return np.array(of, dtype=np.float64)

    s1, v1 = column([m.before.value for m in there]), column([m.before.v for m in there])
    s2, v2 = column([m.now.value for m in there]), column([m.now.v for m in there])
    n1, n2 = np.array([m.before.n for m in there]), np.array([m.now.n for m in there])
    found = welch(s1, v1, n1, s2, v2, n2)
    p = holm(found.p)
    g = hedges_g(found.diff, np.sqrt(v1 * n1), n1, np.sqrt(v2 * n2), n2)
    adjusted = s2 - shrunk(s1, v1)
    columns = zip(found.diff, found.low, found.high, p, g, adjusted, strict=True)
    said = iter(
        Change(
            float(diff),
            number(low),
            number(high),
            number(p_holm),
            change_verdict(float(p_holm), float(low), float(high), float(effect), float(left)),
        )
        for diff, low, high, p_holm, effect, left in columns
    )
    return [None if line is None else next(said) for line in lines]


def number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)


@dataclass(frozen=True)
class Thresholds:
    """`labels` the best first; `starts` in percent of maximum possible (S1.4): from where each of them but
    the last begins. The last begins at 0, so every score has exactly one grade.

    ValueError: not one start fewer than labels, not falling, or not between 0 and 100.
    """

    labels: tuple[str, ...]
    starts: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.starts) != len(self.labels) - 1:
            raise ValueError("every grade but the last needs its threshold")
        if any(not 0 < start <= 100 for start in self.starts):
            raise ValueError("a threshold is a percentage above 0")
        if any(later >= earlier for earlier, later in pairwise(self.starts)):
            raise ValueError("thresholds fall from grade to grade")

    def place(self, pomp: float) -> int:
        """Which grade a score earns: 0 is the best. On the line is above it."""
        return next((k for k, start in enumerate(self.starts) if pomp >= start - ON_LINE), len(self.starts))

    def chances(self, mean: Mean, scale: Scale) -> list[float]:
        """Of each grade, by the distribution behind the interval; they add up to 1."""
        pomp = float(scale.pomp(np.array(mean.value)))
        if mean.v <= 0:
            return [float(k == self.place(pomp)) for k in range(len(self.labels))]
        spread = 100 * mean.v**0.5 / (scale.high - scale.low)
        t = (pomp - np.array(self.starts)) / spread
        above = student_cdf(np.full(len(t), mean.n - 1.0), t)  # P(truth at or above each start)
        edges = [0.0, *(float(p) for p in above), 1.0]
        return [max(0.0, high - low) for low, high in pairwise(edges)]

    def grade(self, mean: Mean, scale: Scale) -> "Grade":
        """The grade of a mean; and which others its 95% interval reaches."""
        place = self.place(float(scale.pomp(np.array(mean.value))))
        low, high = (self.place(float(scale.pomp(np.array(x)))) for x in mean.interval(scale))
        p = self.chances(mean, scale)
        others = [self.labels[k] for k in range(high, low + 1) if k != place]
        return Grade(self.labels[place], place, tuple(others), p[place], self.shade(place))

    def shade(self, place: int) -> int:
        """0 for the best to 4 for the worst, however many grades there are: for colours."""
        return round(4 * place / (len(self.labels) - 1))


@dataclass(frozen=True)
class Grade:
    """`could_be` are the other grades within the interval, the best first; `p` its approximate
    probability."""

    label: str
    place: int
    could_be: tuple[str, ...]
    p: float
    shade: int = 0

    @property
    def is_sure(self) -> bool:
        return not self.could_be
