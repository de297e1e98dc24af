"""Means, spreads and the covariance of the means, moment by moment (S1)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

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

    def take(self, which: Sequence[int]) -> "Estimates":
        """Of these moments, in this order; every figure as it was."""
        places = np.asarray(which, dtype=np.int64)
        columns: dict[str, Any] = {
            field.name: value[places]
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray) and field.name != "covariance"
        }
        both = np.concatenate([places, places + self.moments])
        V = None if self.covariance is None else self.covariance[np.ix_(both, both)]
        return replace(self, **columns, covariance=V)


def estimate(tally: Tally, source: Source = Source.STATED) -> Estimates:
    """S1 from a tally; exact, whichever way the tally was merged.

    `source` PICKS for a tally of `picks.picks_as_importance`.
    """
    scales = tally.scales
    ki, ks = scales.importance.points, scales.satisfaction.points
    joint = tally.joint
    # The two margins of each moment's table, as products with ones: faster than sums of so few.
    rows, columns = np.ones(ki + 1), np.ones(ks + 3)
    i_w, s_w = joint.w @ columns, rows @ joint.w
    if joint.w2 is joint.w:  # every weight is 1
        i_n, s_n = i_w.astype(np.int64), s_w.astype(np.int64)
        i_w2, s_w2 = i_w, s_w
    else:
        i_n, s_n = joint.n.sum(2), joint.n.sum(1)
        i_w2, s_w2 = joint.w2 @ columns, rows @ joint.w2
    i = Marginal(i_n[:, :ki], i_w[:, :ki], i_w2[:, :ki], scales.importance)
    s = Marginal(s_n[:, :ks], s_w[:, :ks], s_w2[:, :ks], scales.satisfaction)

    # sum_ij w2_mij di_mi ds_mj
    products = (i.deviation[:, None, :] @ joint.w2[:, :ki, :ks] @ s.deviation[:, :, None])[:, 0, 0]
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
        self.deviation = known(scale.values - self.mean[:, None])
        self._squares = self.deviation**2

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
        above = self.w.cumsum(1) - self.total[:, None] / 2
        tolerance = 5e-13 * np.maximum(self.total, 2.0)[:, None]
        first = (above >= -tolerance).argmax(1)
        after = (above > tolerance).argmax(1)
        return np.where(self.total > 0, (self.values[first] + self.values[after]) / 2, np.nan)


def covariance_of_means(cross: Cross) -> Floats:
    """V_ab = sqrt(f_a f_b) sum_r u_ra u_rb with u_ra = 1{rated} w_r (x_ra - mean_a)/W_a (S1.3).

    (P, P) for the P columns of the cross-products; NaN for a column with fewer than two answers.
    The diagonal is s**2/n when all weights are 1; multiplying all weights changes nothing.
    """
    n, total = cross.n.diagonal(), cross.w.diagonal()
    mean = known(ratio(cross.wx.diagonal(), total))
    turned = cross.w2x * mean
    products = cross.w2 * (mean[:, None] * mean)
    products += cross.w2xy
    products -= turned
    products -= turned.T
    # A column without spread leaves rounding dust of either sign: it is zero.
    dust = 1e-12 * np.maximum(cross.w2xy.diagonal(), 1e-300)
    flat = products.diagonal() <= dust
    if flat.any():
        products[flat] = 0.0
        products[:, flat] = 0.0
    scaled = np.sqrt(ratio(n, n - 1.0)) * ratio(1.0, total)
    products *= scaled[:, None] * scaled
    return products


def ratio(above: Floats | Ints | float, below: Floats | Ints) -> Floats:
    """above / below, NaN where below is not positive."""
    return np.asarray(above / np.where(below > 0, below, np.nan))


def known(x: Floats) -> Floats:
    """Zero where there is no number."""
    return np.where(np.isnan(x), 0.0, x)
