"""How far derived importance is to be trusted: respondents drawn again and again (S7)."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from prioritization.analysis.correlation import SMALLEST_EIGENVALUE, correlate
from prioritization.analysis.estimates import ratio
from prioritization.analysis.ratings import Bools, Floats, Ints, Ratings
from prioritization.analysis.regression import Method, contributions, shares
from prioritization.analysis.tally import columns


@dataclass(frozen=True, eq=False)
class Resampled:
    """Of B resamples: shares (B, M) of derived importance and means (B, M) of satisfaction."""

    share: Floats
    satisfaction: Floats

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Percentile interval of each share (M,)."""
        tail = 50 * (1 - confidence)
        return np.percentile(self.share, tail, axis=0), np.percentile(self.share, 100 - tail, axis=0)

    def covariance(self) -> Floats:
        """(2M, 2M) of [shares, means]: for ellipses and certainty on the matrix."""
        return np.atleast_2d(np.cov(np.column_stack([self.share, self.satisfaction]), rowvar=False))


@dataclass(frozen=True, eq=False)
class Grouped:
    """Sums of `Cross` (w, wx, wxx, wxy) by random group of respondents, over the M satisfactions and,
    last, overall: (G, 4, M+1, M+1), pairwise and over complete respondents only. Additive."""

    pairwise: Floats
    complete: Floats

    @classmethod
    def of(cls, ratings: Ratings, group: Ints, groups: int) -> Self:
        """`group` (R,) from 0 to groups - 1. Groups must be drawn without looking at the answers."""
        x = columns(ratings)[:, ratings.moments :]
        whole = x.copy()
        whole[np.isnan(x).any(axis=1)] = np.nan
        return cls(_sums(x, ratings.weights, group, groups), _sums(whole, ratings.weights, group, groups))

    def __add__(self, other: "Grouped") -> "Grouped":
        return Grouped(self.pairwise + other.pairwise, self.complete + other.complete)


def groups_for(moments: int) -> int:
    """As many groups as fit into about 100 MB, at most 2,000 and at least 100."""
    return int(np.clip(100e6 / (64 * (moments + 1) ** 2), 100, 2000))


def bootstrap(
    grouped: Grouped,
    kept: Bools,
    method: Method,
    rng: np.random.Generator,
    *,
    listwise: bool,
    resamples: int = 1000,
) -> Resampled:
    """Groups of respondents drawn with replacement, importance of the `kept` (M,) moments derived anew.

    With a respondent in each group this is the respondent bootstrap; with thousands in 2,000 groups it
    has the same variance for a fraction of the work. `listwise`: correlations of complete respondents.
    """
    used = np.append(np.flatnonzero(kept), kept.size)
    every = grouped.pairwise[:, :, used[:, None], used[None, :]]
    pairs = (grouped.complete if listwise else grouped.pairwise)[:, :, used[:, None], used[None, :]]
    own = every[:, :2, np.arange(used.size - 1), np.arange(used.size - 1)]
    groups = len(every)
    share, mean = np.full((resamples, kept.size), np.nan), np.full((resamples, kept.size), np.nan)
    for start in range(0, resamples, 50):
        size = min(50, resamples - start)
        drawn = rng.multinomial(groups, np.full(groups, 1 / groups), size).astype(np.float64)
        w, wx, wxx, wxy = np.moveaxis(np.tensordot(drawn, pairs, 1), 1, 0)
        R = _usable(correlate(w, wx, wxx, wxy))
        total, weighted = np.moveaxis(np.tensordot(drawn, own, 1), 1, 0)
        share[start : start + size, kept] = shares(contributions(R, method), method)
        mean[start : start + size, kept] = ratio(weighted, total)
    return Resampled(share, mean)


def _usable(R: Floats) -> Floats:
    """Resampled matrices, shrunk where they are not positive definite; no spread counts as r = 0."""
    R = np.nan_to_num(R)
    R[:, np.arange(R.shape[1]), np.arange(R.shape[1])] = 1.0
    smallest = np.linalg.eigvalsh(R)[:, :1, None]
    delta = np.where(
        smallest > SMALLEST_EIGENVALUE, 0.0, (1.01 * SMALLEST_EIGENVALUE - smallest) / (1 - smallest)
    )
    return np.asarray((1 - delta) * R + delta * np.eye(R.shape[1]))


def _sums(x: Floats, weights: Floats | None, group: Ints, groups: int) -> Floats:
    """(groups, 4, P, P), each group's respondents laid side by side and multiplied in one go."""
    width = x.shape[1]
    order = np.argsort(group, kind="stable")
    size = np.bincount(group, minlength=groups)
    deepest = int(size.max(initial=0))
    place = np.arange(len(x)) - np.repeat(size.cumsum() - size, size)
    laid = np.full((groups, deepest, width), np.nan)
    laid[group[order], place] = x[order]
    w = np.ones((groups, deepest, 1))
    if weights is not None:
        w[group[order], place, 0] = weights[order]
    there = (~np.isnan(laid)).astype(np.float64)
    laid = np.nan_to_num(laid)
    turned, turned_x = np.swapaxes(there, 1, 2), np.swapaxes(laid, 1, 2)
    return np.stack(
        [
            turned @ (w * there),
            turned_x @ (w * there),
            np.swapaxes(laid * laid, 1, 2) @ (w * there),
            turned_x @ (w * laid),
        ],
        axis=1,
    )
