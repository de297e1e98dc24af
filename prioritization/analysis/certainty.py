"""How sure a place on the matrix is: ellipses, quadrant probabilities, verdicts (S6)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from scipy.special import fdtri, ndtr, owens_t

from prioritization.analysis.crosshair import ON_LINE, Crosshair, Quadrant, Rule, centres
from prioritization.analysis.ratings import Bools, Floats, Ints

FIRM, PROBABLE = 0.95, 0.80
# Below this many answers on either axis a quadrant is at most probable (S0).
FULL_N = 30


class Verdict(StrEnum):
    FIRM = "firm"
    PROBABLE = "probable"
    UNCERTAIN = "uncertain"


class QuadrantProbabilities(NamedTuple):
    """Posterior under a flat prior, about the support in a respondent bootstrap (S6.2)."""

    concentrate_here: float
    keep_up: float
    low_priority: float
    possible_overkill: float

    def of(self, quadrant: Quadrant) -> float:
        return float(getattr(self, quadrant.value))


@dataclass(frozen=True)
class Ellipse:
    """Where the true means lie with the stated confidence, around the point.

    Semi-axes in rating points; `angle` in degrees of the major axis from the satisfaction axis
    towards importance, in (-90, 90]. Degenerate: n below 3 or no spread along an axis.
    """

    major: float
    minor: float
    angle: float
    degenerate: bool


def bivariate_normal_cdf(h: Floats | float, k: Floats | float, rho: Floats | float) -> Floats:
    """P(X <= h, Y <= k) of standard normals correlated by rho, elementwise, by Owen's T (Owen 1956).

    Phi2 = (Phi(h) + Phi(k))/2 - T(h, a_h) - T(k, a_k) - d, with a_h = (k - rho h)/(h sqrt(1 - rho^2)),
    a_k likewise and d = 1/2 when h and k have opposite signs. Exact to about 1e-15.
    """
    h, k, rho = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in (h, k, rho)))
    # Beyond 40 standard errors the normal is 0 or 1 in double precision.
    h, k = np.clip(h, -40, 40) + 0.0, np.clip(k, -40, 40) + 0.0
    rho = np.clip(rho, -1.0, 1.0)
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        a_h = (k - rho * h) / (h * root)
        a_k = (h - rho * k) / (k * root)
    d = np.where((h * k < 0) | ((h * k == 0) & (h + k < 0)), 0.5, 0.0)
    general = (ndtr(h) + ndtr(k)) / 2 - owens_t(h, a_h) - owens_t(k, a_k) - d
    at_origin = 0.25 + np.arcsin(rho) / (2 * np.pi)
    same = np.minimum(ndtr(h), ndtr(k))
    opposite = np.maximum(ndtr(h) + ndtr(k) - 1, 0.0)
    result = np.where((h == 0) & (k == 0), at_origin, general)
    result = np.where(root == 0, np.where(rho > 0, same, opposite), result)
    return np.asarray(np.clip(result, 0.0, 1.0))


def quadrant_probabilities(
    importance: Floats,
    satisfaction: Floats,
    V: Floats,
    crosshair: Crosshair,
    included: Bools,
    *,
    rng: np.random.Generator | None = None,
    draws: int = 40_000,
) -> Floats:
    """(M, 4) in the order of `QuadrantProbabilities`; NaN for moments that are not included (S6.2).

    importance, satisfaction (M,) means; V (2M, 2M) their covariance, importances first.
    The distance to a fixed crosshair has variance V_mm; to the grand mean a'Va with a = e_m - 1/M'
    over the included moments, because the crosshair moves with the data. The median and the trimmed
    mean have no such formula: the same normal is drawn `draws` times (error about 0.005).

    ValueError: one of those two rules without `rng`.
    """
    moments = importance.shape[0]
    out = np.full((moments, 4), np.nan)
    which = np.flatnonzero(included)
    if which.size == 0:
        return out
    both = np.concatenate([which, which + moments])
    V = V[np.ix_(both, both)]
    d_i = importance[which] - crosshair.importance
    d_s = satisfaction[which] - crosshair.satisfaction
    if crosshair.rule in (Rule.MEDIAN, Rule.TRIMMED_MEAN):
        if rng is None:
            raise ValueError(f"the crosshair rule {crosshair.rule} needs a random generator")
        out[which] = _drawn(importance[which], satisfaction[which], V, crosshair.rule, rng, draws)
        return out
    count = which.size
    V_ii, V_is, V_ss = V[:count, :count], V[:count, count:], V[count:, count:]
    if crosshair.rule is Rule.GRAND_MEAN:
        V_ii, V_is, V_ss = _centred(V_ii), _centred(V_is), _centred(V_ss)
    out[which] = _exact(d_i, d_s, np.diag(V_ii), np.diag(V_ss), np.diag(V_is))
    return out


def _centred(V: Floats) -> Floats:
    """A V A' with A = 1 - 1/M': covariance of the distances to the mean."""
    return np.asarray(V - V.mean(0)[None, :] - V.mean(1)[:, None] + V.mean())


def _exact(d_i: Floats, d_s: Floats, var_i: Floats, var_s: Floats, cov: Floats) -> Floats:
    h, k = _standardised(d_i, var_i), _standardised(d_s, var_s)
    spread = np.sqrt(np.maximum(var_i, 0) * np.maximum(var_s, 0))
    rho = np.divide(cov, spread, out=np.zeros_like(cov), where=spread > 0)
    keep_up = bivariate_normal_cdf(h, k, rho)
    concentrate = np.maximum(ndtr(h) - keep_up, 0.0)
    overkill = np.maximum(ndtr(k) - keep_up, 0.0)
    low = np.maximum(1 - keep_up - concentrate - overkill, 0.0)
    p = np.column_stack([concentrate, keep_up, low, overkill])
    return np.asarray(p / p.sum(1, keepdims=True))


def _standardised(d: Floats, variance: Floats) -> Floats:
    """d/sigma; without spread the indicator 0 or 1, as plus or minus infinity."""
    sigma = np.sqrt(np.maximum(variance, 0.0))
    certain = np.where(d >= -ON_LINE, np.inf, -np.inf)
    standard = np.divide(d, sigma, out=certain, where=sigma > 1e-12)
    return np.where(np.isnan(variance), np.nan, standard)


def _drawn(
    importance: Floats, satisfaction: Floats, V: Floats, rule: Rule, rng: np.random.Generator, draws: int
) -> Floats:
    sample = draw_means(np.concatenate([importance, satisfaction]), V, rng, draws)
    i, s = sample[:, : importance.size], sample[:, importance.size :]
    high = i >= centres(rule, i)[:, None] - ON_LINE
    right = s >= centres(rule, s)[:, None] - ON_LINE
    return np.column_stack(
        [(a & b).mean(0) for a, b in ((high, ~right), (high, right), (~high, ~right), (~high, right))]
    )


def draw_means(means: Floats, V: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """(draws, P) from N(means, V); V (P, P) need only be positive semi-definite."""
    values, vectors = np.linalg.eigh((V + V.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(means + rng.standard_normal((draws, means.size)) @ root.T)


def verdict(probabilities: Floats, n_importance: int, n_satisfaction: int) -> Verdict | None:
    """S6.3 from the (4,) probabilities; with 10 to 29 answers an axis never firm. None without them."""
    top = float(np.max(probabilities))
    if np.isnan(top):
        return None
    if top >= FIRM and min(n_importance, n_satisfaction) >= FULL_N:
        return Verdict.FIRM
    return Verdict.PROBABLE if top >= PROBABLE else Verdict.UNCERTAIN


def hotelling_quantile(n: Floats | Ints, confidence: float = 0.95) -> Floats:
    """q = 2(n-1)/(n-2) F_{confidence; 2, n-2} of the ellipse; NaN for n below 3 (S6.1)."""
    n = np.asarray(n, np.float64)
    safe = np.where(n > 2, n, 3.0)
    return np.where(n > 2, 2 * (safe - 1) / (safe - 2) * fdtri(2, safe - 2, confidence), np.nan)


def ellipses(
    blocks: Floats, n: Ints, *, confidence: float = 0.95, hotelling: bool = True
) -> tuple[Ellipse | None, ...]:
    """One per moment from (M, 2, 2) blocks [[V_II, V_IS], [V_IS, V_SS]] and n (M,) (S6.1).

    Semi-axes sqrt(q lambda). q by Hotelling, or by chi-square with 2 degrees of freedom. None where
    the block is not known.
    """
    chi_square = np.full(len(blocks), -2 * np.log(1 - confidence))
    q = hotelling_quantile(n, confidence) if hotelling else chi_square
    ii, is_, ss = blocks[:, 0, 0], blocks[:, 0, 1], blocks[:, 1, 1]
    middle, half = (ii + ss) / 2, np.hypot((ss - ii) / 2, is_)
    large, small = middle + half, np.maximum(middle - half, 0.0)
    angle = np.degrees(0.5 * np.arctan2(2 * is_, ss - ii))
    out: list[Ellipse | None] = []
    for m in range(len(blocks)):
        if np.isnan(large[m]):
            out.append(None)
            continue
        flat = bool(np.isnan(q[m]) or small[m] <= 1e-12 * max(large[m], 1e-12))
        scale = 0.0 if np.isnan(q[m]) else float(q[m])
        out.append(
            Ellipse(float(np.sqrt(scale * large[m])), float(np.sqrt(scale * small[m])), float(angle[m]), flat)
        )
    return tuple(out)
