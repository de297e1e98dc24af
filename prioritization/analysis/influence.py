"""How sure derived importance is, from how much each respondent moves it (S1.3 carried over to S7).

The shares are a smooth function of the correlations, and these of the respondents: the sum of the
squared influences is the variance (delta method, infinitesimal jackknife: Jaeckel 1972, Efron 1982),
as V is for means. No normality is assumed and nothing is drawn.
"""

import numpy as np

from prioritization.analysis.estimates import known, ratio
from prioritization.analysis.importance import Derived
from prioritization.analysis.ratings import Floats
from prioritization.analysis.regression import Method, contributions, shares

STEP = 1e-5
# Correlation matrices at a time: 2^12 regressions each take 0.3 MB or so.
AT_ONCE = 32


def covariance_of_shares(x: Floats, derived: Derived, respondents: int) -> Floats:
    """(2M, 2M) of [shares (0 to 1), means of satisfaction], NaN for moments that were not kept.

    x            (S, M + 1) satisfactions and, last, overall; NaN where there is none: all of the
                 respondents that `derived` is of, or a random part of them
    respondents  how many they all are: of a part the covariance shrinks by S/respondents
    """
    moments = derived.kept.size
    used = np.append(np.flatnonzero(derived.kept), moments)
    x = x[:, used]
    there = (~np.isnan(x)).astype(np.float64)
    # About the mean, since the products below would lose digits far from it.
    x = known(x - ratio(known(x).sum(0), there.sum(0)))
    slopes = gradient(derived.R, derived.method) * (1 - derived.delta)
    share = np.zeros((len(x), used.size - 1))
    for j in range(1, used.size):
        share += correlation_influence(x, there, j) @ slopes[j, :j]
    n = there.sum(0)
    mean = x[:, :-1] / n[:-1] * np.sqrt(ratio(n, n - 1.0))[:-1]
    out = np.full((2 * moments, 2 * moments), np.nan)
    both = np.append(used[:-1], used[:-1] + moments)
    rows = np.column_stack([share, mean])
    out[np.ix_(both, both)] = rows.T @ rows * (len(x) / respondents)
    return out


def correlation_influence(x: Floats, there: Floats, j: int) -> Floats:
    """(S, j) influence of each respondent on r of columns 0..j-1 with column j, over those with both:
    1{both} (z_i z_j - r (z_i^2 + z_j^2)/2) / n."""
    both = there[:, :j] * there[:, j : j + 1]
    n = both.sum(0)
    one, other = x[:, :j] * both, x[:, j : j + 1] * both
    one, other = (one - both * ratio(one.sum(0), n)), (other - both * ratio(other.sum(0), n))
    one *= np.sqrt(ratio(n, (one**2).sum(0)))
    other *= np.sqrt(ratio(n, (other**2).sum(0)))
    r = ratio((one * other).sum(0), n)
    return known((one * other - r * (one**2 + other**2) / 2) / n)


def gradient(R: Floats, method: Method) -> Floats:
    """(P, P, K): what the K shares gain for each unit of the correlation of two of the P = K + 1 columns,
    by differences; only below the diagonal."""
    P = len(R)
    rows, columns = np.tril_indices(P, -1)
    at = shares(contributions(R[None], method), method)[0]
    out = np.zeros((P, P, P - 1))
    for start in range(0, rows.size, AT_ONCE):
        i, j = rows[start : start + AT_ONCE], columns[start : start + AT_ONCE]
        moved = np.repeat(R[None], i.size, axis=0)
        one = np.arange(i.size)
        moved[one, i, j] += STEP
        moved[one, j, i] += STEP
        out[i, j] = (shares(contributions(moved, method), method) - at) / STEP
    return out
