"""Derived importance: what moves the overall satisfaction (S7). Association, never a forecast."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

import numpy as np

from prioritization.analysis.correlation import Correlations, Missing, correlations, correlations_of
from prioritization.analysis.estimates import Estimates, Source
from prioritization.analysis.ratings import Bools, Floats, Ratings, Scale
from prioritization.analysis.regression import Method, contributions, default_method, shares
from prioritization.analysis.tally import Histogram, Tally

LEAST_R2 = 0.10
PERCENT = Scale(0, 100)


class Refused(StrEnum):
    """Why there is no ranking by derived importance."""

    NO_OVERALL = "no_overall"
    TOO_FEW = "too_few"
    TOO_WEAK = "too_weak"


@dataclass(frozen=True, eq=False)
class Derived:
    """All arrays (M,), NaN for a moment that could not be used.

    value      by the method: part of R2 (LMG, relative weights), or r (pearson)
    share      value as a share of R2 (sum 1); for pearson r2 over the sum of r2
    r          correlation with the overall answer: the sign of the moment
    beta, vif, first, last, pratt   diagnostics, S7
    refused    why no ranking may be made of this, or None
    R          (K+1, K+1) the correlations of the kept moments and, last, overall
    """

    method: Method
    r2: float
    n: int
    n_min_pair: int
    missing: Missing
    delta: float
    refused: Refused | None
    value: Floats
    share: Floats
    r: Floats
    beta: Floats
    vif: Floats
    first: Floats
    last: Floats
    pratt: Floats
    kept: Bools
    R: Floats


def derive(
    source: Tally | Ratings, included: Bools, *, method: Method | str | None = None, need: int = 100
) -> Derived | None:
    """Importance of the `included` (M,) moments derived from the overall answer; None when nothing
    can be correlated at all.

    From ratings listwise where that keeps 70 %, from a tally pairwise. Method by default LMG up to
    12 moments, relative weights beyond. Refused, with the figures, when R2 < .10 or n is below
    max(`need`, 10 per moment). ValueError: a tally without cross-products, an unknown method, or LMG
    of more than 20 moments.
    """
    found: Correlations | None
    if isinstance(source, Ratings):
        found = correlations_of(source, included)
    elif source.cross is None:
        raise ValueError("derived importance needs the cross-products")
    else:
        found = correlations(source.cross, included)
    return None if found is None else relative_importance(found, method=method, need=need)


def relative_importance(
    found: Correlations, *, method: Method | str | None = None, need: int = 100
) -> Derived:
    K = len(found.R) - 1
    chosen = default_method(K) if method is None else Method(method)
    R_xx, r = found.R[:K, :K], found.R[:K, K]
    inverse = np.linalg.inv(R_xx)
    beta = inverse @ r
    r2 = float(beta @ r)
    vif = np.diag(inverse)
    value = contributions(found.R[None], chosen)[0]
    share = shares(value[None], chosen)[0]
    refused = None
    if found.n < max(need, 10 * K):
        refused = Refused.TOO_FEW
    elif r2 < LEAST_R2:
        refused = Refused.TOO_WEAK

    def spread(x: Floats) -> Floats:
        out = np.full(found.kept.shape, np.nan)
        out[found.kept] = x
        return out

    return Derived(
        chosen,
        r2,
        found.n,
        found.n_min_pair,
        found.missing,
        found.delta,
        refused,
        spread(value),
        spread(share),
        spread(r),
        spread(beta),
        spread(vif),
        spread(r**2),
        spread(beta**2 / vif),
        spread(beta * r),
        found.kept,
        found.R,
    )


def fisher_interval(r: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """tanh(atanh r -+ z/sqrt(n - 3)). ValueError: n not above 3."""
    if n <= 3:
        raise ValueError("the interval of a correlation needs more than three pairs")
    half = NormalDist().inv_cdf((1 + confidence) / 2) / sqrt(n - 3)
    centre = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    return float(np.tanh(centre - half)), float(np.tanh(centre + half))


def spearman(table: Histogram) -> Floats:
    """(M,) rank correlation of overall with each moment from the (M, KO, KS) histograms: Pearson of
    mid-ranks, exact with ties."""
    w = table.w
    out = np.full(len(w), np.nan)
    for m, cells in enumerate(w):
        total = cells.sum()
        if total <= 0:
            continue
        rows, cols = cells.sum(1), cells.sum(0)
        y, x = rows.cumsum() - rows / 2 - total / 2, cols.cumsum() - cols / 2 - total / 2
        spread = (rows @ y**2) * (cols @ x**2)
        if spread > 0:
            out[m] = (y @ cells @ x) / sqrt(spread)
    return out


def as_estimates(e: Estimates, derived: Derived, covariance: Floats | None = None) -> Estimates:
    """The moments with derived importance, in percent of R2, as their importance.

    `covariance` (2M, 2M) of [shares (0 to 1), means], from `Resampled.covariance`; without it the
    certainty is not known.
    """
    size = e.moments
    scale = np.repeat([100.0, 1.0], size)
    V = None if covariance is None else covariance * np.outer(scale, scale)
    blocks = np.full((size, 2, 2), np.nan)
    if V is not None:
        m = np.arange(size)
        blocks[:, 0, 0], blocks[:, 1, 1] = V[m, m], V[m + size, m + size]
        blocks[:, 0, 1] = blocks[:, 1, 0] = V[m, m + size]
    none = np.full(size, np.nan)
    return replace(
        e,
        scales=replace(e.scales, importance=PERCENT),
        importance=100 * derived.share,
        n_importance=np.where(derived.kept, e.n_satisfaction, 0),
        blocks=blocks,
        covariance=V,
        sd_importance=none,
        median_importance=none,
        top_two_importance=none,
        effective_importance=none,
        source=Source.DERIVED,
    )


class Meaning(StrEnum):
    """Stated against derived importance (Vavra 1997)."""

    BASIC = "basic"
    EXCITING = "exciting"
    ONE_DIMENSIONAL = "one_dimensional"


def stated_against_derived(stated: Floats, derived: Floats) -> tuple[Meaning | None, ...]:
    """Each split at its mean: stated only = basic, derived only = exciting, else one-dimensional."""
    known = ~(np.isnan(stated) | np.isnan(derived))
    if not known.any():
        return (None,) * len(stated)
    high_stated = stated >= stated[known].mean() - 1e-9
    high_derived = derived >= derived[known].mean() - 1e-9
    return tuple(
        None
        if not known[m]
        else Meaning.ONE_DIMENSIONAL
        if high_stated[m] == high_derived[m]
        else Meaning.BASIC
        if high_stated[m]
        else Meaning.EXCITING
        for m in range(len(stated))
    )
