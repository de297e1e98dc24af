"""Did the plan work? Differences between waves and between groups (S8)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from prioritization.analysis.distributions import normal_cdf, student_cdf, student_quantile
from prioritization.analysis.estimates import Estimates, ratio
from prioritization.analysis.headline import wilson, z_of
from prioritization.analysis.multiplicity import holm
from prioritization.analysis.ratings import Bools, Floats, Ints, Ratings

SMALLEST_EFFECT = 0.10
ALPHA = 0.05


class ChangeVerdict(StrEnum):
    """Never "did not work": the absence of evidence is `no_evidence`."""

    IMPROVED = "improved"
    NO_EVIDENCE = "no_evidence"
    WORSENED = "worsened"


@dataclass(frozen=True, eq=False)
class Difference:
    """Second less first, with t interval; arrays of one shape, NaN where it cannot be said."""

    first: Floats
    second: Floats
    diff: Floats
    se: Floats
    df: Floats
    low: Floats
    high: Floats
    p: Floats


def welch(
    first: Floats, v1: Floats, n1: Ints, second: Floats, v2: Floats, n2: Ints, confidence: float = 0.95
) -> Difference:
    """Two independent means with variances of the mean v1, v2 (S8.1).

    df = (v1 + v2)^2/(v1^2/(n1-1) + v2^2/(n2-1)). Without any spread on both sides there is no test.
    """
    v = np.asarray(v1 + v2, np.float64)
    df = ratio(v * v, np.add(ratio(v1 * v1, n1 - 1), ratio(v2 * v2, n2 - 1)))
    return _t(first, second, np.sqrt(v), df, confidence)


def paired(
    before: Floats, after: Floats, weights: Floats | None = None, confidence: float = 0.95
) -> Difference:
    """The same respondents twice: t on the differences over those with both (S8.1).

    `before`, `after` (R, M) with NaN. se = sqrt(f sum (w (d - mean)/W)^2), df = n - 1.
    """
    d = after - before
    there = ~np.isnan(d)
    w = there * (np.ones(len(d)) if weights is None else weights)[:, None]
    total, n = w.sum(0), there.sum(0)
    mean = ratio((w * np.nan_to_num(d)).sum(0), total)
    squares = ((w * (np.nan_to_num(d) - np.nan_to_num(mean))) ** 2 * there).sum(0)
    se = np.sqrt(ratio(n, n - 1.0) * ratio(squares, total**2))
    first = ratio((w * np.nan_to_num(before)).sum(0), total)
    return _t(first, first + mean, se, np.where(n > 1, n - 1.0, np.nan), confidence)


def paired_gap(ratings: Ratings, confidence: float = 0.95) -> tuple[Difference, Floats]:
    """Gap I - S on pairs, moment by moment, and d_z = mean/sd (S4). Holm is the caller's, over the table."""
    found = paired(ratings.satisfaction, ratings.importance, ratings.weights, confidence)
    d = ratings.importance - ratings.satisfaction
    there = ~np.isnan(d)
    w = there * (np.ones(len(d)) if ratings.weights is None else ratings.weights)[:, None]
    n = there.sum(0)
    spread = (w * np.where(there, d - found.diff, 0.0) ** 2).sum(0)
    sd = np.sqrt(ratio(n, n - 1.0) * ratio(spread, w.sum(0)))
    return found, np.asarray(ratio(np.abs(found.diff), sd) * np.sign(found.diff))


def _t(first: Floats, second: Floats, se: Floats, df: Floats, confidence: float) -> Difference:
    diff = second - first
    sure = (se > 0) & (df > 0)
    safe_se, safe_df = np.where(sure, se, 1.0), np.where(sure, df, 1.0)
    half = np.where(sure, student_quantile(safe_df, (1 + confidence) / 2) * safe_se, np.nan)
    p = np.where(sure, 2 * student_cdf(safe_df, -np.abs(diff) / safe_se), np.nan)
    return Difference(first, second, diff, se, df, diff - half, diff + half, p)


