"""Groups against the rest, and the change that remains when the mix of groups is held still (S8.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from prioritization.analysis.change import Difference, hedges_g, welch
from prioritization.analysis.estimates import Estimates, estimate
from prioritization.analysis.headline import z_of
from prioritization.analysis.multiplicity import benjamini_hochberg, holm
from prioritization.analysis.ratings import Bools, Floats
from prioritization.analysis.tally import Tally


@dataclass(frozen=True, eq=False)
class SegmentDifference:
    """Satisfaction of a segment less that of everyone else, per moment (M,); NaN where suppressed."""

    segment: str
    difference: Difference
    hedges_g: Floats
    p_holm: Floats
    q: Floats


def against_the_rest(tallies: Mapping[str, Tally], *, min_n: int = 10) -> tuple[SegmentDifference, ...]:
    """Welch of each segment against the rest (never against the total, which contains it), Holm and
    Benjamini-Hochberg over segments x moments. ValueError: fewer than two segments."""
    if len(tallies) < 2:
        raise ValueError("a segment needs a rest to be compared with")
    names = list(tallies)
    found: list[tuple[Difference, Floats]] = []
    for name in names:
        own = estimate(tallies[name])
        rest = estimate(reduce(add, (tallies[other] for other in names if other != name)))
        shown = (own.n_satisfaction >= min_n) & (rest.n_satisfaction >= min_n)
        difference = welch(
            np.where(shown, rest.satisfaction, np.nan),
            rest.blocks[:, 1, 1],
            rest.n_satisfaction,
            np.where(shown, own.satisfaction, np.nan),
            own.blocks[:, 1, 1],
            own.n_satisfaction,
        )
        p = np.where(shown, difference.p, np.nan)
        difference = Difference(
            difference.first,
            difference.second,
            difference.diff,
            difference.se,
            difference.df,
            difference.low,
            difference.high,
            p,
        )
        g = hedges_g(
            difference.diff,
            rest.sd_satisfaction,
            rest.n_satisfaction,
            own.sd_satisfaction,
            own.n_satisfaction,
        )
        found.append((difference, g))
    table = np.stack([difference.p for difference, _ in found])
    strict, explored = (adjust(table.ravel()).reshape(table.shape) for adjust in (holm, benjamini_hochberg))
    return tuple(
        SegmentDifference(name, difference, g, strict[k], explored[k])
        for k, (name, (difference, g)) in enumerate(zip(names, found, strict=True))
    )


@dataclass(frozen=True, eq=False)
class StandardisedChange:
    """Change per moment (M,) with every stratum at its share of the first wave; normal interval."""

    diff: Floats
    se: Floats
    low: Floats
    high: Floats


def post_stratified_change(
    before: Mapping[str, Tally], after: Mapping[str, Tally], *, confidence: float = 0.95
) -> StandardisedChange:
    """sum_h pi_h (S2_h - S1_h) with pi_h the first wave's share of stratum h (S8.6, against Simpson).

    Shares are of the rated weight of each moment, over strata with ratings in both waves.
    ValueError: no stratum in both waves.
    """
    strata = [name for name in before if name in after]
    if not strata:
        raise ValueError("the waves share no stratum")
    first = [estimate(before[name]) for name in strata]
    second = [estimate(after[name]) for name in strata]
    size = np.stack([_rated_weight(before[name]) for name in strata])
    both = np.stack([_known(a) & _known(b) for a, b in zip(first, second, strict=True)])
    pi = np.where(both, size, 0.0)
    with np.errstate(invalid="ignore"):
        pi = pi / pi.sum(0)
    changes = np.stack(
        [np.nan_to_num(b.satisfaction - a.satisfaction) for a, b in zip(first, second, strict=True)]
    )
    variances = np.stack(
        [np.nan_to_num(a.blocks[:, 1, 1] + b.blocks[:, 1, 1]) for a, b in zip(first, second, strict=True)]
    )
    diff, se = (pi * changes).sum(0), np.sqrt((pi**2 * variances).sum(0))
    half = z_of(confidence) * se
    return StandardisedChange(diff, se, diff - half, diff + half)


def _rated_weight(tally: Tally) -> Floats:
    return np.asarray(tally.joint.w[:, :, : tally.scales.satisfaction.points].sum((1, 2)))


def _known(e: Estimates) -> Bools:
    return np.asarray(e.n_satisfaction >= 2)
