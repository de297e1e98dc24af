"""Many tests in one table: Holm for claims, Benjamini and Hochberg for exploring (S6.5)."""

from collections.abc import Callable

import numpy as np

from prioritization.analysis.ratings import Floats


def holm(p: Floats) -> Floats:
    """Adjusted p: running maximum of (m - i) p_(i), i from 0 (Holm 1979). NaN stays, and does not count."""
    return _stepwise(p, lambda ordered, m: np.maximum.accumulate((m - np.arange(m)) * ordered))


def benjamini_hochberg(p: Floats) -> Floats:
    """q: running minimum from the largest of m p_(i)/i (Benjamini and Hochberg 1995)."""
    return _stepwise(
        p, lambda ordered, m: np.minimum.accumulate((m / np.arange(m, 0, -1)) * ordered[::-1])[::-1]
    )


def _stepwise(p: Floats, adjust: Callable[[Floats, int], Floats]) -> Floats:
    p = np.asarray(p, np.float64)
    out = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if known.size:
        order = known[np.argsort(p[known], kind="stable")]
        out[order] = np.minimum(adjust(p[order], known.size), 1.0)
    return out