def hedges_g(diff: Floats, sd1: Floats, n1: Ints, sd2: Floats, n2: Ints) -> Floats:
    """diff/s_p (1 - 3/(4(n1 + n2) - 9)), s_p the pooled sd (S8.2). Labels at .2, .5, .8."""
    degrees = (n1 + n2 - 2).astype(np.float64)
    pooled = np.sqrt(ratio((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2, degrees))
    d = ratio(np.abs(diff), pooled) * np.sign(diff)
    return np.asarray(d * (1 - 3 / (4 * (n1 + n2) - 9.0)))


def hedges_interval(g: Floats, n1: Ints, n2: Ints, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """g -+ z sqrt((n1 + n2)/(n1 n2) + g^2/(2 (n1 + n2)))."""
    half = z_of(confidence) * np.sqrt((n1 + n2) / (n1 * n2) + g**2 / (2 * (n1 + n2)))
    return g - half, g + half


def probability_of_superiority(first: Floats | Ints, second: Floats | Ints) -> float:
    """P(X2 > X1) + P(X2 = X1)/2 from two histograms on the same points, by weight (S8.2)."""
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    below = a.cumsum() - a / 2
    return float((b * below).sum() / (a.sum() * b.sum()))


def newcombe(
    x1: float, n1: float, x2: float, n2: float, confidence: float = 0.95
) -> tuple[float, float, float]:
    """p2 - p1 and its hybrid score interval (Newcombe 1998, method 10); x of n, n may be n_eff."""
    p1, p2 = x1 / n1, x2 / n2
    low1, high1 = wilson(x1, n1, confidence)
    low2, high2 = wilson(x2, n2, confidence)
    diff = p2 - p1
    return (
        diff,
        diff - ((p2 - low2) ** 2 + (high1 - p1) ** 2) ** 0.5,
        diff + ((high2 - p2) ** 2 + (p1 - low1) ** 2) ** 0.5,
    )


def difference_in_differences(
    before: Estimates, after: Estimates, moment: int, controls: Bools
) -> Difference:
    """Change of one moment less the mean change of the moments without a plan (S8.3).

    a = e_m - 1/|C|, est = a'(S2 - S1), se^2 = a'(V1 + V2)a: a common drift cancels. `controls` (M,)
    must not contain `moment`; normal reference (df infinite). ValueError: no controls, or it does.
    """
    if not controls.any() or controls[moment]:
        raise ValueError("controls are other moments, at least one")
    a = -controls.astype(np.float64) / controls.sum()
    a[moment] = 1.0
    used = a != 0
    size = before.moments
    V = before.full_covariance()[size:, size:] + after.full_covariance()[size:, size:]
    weights = a[used]
    first, second = weights @ before.satisfaction[used], weights @ after.satisfaction[used]
    se = np.sqrt(weights @ V[np.ix_(used, used)] @ weights)
    return _t(np.array([first]), np.array([second]), np.array([se]), np.array([1e9]), 0.95)


def paired_difference_in_differences(
    before: Floats, after: Floats, moment: int, controls: Bools
) -> Difference:
    """The same contrast where the same respondents answered both times (S8.3).

    `before`, `after` (R, M) with NaN. The change of each moment is the mean over those who rated it both
    times; se^2 = a'Va with V_ab = sqrt(f_a f_b) sum_r u_ra u_rb of the differences (S1.3), so that
    whoever was in a better mood the second time does not count as an effect. With every rating there it
    is the paired t of moment less mean of the controls. ValueError: no controls, or `moment` is one.
    """
    if not controls.any() or controls[moment]:
        raise ValueError("controls are other moments, at least one")
    d = after - before
    there = ~np.isnan(d)
    n = there.sum(0)
    used = (controls & (n > 1)) | (np.arange(len(n)) == moment)
    a = np.where(used, -1.0 / max(1, used.sum() - 1), 0.0)
    a[moment] = 1.0
    d, there, n, a = d[:, used], there[:, used], n[used], a[used]
    mean = ratio(np.where(there, d, 0.0).sum(0), n)
    influence = np.where(there, d - mean, 0.0) * np.sqrt(ratio(n, n - 1.0)) * ratio(1.0, n)
    se = np.sqrt(((influence @ a) ** 2).sum())
    first = ratio(np.where(there, before[:, used], 0.0).sum(0), n)
    known = used.sum() > 1
    start, change = (float(a @ first), float(a @ mean)) if known else (np.nan, np.nan)
    degrees = float(n[a == 1.0][0]) - 1
    return _t(
        np.array([start]), np.array([start + change]), np.array([se]), np.array([degrees]), confidence=0.95
    )


def shrunk(means: Floats, v: Floats) -> Floats:
    """What the lowest really were: S~ = c + B (S - c), B = tau^2/(tau^2 + v) (S8.4).

    tau^2 by DerSimonian and Laird (1986); c the mean weighted by 1/(tau^2 + v). The worst moment was
    chosen because it was low, so part of its later rise is chance. NaN means stay out.
    """
    known = ~(np.isnan(means) | np.isnan(v))
    spread = known & (v > 0)
    if spread.sum() < 2:
        return means.copy()
    y, inverse = means[spread], 1 / v[spread]
    q = (inverse * (y - (inverse * y).sum() / inverse.sum()) ** 2).sum()
    scale = inverse.sum() - (inverse**2).sum() / inverse.sum()
    tau2 = max(0.0, (q - (spread.sum() - 1)) / scale)
    weight = 1 / (tau2 + v[spread])
    c = (weight * y).sum() / weight.sum()
    B = np.where(v > 0, ratio(np.full_like(v, tau2), tau2 + v), 1.0)
    return np.where(known, c + B * (means - c), np.nan)


def minimum_detectable(se: Floats, alpha: float = ALPHA, power: float = 0.80) -> Floats:
    """The true change that would have been found with this power: (z_{1-a/2} + z_power) se (S8.5)."""
    return np.asarray((z_of(1 - alpha) + z_of(2 * power - 1)) * se)


@dataclass(frozen=True, eq=False)
class Change:
    """Per moment (M,): satisfaction of the second wave less the first, and what may be said of it."""

    difference: Difference
    p_holm: Floats
    hedges_g: Floats
    adjusted: Floats
    detectable: Floats
    verdicts: tuple[ChangeVerdict | None, ...]


def change(
    before: Estimates, after: Estimates, *, min_n: int = 10, smallest_effect: float = SMALLEST_EFFECT
) -> Change:
    """Welch on the satisfaction of independent waves, Holm over the moments, and the verdict of S8.5.

    Improved: p_Holm < .05, interval above 0, |g| at least `smallest_effect`, and still a rise after
    the correction for regression to the mean; worsened likewise downwards. None when suppressed.
    ValueError: other moments or another scale.
    """
    if before.moments != after.moments or before.scales.satisfaction != after.scales.satisfaction:
        raise ValueError("waves are compared on the same moments and the same scale")
    shown = (before.n_satisfaction >= min_n) & (after.n_satisfaction >= min_n)

    def visible(x: Floats) -> Floats:
        return np.where(shown, x, np.nan)

    s1, s2 = visible(before.satisfaction), visible(after.satisfaction)
    found = welch(
        s1, before.blocks[:, 1, 1], before.n_satisfaction, s2, after.blocks[:, 1, 1], after.n_satisfaction
    )
    p_holm = holm(found.p)
    g = hedges_g(
        found.diff,
        before.sd_satisfaction,
        before.n_satisfaction,
        after.sd_satisfaction,
        after.n_satisfaction,
    )
    adjusted = s2 - shrunk(s1, visible(before.blocks[:, 1, 1]))
    verdicts = tuple(
        change_verdict(
            float(p_holm[m]),
            float(found.low[m]),
            float(found.high[m]),
            float(g[m]),
            float(adjusted[m]),
            smallest_effect,
        )
        if shown[m]
        else None
        for m in range(before.moments)
    )
    return Change(found, p_holm, g, adjusted, minimum_detectable(found.se), verdicts)


def change_verdict(
    p_holm: float,
    low: float,
    high: float,
    g: float,
    adjusted: float,
    smallest_effect: float = SMALLEST_EFFECT,
) -> ChangeVerdict:
    """S8.5; NaN anywhere is no evidence."""
    if p_holm < ALPHA and abs(g) >= smallest_effect:
        if low > 0 and adjusted > 0:
            return ChangeVerdict.IMPROVED
        if high < 0 and adjusted < 0:
            return ChangeVerdict.WORSENED
    return ChangeVerdict.NO_EVIDENCE


@dataclass(frozen=True)
class Trend:
    slope: float
    se: float
    p: float
    waves: int


def trend(times: Floats, means: Floats, v: Floats) -> Trend | None:
    """Slope per unit of time by least squares with weights 1/v (S8.7); None for fewer than 6 waves.

    `v` variances of the means, above 0. The normal reference, since the variances are known from the
    ratings. Association in time, no causal claim.
    """
    known = ~(np.isnan(means) | np.isnan(v)) & (v > 0)
    if known.sum() < 6:
        return None
    t, y, w = times[known], means[known], 1 / v[known]
    centred = t - (w * t).sum() / w.sum()
    squares = float((w * centred**2).sum())
    if squares <= 0:
        return None
    slope = float((w * centred * y).sum()) / squares
    se = squares**-0.5
    return Trend(slope, se, float(2 * normal_cdf(np.array(-abs(slope) / se))), int(known.sum()))
