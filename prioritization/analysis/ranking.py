"""How sure the order is (S5.7), how the quadrants hold under other crosshairs (S2), and the same by
resampling respondents (S6.6)."""

from dataclasses import dataclass

import numpy as np

from prioritization.analysis import indices
from prioritization.analysis.certainty import root_of
from prioritization.analysis.crosshair import (
    ON_LINE,
    Crosshair,
    CrosshairRule,
    Quadrant,
    Rule,
    centres,
    place,
    quadrant,
)
from prioritization.analysis.engine import MIN_N, visible
from prioritization.analysis.estimates import Estimates, Source
from prioritization.analysis.ratings import Bools, Floats, Ratings

DRAWS = 200_000
# Draws at a time, so that what is worked on stays in cache.
CHUNK = 4_000
# In points of a hundred: where two moments cannot differ, the first of them ranks first.
TIE = np.float32(1e-4)


@dataclass(frozen=True)
class RankCertainty:
    """Of one moment among those shown: P(rank 1), P(rank <= 3), mean rank, 95% interval of ranks."""

    p_first: float
    p_top_three: float
    mean_rank: float
    low: int
    high: int


def rank_certainty(
    e: Estimates, rng: np.random.Generator, *, min_n: int = MIN_N, draws: int = DRAWS
) -> tuple[RankCertainty | None, ...]:
    """Draws of all means from N(means, V), ranked by the default key (S5.7); None for hidden moments
    and for all when V is not known.

    In single precision, which is 1e-5 of a point: 200,000 draws err by .001 in a probability.
    """
    shown = visible(e, min_n)
    which = np.flatnonzero(shown)
    V = e.full_covariance()
    both = np.concatenate([which, which + e.moments])
    V = V[np.ix_(both, both)]
    if which.size == 0 or np.isnan(V).any():
        return (None,) * e.moments
    means = np.concatenate([e.importance[which], e.satisfaction[which]]).astype(np.float32)
    root = np.ascontiguousarray(root_of(V).T, dtype=np.float32)
    count = which.size
    counts = np.zeros(count * count, dtype=np.int64)
    place = np.arange(count)  # of the moment, and of the position
    for start in range(0, draws, CHUNK):
        size = min(CHUNK, draws - start)
        sample = means + rng.standard_normal((size, 2 * count), dtype=np.float32) @ root
        key = _key(e, sample[:, :count], sample[:, count:])
        order = np.argsort(TIE * place.astype(np.float32) - key, axis=1)
        counts += np.bincount((order + count * place).ravel(), minlength=count * count)
    table = counts.reshape(count, count).T
    out: list[RankCertainty | None] = [None] * e.moments
    ranks = np.arange(1, which.size + 1)
    for row, m in enumerate(which):
        p = table[row] / draws
        below = p.cumsum()
        out[m] = RankCertainty(
            float(p[0]),
            float(p[:3].sum()),
            float(p @ ranks),
            int(ranks[(below >= 0.025 - 1e-12).argmax()]),
            int(ranks[(below >= 0.975 - 1e-12).argmax()]),
        )
    return tuple(out)


def _key(e: Estimates, importance: Floats, satisfaction: Floats) -> Floats:
    """S5.1, or for derived importance S5.6; picks are ranked by share times the room left on the scale,
    since a draw of means holds no top-two share."""
    if e.source is Source.STATED:
        gap = indices.gap_pomp(importance, satisfaction, e.scales)
        return indices.ranking_key(importance, gap, e.scales)
    return indices.derived_priority(importance, satisfaction, e.scales.satisfaction)


def sensitivity(
    e: Estimates, *, min_n: int = MIN_N, user: tuple[float, float] | None = None
) -> dict[Rule, tuple[Quadrant | None, ...]]:
    """Quadrant of every moment under every rule of S2; the user's crosshair when there is one."""
    shown = visible(e, min_n)
    rules: dict[Rule, CrosshairRule] = {rule: rule.value for rule in Rule if rule is not Rule.USER}
    if user is not None:
        rules[Rule.USER] = ("user", *user)
    out: dict[Rule, tuple[Quadrant | None, ...]] = {}
    for rule, asked in rules.items():
        cross = place(asked, e.importance, e.satisfaction, shown, e.scales)
        out[rule] = tuple(_quadrant(e, m, cross) if shown[m] else None for m in range(e.moments))
    return out


def _quadrant(e: Estimates, m: int, cross: Crosshair) -> Quadrant:
    return quadrant(float(e.importance[m]), float(e.satisfaction[m]), cross)


def bootstrap_quadrants(
    ratings: Ratings,
    included: Bools,
    rng: np.random.Generator,
    *,
    rule: CrosshairRule = "grand_mean",
    resamples: int = 2000,
) -> Floats:
    """(M, 4) share of respondent resamples in each quadrant, order of `QuadrantProbabilities` (S6.6).

    Every resample draws R respondents with replacement and places crosshair and moments anew.
    NaN for moments not `included`. ValueError: no resamples.
    """
    if resamples < 1:
        raise ValueError("at least one resample")
    rows, moments = ratings.importance.shape
    weights = np.ones(rows) if ratings.weights is None else ratings.weights
    counts = np.zeros((moments, 4))
    x = np.column_stack([ratings.importance, ratings.satisfaction])
    there = (~np.isnan(x)).astype(np.float64)
    x = np.nan_to_num(x)
    for start in range(0, resamples, 100):
        size = min(100, resamples - start)
        times = np.stack([np.bincount(rng.integers(0, rows, rows), minlength=rows) for _ in range(size)])
        drawn = times * weights
        with np.errstate(invalid="ignore"):
            means = (drawn @ x) / (drawn @ there)
        i, s = means[:, :moments], means[:, moments:]
        c_i, c_s = _centres(rule, i[:, included], ratings, 0), _centres(rule, s[:, included], ratings, 1)
        high, right = i >= c_i - ON_LINE, s >= c_s - ON_LINE
        for column, cell in enumerate((high & ~right, high & right, ~high & ~right, ~high & right)):
            counts[:, column] += cell.sum(0)
    return np.where(included[:, None], counts / resamples, np.nan)


def _centres(rule: CrosshairRule, means: Floats, ratings: Ratings, axis: int) -> Floats:
    """(resamples, 1) crosshair on one axis: 0 importance, 1 satisfaction."""
    if isinstance(rule, tuple):
        return np.full((len(means), 1), rule[1 + axis])
    kind = Rule(rule)
    if kind is Rule.SCALE_MIDPOINT:
        scale = ratings.scales.satisfaction if axis else ratings.scales.importance
        return np.full((len(means), 1), scale.midpoint)
    return centres(kind, means)[:, None]
