"""Change between waves and groups: Welch on `sleep`, Newcombe's examples, the mistakes of S16."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from prioritization.analysis.change import (
    ChangeVerdict,
    change,
    change_verdict,
    difference_in_differences,
    hedges_g,
    hedges_interval,
    minimum_detectable,
    newcombe,
    paired,
    paired_gap,
    probability_of_superiority,
    shrunk,
    trend,
    welch,
)
from prioritization.analysis.estimates import estimate
from prioritization.analysis.multiplicity import benjamini_hochberg, holm
from prioritization.analysis.segments import against_the_rest, post_stratified_change
from prioritization.analysis.tally import Tally
from tests.prioritization.analysis.published import SLEEP
from tests.prioritization.analysis.worlds import make_ratings


def test_welch_on_sleep():
    # R: t.test(extra ~ group, sleep): t = -1.8608, df = 17.776, p = 0.07939, CI -3.3654832 0.2054832.
    first, second = SLEEP
    ten = np.array([10])
    found = welch(
        np.array([first.mean()]), np.array([first.var(ddof=1) / 10]), ten,
        np.array([second.mean()]), np.array([second.var(ddof=1) / 10]), ten,
    )  # fmt: skip
    assert found.diff[0] == pytest.approx(1.58)
    assert found.diff[0] / found.se[0] == pytest.approx(1.8608, abs=5e-5)
    assert found.df[0] == pytest.approx(17.776, abs=5e-4)
    assert found.p[0] == pytest.approx(0.07939, abs=5e-6)
    assert (-found.high[0], -found.low[0]) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)


def test_paired_on_sleep():
    # R: t.test(..., paired = TRUE): t = -4.0621, df = 9, p = 0.002833, CI -2.4598858 -0.7001142.
    found = paired(SLEEP[0][:, None], SLEEP[1][:, None])
    assert found.df[0] == 9
    assert found.p[0] == pytest.approx(0.002833, abs=5e-7)
    assert (found.low[0], found.high[0]) == pytest.approx((0.7001142, 2.4598858), abs=5e-8)


def test_welch_of_two_waves_of_ratings():
    one, two = make_ratings(150, seed=1), make_ratings(220, seed=2, shift=0.4)
    found = change(estimate(Tally.of(one)), estimate(Tally.of(two)))
    for m in range(6):
        a = one.satisfaction[:, m][~np.isnan(one.satisfaction[:, m])]
        b = two.satisfaction[:, m][~np.isnan(two.satisfaction[:, m])]
        expected = stats.ttest_ind(b, a, equal_var=False)
        assert found.difference.p[m] == pytest.approx(expected.pvalue)
        interval = expected.confidence_interval()
        assert (found.difference.low[m], found.difference.high[m]) == pytest.approx(tuple(interval))
    assert found.p_holm == pytest.approx(holm(found.difference.p))


def test_holm_and_benjamini_hochberg_as_in_r():
    # R: p.adjust(c(.01, .02, .03, .04, .05), "holm") and "BH"; and Holm's own step-down.
    p = np.array([0.01, 0.02, 0.03, 0.04, 0.05])
    assert holm(p) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert benjamini_hochberg(p) == pytest.approx([0.05] * 5)
    mixed = np.array([0.04, np.nan, 0.001, 0.5])
    assert holm(mixed) == pytest.approx([0.08, np.nan, 0.003, 0.5], nan_ok=True)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_never_falls(p: list[float]):
    raw = np.array(p)
    assert (holm(raw) >= benjamini_hochberg(raw) - 1e-12).all()
    assert (benjamini_hochberg(raw) >= raw - 1e-12).all()
    assert (holm(raw) <= 1).all()


def test_a_lucky_moment_among_many_is_not_demonstrated():
    """S16, mistake 11: p = .03 alone is nothing among fourteen."""
    p = np.array([0.03] + [0.4] * 13)
    assert holm(p)[0] == pytest.approx(0.42)
    assert change_verdict(holm(p)[0], 0.01, 0.2, 0.3, 0.1) is ChangeVerdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("p", "low", "high", "g", "adjusted", "verdict"),
    [
        (0.01, 0.05, 0.30, 0.20, 0.10, ChangeVerdict.IMPROVED),
        (0.01, 0.05, 0.30, 0.09, 0.10, ChangeVerdict.NO_EVIDENCE),
        (0.01, 0.05, 0.30, 0.20, -0.01, ChangeVerdict.NO_EVIDENCE),
        (0.06, 0.05, 0.30, 0.20, 0.10, ChangeVerdict.NO_EVIDENCE),
        (0.01, -0.30, -0.05, -0.20, -0.10, ChangeVerdict.WORSENED),
        (np.nan, np.nan, np.nan, np.nan, np.nan, ChangeVerdict.NO_EVIDENCE),
    ],
)
def test_verdict_of_a_change(
    p: float, low: float, high: float, g: float, adjusted: float, verdict: ChangeVerdict
):
    assert change_verdict(p, low, high, g, adjusted) is verdict


def test_hedges_g_of_sleep():
    a, b = SLEEP
    ten = np.array([10])
    pooled = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    g = hedges_g(np.array([1.58]), np.array([a.std(ddof=1)]), ten, np.array([b.std(ddof=1)]), ten)
    assert g[0] == pytest.approx(1.58 / pooled * (1 - 3 / 71))
    low, high = hedges_interval(g, ten, ten)
    assert (high - low)[0] / 2 == pytest.approx(1.959964 * np.sqrt(20 / 100 + g[0] ** 2 / 40), rel=1e-6)


def test_probability_of_superiority_counts_every_pair():
    rng = np.random.default_rng(1)
    a, b = rng.integers(1, 6, 40), rng.integers(2, 6, 30)
    expected = np.mean([(y > x) + 0.5 * (y == x) for x in a for y in b])
    found = probability_of_superiority(np.bincount(a, minlength=6)[1:], np.bincount(b, minlength=6)[1:])
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    # Newcombe 1998, Stat. Med. 17:873, table II, method 10 (there p1 - p2).
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombe_s_own_examples(x1: int, n1: int, x2: int, n2: int, low: float, high: float):
    diff, below, above = newcombe(x2, n2, x1, n1)
    assert diff == pytest.approx(x1 / n1 - x2 / n2)
    assert (below, above) == pytest.approx((low, high), abs=5e-5)


def test_difference_in_differences_takes_a_common_drift_away():
    before, after = make_ratings(2000, seed=1), make_ratings(2000, seed=1, shift=0.5)
    after.satisfaction[:, 0] = np.minimum(after.satisfaction[:, 0] + 1, 5)
    a, b = estimate(Tally.of(before)), estimate(Tally.of(after))
    controls = np.array([False, True, True, True, False, False])
    found = difference_in_differences(a, b, 0, controls)
    raw = b.satisfaction - a.satisfaction
    assert found.diff[0] == pytest.approx(raw[0] - raw[1:4].mean())
    assert found.diff[0] < raw[0]
    V = a.covariance[6:, 6:] + b.covariance[6:, 6:]
    weights = np.array([1, -1 / 3, -1 / 3, -1 / 3, 0, 0])
    assert found.se[0] == pytest.approx(np.sqrt(weights @ V @ weights))
    for bad in (np.zeros(6, bool), np.array([True, True, False, False, False, False])):
        with pytest.raises(ValueError, match="controls"):
            difference_in_differences(a, b, 0, bad)


def test_the_worst_is_pulled_towards_the_middle():
    means, v = np.array([2.0, 3.0, 3.2, 3.1, 3.4]), np.full(5, 0.04)
    found = shrunk(means, v)
    # DerSimonian and Laird with equal variances: tau^2 = s^2 - v, B = tau^2/(tau^2 + v).
    tau2 = means.var(ddof=1) - 0.04
    assert found == pytest.approx(means.mean() + tau2 / (tau2 + 0.04) * (means - means.mean()))
    assert found[0] > means[0]
    assert shrunk(np.array([3.0, 3.01]), np.array([1.0, 1.0])) == pytest.approx([3.005, 3.005])


def test_minimum_detectable_effect():
    assert minimum_detectable(np.array([0.1]))[0] == pytest.approx((1.959964 + 0.841621) * 0.1, rel=1e-6)


def test_gap_on_pairs():
    ratings = make_ratings(200, weighted=True)
    found, d_z = paired_gap(replace(ratings, weights=None))
    for m in range(6):
        both = ~np.isnan(ratings.importance[:, m] + ratings.satisfaction[:, m])
        i, s = ratings.importance[both, m], ratings.satisfaction[both, m]
        expected = stats.ttest_rel(i, s)
        assert found.p[m] == pytest.approx(expected.pvalue)
        assert d_z[m] == pytest.approx((i - s).mean() / (i - s).std(ddof=1))


def test_a_segment_is_compared_with_the_rest_not_with_everybody():
    """S16, mistake 12."""
    ratings = make_ratings(300)
    group = np.arange(300) % 3
    parts = {str(k): Tally.of(ratings.take(group == k)) for k in range(3)}
    found = against_the_rest(parts)
    for k, segment in enumerate(found):
        assert segment.segment == str(k)
        for m in range(6):
            x = ratings.satisfaction[:, m]
            own, rest = x[(group == k) & ~np.isnan(x)], x[(group != k) & ~np.isnan(x)]
            expected = stats.ttest_ind(own, rest, equal_var=False)
            assert segment.difference.p[m] == pytest.approx(expected.pvalue)
    table = np.stack([segment.difference.p for segment in found])
    assert np.stack([segment.p_holm for segment in found]).ravel() == pytest.approx(holm(table.ravel()))
    with pytest.raises(ValueError, match="rest"):
        against_the_rest({"all": parts["0"]})


def test_small_segments_are_suppressed():
    ratings = make_ratings(300)
    group = np.arange(300) < 8
    found = against_the_rest({"few": Tally.of(ratings.take(group)), "many": Tally.of(ratings.take(~group))})
    assert np.isnan(found[0].difference.diff).all()
    assert np.isnan(found[0].p_holm).all()


def test_a_mere_change_of_mix_is_no_change():
    """Simpson: happy and unhappy groups that stay as they are, in other proportions."""
    happy, unhappy = make_ratings(400, seed=1, shift=0.8), make_ratings(400, seed=2, shift=-0.8)

    def wave(n_happy: int, n_unhappy: int) -> dict[str, Tally]:
        return {
            "happy": Tally.of(happy.take(np.arange(n_happy))),
            "unhappy": Tally.of(unhappy.take(np.arange(n_unhappy))),
        }

    before, after = wave(100, 400), wave(400, 100)
    raw = (
        estimate(after["happy"] + after["unhappy"]).satisfaction
        - estimate(before["happy"] + before["unhappy"]).satisfaction
    )
    found = post_stratified_change(before, after)
    assert (raw > 0.4).all()
    assert (np.abs(found.diff) < 3 * found.se).all()
    with pytest.raises(ValueError, match="stratum"):
        post_stratified_change({"a": before["happy"]}, {"b": after["happy"]})


def test_trend_is_weighted_least_squares():
    times, means = np.arange(8.0), np.array([3.0, 3.1, 3.3, 3.2, 3.5, 3.6, 3.6, 3.9])
    v = np.linspace(0.001, 0.004, 8)
    found = trend(times, means, v)
    design = np.column_stack([np.ones(8), times])
    inverse = np.linalg.inv(design.T @ np.diag(1 / v) @ design)
    assert found.slope == pytest.approx((inverse @ design.T @ (means / v))[1])
    assert found.se == pytest.approx(np.sqrt(inverse[1, 1]))
    assert trend(times[:5], means[:5], v[:5]) is None


def test_waves_of_other_moments_are_not_compared():
    with pytest.raises(ValueError, match="same moments"):
        change(estimate(Tally.of(make_ratings(50))), estimate(Tally.of(make_ratings(50, moments=3))))


def test_a_real_improvement_is_demonstrated_and_the_reverse():
    before, after = (estimate(Tally.of(make_ratings(900, seed=s, shift=d))) for s, d in ((1, 0.0), (2, 0.7)))
    assert set(change(before, after).verdicts) == {ChangeVerdict.IMPROVED}
    assert set(change(after, before).verdicts) == {ChangeVerdict.WORSENED}
    few = estimate(Tally.of(make_ratings(9, missing=0.0)))
    assert change(before, few).verdicts == (None,) * 6
