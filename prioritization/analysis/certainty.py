"""How sure a place on the matrix is: ellipses, quadrant probabilities, verdicts (S6)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from prioritization.analysis.crosshair import ON_LINE, Crosshair, Quadrant, Rule, centres
from prioritization.analysis.distributions import f_quantile, joint_cdf, normal_cdf
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
    if which.size < moments:
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
    # Rows: the variances of both distances, and their covariance.
    spread = np.stack([_diagonal(V, 0, 0), _diagonal(V, count, count), _diagonal(V, 0, count)])
    if crosshair.rule is Rule.GRAND_MEAN:
        spread += _of_the_mean(V, count)
    out[which] = _exact(np.stack([d_i, d_s]), spread[:2], spread[2])
    return out


def _diagonal(V: Floats, row: int, column: int) -> Floats:
    """Of one of the four (M', M') blocks of V, the one that begins there."""
    count = len(V) // 2
    return V[row : row + count, column : column + count].diagonal()


def _of_the_mean(V: Floats, count: int) -> Floats:
    """What a moving crosshair adds to V_II, V_SS and V_IS on the diagonal: (a'Va)_m with a = e_m - 1/M'
    is V_mm - (row mean)_m - (column mean)_m + mean."""
    half = V.reshape(2 * count, 2, count).sum(2) / count  # of each row over importances, satisfactions
    i, s = half[:count], half[count:]
    total = half.reshape(2, count, 2).sum(1) / count
    return np.stack(
        [
            total[0, 0] - 2 * i[:, 0],
            total[1, 1] - 2 * s[:, 1],
            total[0, 1] - i[:, 1] - s[:, 0],
        ]
    )


def _exact(d: Floats, variance: Floats, cov: Floats) -> Floats:
    """(M', 4) of distances and variances (2, M'), importance first, and covariances (M',)."""
    both = _standardised(d, variance)
    above = np.maximum(variance, 0.0)
    spread = np.sqrt(above[0] * above[1])
    rho = np.divide(cov, spread, out=np.zeros_like(cov), where=spread > 0)
    both = np.minimum(np.maximum(both, -40.0), 40.0)
    phi = normal_cdf(both)
    keep_up = joint_cdf(both, phi, np.minimum(np.maximum(rho, -1.0), 1.0))
    concentrate, overkill = np.maximum(phi - keep_up, 0.0)
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
    return np.asarray(means + rng.standard_normal((draws, means.size)) @ root_of(V).T)


def root_of(V: Floats) -> Floats:
    """L with L L' = V."""
    values, vectors = np.linalg.eigh((V + V.T) / 2)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


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
    return np.where(n > 2, 2 * (safe - 1) / (safe - 2) * f_quantile(safe - 2, confidence), np.nan)


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
