"""Correlations of the overall satisfaction with the moments, with ratings missing (S7)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from prioritization.analysis.estimates import ratio
from prioritization.analysis.ratings import Bools, Floats, Ratings
from prioritization.analysis.tally import Cross, columns

ENOUGH_COMPLETE = 0.70
SMALLEST_PAIR = 30
SMALLEST_EIGENVALUE = 1e-6


class Missing(StrEnum):
    """How the missing ratings were dealt with."""

    LISTWISE = "listwise"
    PAIRWISE = "pairwise"
    SHRUNK = "shrunk"


@dataclass(frozen=True, eq=False)
class Correlations:
    """Of the `kept` moments (K,) and, last, the overall answer: R (K+1, K+1).

    n          answers to overall that the figures rest on
    n_min_pair fewest respondents behind any of the correlations
    delta      how far R was shrunk towards independence, 0 unless `missing` is SHRUNK
    """

    R: Floats
    kept: Bools
    n: int
    n_min_pair: int
    missing: Missing
    delta: float


def pearson(cross: Cross) -> Floats:
    """(P, P) pairwise correlations, each over the respondents with both; NaN without spread."""
    return correlate(cross.w, cross.wx, cross.wxx, cross.wxy)


def correlate(w: Floats, wx: Floats, wxx: Floats, wxy: Floats) -> Floats:
    """The same from the sums of `Cross`, for any number of leading axes (resamples)."""
    mean = ratio(wx, w)
    other = np.swapaxes(mean, -1, -2)
    variance = ratio(wxx, w) - mean**2
    # Rounding dust of a column without spread.
    variance = np.where(variance > 1e-12 * np.maximum(mean**2, 1e-300), variance, np.nan)
    r = (ratio(wxy, w) - mean * other) / np.sqrt(variance * np.swapaxes(variance, -1, -2))
    return np.asarray(np.clip(r, -1.0, 1.0))


def correlations(
    cross: Cross, included: Bools, *, missing: Missing = Missing.PAIRWISE
) -> Correlations | None:
    """From the cross-products of the 2M + 1 columns; None when fewer than one moment can be kept.

    A moment without spread, or the one in the most pairs with fewer than 30 respondents, is left out
    until none is; then R is shrunk, R -> (1 - d) R + d 1, where its smallest eigenvalue is below 1e-6.
    """
    moments = included.shape[0]
    R, n = pearson(cross), cross.n
    last = 2 * moments
    kept = included & ~np.isnan(R[last, moments:last]) & (n[last, moments:last] >= SMALLEST_PAIR)
    while kept.any():
        which = moments + np.flatnonzero(kept)
        bad = (n[np.ix_(which, which)] < SMALLEST_PAIR) | np.isnan(R[np.ix_(which, which)])
        if not bad.any():
            break
        kept[which[int(bad.sum(1).argmax())] - moments] = False
    if not kept.any():
        return None
    which = np.append(moments + np.flatnonzero(kept), last)
    used = R[np.ix_(which, which)]
    used, delta = shrink((used + used.T) / 2)
    return Correlations(
        used,
        kept,
        int(n[last, last]),
        int(n[np.ix_(which, which)].min()),
        Missing.SHRUNK if delta > 0 else missing,
        delta,
    )


def shrink(R: Floats) -> tuple[Floats, float]:
    """The least d for which (1 - d) R + d 1 has no eigenvalue below 1e-6, and that matrix."""
    smallest = float(np.linalg.eigvalsh(R)[0])
    if smallest > SMALLEST_EIGENVALUE:
        return R, 0.0
    delta = (1.01 * SMALLEST_EIGENVALUE - smallest) / (1 - smallest)
    return (1 - delta) * R + delta * np.eye(len(R)), delta


def complete_rows(ratings: Ratings, included: Bools) -> Bools:
    """(R,) respondents with an overall answer and every included moment rated."""
    x = columns(ratings)
    wanted = np.concatenate([np.zeros(ratings.moments, dtype=bool), included, [True]])
    return np.asarray(~np.isnan(x[:, wanted]).any(axis=1))


def correlations_of(ratings: Ratings, included: Bools) -> Correlations | None:
    """Listwise when that keeps at least 70 % of those who answered overall, else pairwise (S7)."""
    rows = complete_rows(ratings, included)
    answered = 0 if ratings.overall is None else int((~np.isnan(ratings.overall)).sum())
    if answered and rows.sum() >= ENOUGH_COMPLETE * answered:
        chosen = ratings.take(rows)
        return correlations(Cross.of(columns(chosen), chosen.weights), included, missing=Missing.LISTWISE)
    return correlations(Cross.of(columns(ratings), ratings.weights), included)
