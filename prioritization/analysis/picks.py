"""Importance by choice: "pick the k most important" (S5.5)."""

from dataclasses import dataclass, replace

import numpy as np

from prioritization.analysis.estimates import Estimates, ratio
from prioritization.analysis.importance import PERCENT
from prioritization.analysis.ratings import Floats, Ratings, Scale
from prioritization.analysis.tally import Histogram, Tally

# A share, as a scale of two points: picked or not.
PICKED = Scale(0, 1)
VERY_HIGH, HIGH = 0.20, 0.10


@dataclass(frozen=True, eq=False)
class Picks:
    """All (M,). share: I, of all respondents; score: IS = I (1 - T), bands .20 and .10; se of IS."""

    share: Floats
    score: Floats
    se: Floats


def picks(tally: Tally) -> Picks:
    """I_m = share picking m among all respondents, IS_m = I_m (1 - T_m) with T the share of the two
    highest points among those who rated (S5.5).

    se by influence, u_r = (1-T) w (pick - I)/W - I 1{rated} w (t - T)/W_rated, se^2 = sum u_r^2 n/(n-1):
    exact from the histogram, as respondents of a cell share pick and rating up to their weight.
    ValueError: the tally holds no picks.
    """
    if tally.picks is None:
        raise ValueError("nothing was picked in these answers")
    points = tally.scales.satisfaction.points
    w, w2 = tally.picks.w, tally.picks.w2
    total, rated = w.sum((1, 2)), w[:, :, :points].sum((1, 2))
    share = ratio(w[:, 1].sum(1), total)
    top = ratio(w[:, :, points - 2 : points].sum((1, 2)), rated)
    picked = np.array([0.0, 1.0])[None, :, None]
    is_rated = np.arange(points + 3)[None, None, :] < points
    is_top = is_rated & (np.arange(points + 3)[None, None, :] >= points - 2)
    chosen, T = share[:, None, None], top[:, None, None]
    u = (1 - T) * (picked - chosen) / total[:, None, None] - chosen * is_rated * (is_top - T) * ratio(
        np.ones_like(rated), rated
    )[:, None, None]
    n = tally.picks.n.sum((1, 2))
    variance = ratio(n, n - 1.0) * (w2 * u**2).sum((1, 2))
    return Picks(share, share * (1 - top), np.sqrt(variance))


def picks_as_importance(ratings: Ratings) -> Ratings:
    """The same respondents with "picked" (1) or not (0) as their importance: its mean is the share,
    and every estimator, covariance and certainty follows. ValueError: no picks."""
    if ratings.picks is None:
        raise ValueError("nothing was picked in these answers")
    return replace(
        ratings,
        importance=ratings.picks.astype(np.float64),
        scales=replace(ratings.scales, importance=PICKED),
    )


# How a survey of picks keeps its answers, so that they are counted like ratings: importance 1 of a moment
# that was listed and not picked, 2 of a picked one, none where the question was not answered.
NOT_PICKED, WAS_PICKED = 1, 2


def from_ratings(tally: Tally) -> Tally:
    """The same sums with picked (1) or not (0) as importance; V is that of the codes, one point apart too."""
    two = (NOT_PICKED - tally.scales.importance.low, WAS_PICKED - tally.scales.importance.low, -1)
    joint = tally.joint
    n, w = joint.n[:, two], joint.w[:, two]
    narrow = Histogram(n, w, w if joint.w2 is joint.w else joint.w2[:, two])
    return replace(tally, joint=narrow, scales=replace(tally.scales, importance=PICKED))


def in_percent(e: Estimates) -> Estimates:
    """Shares of 0 to 100, as pages show and draw them."""
    size = e.moments
    scale = np.repeat([100.0, 1.0], size)
    return replace(
        e,
        scales=replace(e.scales, importance=PERCENT),
        importance=100 * e.importance,
        sd_importance=100 * e.sd_importance,
        median_importance=100 * e.median_importance,
        blocks=e.blocks * np.array([[1e4, 1e2], [1e2, 1.0]]),
        covariance=None if e.covariance is None else e.covariance * np.outer(scale, scale),
    )
