"""Means, spreads and the covariance of the means, moment by moment (S1)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from prioritization.analysis.ratings import Floats, Ints, Scale, Scales
from prioritization.analysis.tally import Cross, Tally


class Source(StrEnum):
    """Where the importance comes from."""

    STATED = "stated"
    PICKS = "picks"
    DERIVED = "derived"


@dataclass(frozen=True, eq=False)
class Estimates:
    """All (M,) unless said; NaN where there is no number.

    covariance  (2M, 2M) of the means, the M importances first: V of S1.3; None when only the
                moments' own blocks are known
    blocks      (M, 2, 2): [[V_II, V_IS], [V_IS, V_SS]] of each moment
    counted     False for a published table without n: nothing is then suppressed or uncertain
    top_two     share of ratings in the two highest points
    source      stated: importance is a mean on its scale; picks: the share of respondents that picked
                the moment, 0 to 1; derived: the share of R2 in percent, 0 to 100
    """

    scales: Scales
    importance: Floats
    satisfaction: Floats
    n_importance: Ints
    n_satisfaction: Ints
    n_not_experienced: Ints
    n_no_answer: Ints
    n_not_asked: Ints
    reach: Floats
    blocks: Floats
    covariance: Floats | None
    sd_importance: Floats
    sd_satisfaction: Floats
    median_importance: Floats
    median_satisfaction: Floats
    top_two_importance: Floats
    top_two_satisfaction: Floats
    effective_importance: Floats
    effective_satisfaction: Floats
    counted: bool = True
    source: Source = Source.STATED

    @property
    def moments(self) -> int:
        return int(self.importance.shape[0])

    @property
    def item_nonresponse(self) -> Floats:
        """NR / (rated + NE + NR) of satisfaction (S0)."""
        seen = self.n_satisfaction + self.n_not_experienced + self.n_no_answer
        return ratio(self.n_no_answer, seen)

    def full_covariance(self) -> Floats:
        """V, or where it is unknown the blocks alone with moments taken as independent."""
        if self.covariance is not None:
            return self.covariance
        m = np.arange(self.moments)
        V = np.zeros((2 * self.moments, 2 * self.moments))
        V[m, m], V[m + self.moments, m + self.moments] = self.blocks[:, 0, 0], self.blocks[:, 1, 1]
        V[m, m + self.moments] = V[m + self.moments, m] = self.blocks[:, 0, 1]
        return V


def estimate(tally: Tally, source: Source = Source.STATED) -> Estimates:
    """S1 from a tally; exact, whichever way the tally was merged.

    `source` PICKS for a tally of `picks.picks_as_importance`.
    """
    scales = tally.scales
    ki, ks = scales.importance.points, scales.satisfaction.points
    joint = tally.joint
    i = Marginal(joint.n.sum(2)[:, :ki], joint.w.sum(2)[:, :ki], joint.w2.sum(2)[:, :ki], scales.importance)
    s_n, s_w = joint.n.sum(1), joint.w.sum(1)
    s = Marginal(s_n[:, :ks], s_w[:, :ks], joint.w2.sum(1)[:, :ks], scales.satisfaction)

    both = joint.w2[:, :ki, :ks]
    di = scales.importance.values - i.mean[:, None]
    ds = scales.satisfaction.values - s.mean[:, None]
    products = np.einsum("mij,mi,mj->m", both, np.nan_to_num(di), np.nan_to_num(ds))
    cross_term = np.sqrt(i.factor * s.factor) * ratio(products, i.total * s.total)
    blocks = np.empty((tally.moments, 2, 2))
    blocks[:, 0, 0], blocks[:, 1, 1] = i.variance_of_mean, s.variance_of_mean
    blocks[:, 0, 1] = blocks[:, 1, 0] = cross_term
    V = None if tally.cross is None else covariance_of_means(tally.cross)[:-1, :-1]
    return Estimates(
        scales=scales,
        importance=i.mean,
        satisfaction=s.mean,
        n_importance=i.count,
        n_satisfaction=s.count,
        n_not_experienced=s_n[:, ks],
        n_no_answer=s_n[:, ks + 1],
        n_not_asked=s_n[:, ks + 2],
        reach=ratio(s.total, s.total + s_w[:, ks]),
        blocks=blocks,
        covariance=V,
        sd_importance=i.sd,
        sd_satisfaction=s.sd,
        median_importance=i.median,
        median_satisfaction=s.median,
        top_two_importance=i.top_two,
        top_two_satisfaction=s.top_two,
        effective_importance=i.effective,
        effective_satisfaction=s.effective,
        source=source,
    )


class Marginal:
    """Histograms (M, K) of one question per moment, and the estimators of S1.1 and S1.2 from them."""

    def __init__(self, n: Ints, w: Floats, w2: Floats, scale: Scale) -> None:
        self.n, self.w, self.w2, self.values = n, w, w2, scale.values
        self.count: Ints = n.sum(1)
        self.total: Floats = w.sum(1)
        self.mean: Floats = ratio(w @ self.values, self.total)
        # n/(n-1); NaN for fewer than two answers, whose spread is unknown.
        self.factor: Floats = ratio(self.count, self.count - 1.0)
        self._squares = np.nan_to_num((self.values - self.mean[:, None]) ** 2)

    @property
    def sd(self) -> Floats:
        """s**2 = n/(n-1) sum w (x - mean)**2 / sum w."""
        return np.sqrt(self.factor * ratio((self.w * self._squares).sum(1), self.total))

    @property
    def variance_of_mean(self) -> Floats:
        return self.factor * ratio((self.w2 * self._squares).sum(1), self.total**2)

    @property
    def effective(self) -> Floats:
        """Kish: (sum w)**2 / sum w**2 (S1.2)."""
        return ratio(self.total**2, self.w2.sum(1))

    @property
    def top_two(self) -> Floats:
        return ratio(self.w[:, -2:].sum(1), self.total)

    @property
    def median(self) -> Floats:
        """Smallest value with at least half of the weight; the middle of two at exactly half."""
        below = self.w.cumsum(1)
        half = self.total[:, None] / 2
        tolerance = 1e-12 * np.maximum(half, 1.0)
        first = (below >= half - tolerance).argmax(1)
        after = (below > half + tolerance).argmax(1)
        return np.where(self.total > 0, (self.values[first] + self.values[after]) / 2, np.nan)


def covariance_of_means(cross: Cross) -> Floats:
    """V_ab = sqrt(f_a f_b) sum_r u_ra u_rb with u_ra = 1{rated} w_r (x_ra - mean_a)/W_a (S1.3).

    (P, P) for the P columns of the cross-products; NaN for a column with fewer than two answers.
    The diagonal is s**2/n when all weights are 1; multiplying all weights changes nothing.
    """
    n, total = np.diag(cross.n), np.diag(cross.w)
    mean = ratio(np.diag(cross.wx), total)
    centre = np.nan_to_num(mean)
    products = (
        cross.w2xy
        - cross.w2x * centre[None, :]
        - cross.w2x.T * centre[:, None]
        + cross.w2 * np.outer(centre, centre)
    )
    # A column without spread leaves rounding dust of either sign: it is zero.
    dust = 1e-12 * np.maximum(np.diag(cross.w2xy), 1e-300)
    flat = np.diag(products) <= dust
    products = np.where(flat[:, None] | flat[None, :], 0.0, products)
    factor = ratio(n, n - 1.0)
    scaled = np.sqrt(factor) * ratio(np.ones_like(total), total)
    return np.asarray(products * np.outer(scaled, scaled))


def ratio(above: Floats | Ints, below: Floats | Ints) -> Floats:
    """above / below, NaN where below is not positive."""
    above, below = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0))
