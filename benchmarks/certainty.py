"""How sure the quadrants of 40 moments are: analytically from cross-products, against 2,000 resamples
of the respondents. Both go from sums to means, crosshair and probabilities, and to nothing else.
"""

import numpy as np

from benchmarks.crowd import crowd
from benchmarks.harness import Result, interleaved, seconds
from prioritization.analysis.certainty import quadrant_probabilities
from prioritization.analysis.crosshair import place
from prioritization.analysis.estimates import covariance_of_means
from prioritization.analysis.ratings import Ratings, Scale, Scales, State
from prioritization.analysis.tally import Tally

MOMENTS, RESPONDENTS, RESAMPLES = 40, 2_000, 2_000
AT_ONCE = 250


def run() -> list[Result]:
    answers = crowd(RESPONDENTS, MOMENTS, points=5, seed=12)
    lived = answers.satisfaction > 0
    importance = answers.importance.astype(np.float64)
    satisfaction = np.where(lived, answers.satisfaction, np.nan)
    state = np.where(lived, State.RATED, State.NOT_EXPERIENCED).astype(np.int8)
    scale = Scale(1, 5)
    tally = Tally.of(Ratings(Scales(scale, scale), importance, satisfaction, state))
    found: dict[str, np.ndarray] = {}

    sums = tally.cross
    assert sums
    shown = np.ones(MOMENTS, bool)

    def ours() -> None:
        means = sums.wx.diagonal()[:-1] / sums.w.diagonal()[:-1]
        covariance = covariance_of_means(sums)[:-1, :-1]
        i, s = means[:MOMENTS], means[MOMENTS:]
        cross = place("grand_mean", i, s, shown, tally.scales)
        found["ours"] = quadrant_probabilities(i, s, covariance, cross, shown)

    def bootstrap() -> None:
        """Shares of resamples in which a moment lies high on both axes, on importance, on satisfaction."""
        rng = np.random.default_rng(5)
        there = lived.astype(np.float64)
        known = np.nan_to_num(satisfaction)
        counts = np.zeros((3, MOMENTS))
        for _ in range(RESAMPLES // AT_ONCE):
            times = rng.multinomial(RESPONDENTS, np.full(RESPONDENTS, 1 / RESPONDENTS), AT_ONCE).astype(float)
            i = times @ importance / RESPONDENTS
            s = (times @ known) / (times @ there)
            high_i = i >= i.mean(1, keepdims=True)
            high_s = s >= s.mean(1, keepdims=True)
            counts += [(high_i & high_s).sum(0), (high_i & ~high_s).sum(0), (~high_i & high_s).sum(0)]
        found["bootstrap"] = counts / RESAMPLES

    mine, theirs = interleaved(lambda: min(seconds(ours) for _ in range(20)), lambda: seconds(bootstrap), 5)
    # The order of QuadrantProbabilities: concentrate here, keep up, low priority, possible overkill.
    both, only_i, only_s = found["bootstrap"]
    expected = np.column_stack([only_i, both, 1 - both - only_i - only_s, only_s])
    off = float(np.abs(found["ours"] - expected).max())
    assert off < 0.02, off
    detail = (
        f"{MOMENTS} moments, {RESPONDENTS:,} respondents: {mine * 1000:.2f} ms, {RESAMPLES:,} resamples "
        f"{theirs * 1000:.0f} ms, largest difference of a probability {off:.3f}"
    )
    return [Result("certainty_vs_bootstrap", mine / theirs, 1 / 500, "lower", detail)]
