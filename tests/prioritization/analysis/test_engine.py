"""The matrix: crosshair, quadrants, certainty, indices; Martilla and James; the mistakes of S16."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from prioritization.analysis import indices
from prioritization.analysis.certainty import (
    Verdict,
    ellipses,
    hotelling_quantile,
    quadrant_probabilities,
)
from prioritization.analysis.crosshair import Crosshair, Quadrant, Rule, place, quadrant
from prioritization.analysis.distributions import bivariate_normal_cdf
from prioritization.analysis.engine import prioritize
from prioritization.analysis.estimates import Estimates, Source, estimate
from prioritization.analysis.picks import picks, picks_as_importance
from prioritization.analysis.ranking import bootstrap_quadrants, rank_certainty, sensitivity
from prioritization.analysis.ratings import Scale, Scales, State
from prioritization.analysis.tally import Tally
from tests.prioritization.analysis.published import MARTILLA_JAMES
from tests.prioritization.analysis.worlds import FIVE, make_ratings

EVERY = np.ones(6, dtype=bool)


def table(means: dict[str, tuple[float, float]], scale: Scale) -> Estimates:
    """A published table of means, without counts."""
    pairs = np.array(list(means.values()))
    none, zero = np.full(len(pairs), np.nan), np.zeros(len(pairs), dtype=np.int64)
    return Estimates(
        scales=Scales(scale, scale),
        importance=pairs[:, 0],
        satisfaction=pairs[:, 1],
        n_importance=zero,
        n_satisfaction=zero,
        n_not_experienced=zero,
        n_no_answer=zero,
        n_not_asked=zero,
        reach=none,
        blocks=np.full((len(pairs), 2, 2), np.nan),
        covariance=None,
        sd_importance=none,
        sd_satisfaction=none,
        median_importance=none,
        median_satisfaction=none,
        top_two_importance=none,
        top_two_satisfaction=none,
        effective_importance=none,
        effective_satisfaction=none,
        counted=False,
    )


MJ = table(MARTILLA_JAMES, Scale(1, 4))


def in_quadrant(found, which: Quadrant) -> set[str]:
    return {name for name, m in zip(MARTILLA_JAMES, found.moments, strict=True) if m.quadrant is which}


def test_martilla_and_james_at_the_scale_s_midpoint():
    found = prioritize(MJ, crosshair="scale_midpoint")
    kept = in_quadrant(found, Quadrant.KEEP_UP)
    assert len(kept) == 9
    assert "Job done right the first time" in kept
    assert in_quadrant(found, Quadrant.POSSIBLE_OVERKILL) == {"Send out maintenance notices"}
    assert in_quadrant(found, Quadrant.CONCENTRATE_HERE) == {"Low prices on service", "Convenient to home"}


def test_martilla_and_james_at_the_means():
    found = prioritize(MJ)
    assert found.crosshair.importance == pytest.approx(44.12 / 14)
    assert found.crosshair.satisfaction == pytest.approx(39.43 / 14)
    assert in_quadrant(found, Quadrant.CONCENTRATE_HERE) == {
        "Job done right the first time",
        "Fast action on complaints",
        "Low prices on service",
    }
    assert in_quadrant(found, Quadrant.POSSIBLE_OVERKILL) == {"Send out maintenance notices"}
    assert sum(m.gap > 0 for m in found.moments) == 12  # Abalo et al. 2007 would act on twelve
    assert all(m.p_quadrant is None and m.verdict is None for m in found.moments)


def test_axes_are_not_swapped():
    """S16, mistake 3: important and disappointing is where to act."""
    cross = Crosshair(Rule.USER, 3.0, 3.0)
    assert quadrant(4, 2, cross) is Quadrant.CONCENTRATE_HERE
    assert quadrant(2, 4, cross) is Quadrant.POSSIBLE_OVERKILL
    assert quadrant(4, 4, cross) is Quadrant.KEEP_UP
    assert quadrant(2, 2, cross) is Quadrant.LOW_PRIORITY
    swapped = replace(MJ, importance=MJ.satisfaction, satisfaction=MJ.importance)
    assert in_quadrant(prioritize(swapped), Quadrant.CONCENTRATE_HERE) == {"Send out maintenance notices"}


def test_a_gap_is_importance_less_satisfaction():
    """S16, mistake 3: positive is a shortfall."""
    first = prioritize(MJ).moments[0]
    assert first.gap == pytest.approx(1.20)
    assert first.gap_pomp == pytest.approx(40.0)
    assert first.priority_index == pytest.approx(40.0 * (3.83 - 1) / 3)
    last = prioritize(MJ).moments[-1]
    assert last.gap < 0
    assert last.priority_index == 0


def test_the_crosshair_is_the_mean_of_means():
    """S16, mistake 2: neither pooled over ratings nor divided by one too many."""
    ratings = make_ratings(400)
    ratings.satisfaction[50:, 0] = np.nan
    ratings.state[50:, 0] = State.NOT_EXPERIENCED
    found = prioritize(Tally.of(ratings))
    means = np.nanmean(ratings.satisfaction, axis=0)
    assert found.crosshair.satisfaction == pytest.approx(means.mean())
    assert abs(np.nanmean(ratings.satisfaction) - means.mean()) > 0.01


def test_a_moment_with_few_answers_stays_out_of_everything():
    """S16, mistake 13."""
    ratings = make_ratings(400)
    ratings.satisfaction[9:, 0] = np.nan
    ratings.state[9:, 0] = State.NOT_EXPERIENCED
    ratings.satisfaction[:9, 0], ratings.state[:9, 0] = 1.0, State.RATED
    found = prioritize(Tally.of(ratings))
    first = found.moments[0]
    assert first.suppressed
    assert (first.importance, first.satisfaction, first.quadrant, first.rank, first.ellipse) == (None,) * 5
    assert first.n_satisfaction == 9
    assert found.crosshair.satisfaction == pytest.approx(
        np.nanmean(ratings.satisfaction[:, 1:], axis=0).mean()
    )
    assert sorted(m.rank for m in found.moments[1:]) == [1, 2, 3, 4, 5]
    assert ("suppressed", 0) in [(w.code, w.moment) for w in found.warnings]


def test_ten_to_twenty_nine_answers_are_never_firm():
    ratings = make_ratings(2000, missing=0.0)
    ratings.satisfaction[29:, 0] = np.nan
    ratings.state[29:, 0] = State.NOT_EXPERIENCED
    ratings.satisfaction[:29, 0] = np.repeat([1.0, 2.0], [28, 1])
    first = prioritize(Tally.of(ratings)).moments[0]
    assert max(first.p_quadrant) > 0.99
    assert first.verdict is Verdict.PROBABLE
    assert first.indicative


def test_nobody_is_shown_to_the_single_respondent():
    found = prioritize(Tally.of(make_ratings(1)))
    assert found.crosshair is None
    assert all(m.suppressed for m in found.moments)
    assert "all_suppressed" in [w.code for w in found.warnings]


@pytest.mark.parametrize("noise", [-3e-16, 0.0, 3e-16])
def test_a_tie_on_the_line_does_not_flip(noise: float):
    """S16, mistake 14."""
    e = table({"a": (0.1 + 0.2 + 3 + noise, 3.0), "b": (3.3, 3.0), "c": (3.3, 3.0 - noise)}, FIVE)
    found = prioritize(e)
    assert {m.quadrant for m in found.moments} == {Quadrant.KEEP_UP}
    assert all(m.on_line for m in found.moments)


def test_comparing_waves_keeps_the_crosshair():
    """S16, mistake 15: a common gain shows only against the earlier crosshair."""
    before = prioritize(Tally.of(make_ratings(800, seed=1)))
    after = Tally.of(make_ratings(800, seed=2, shift=1.2))
    kept = ("user", before.crosshair.importance, before.crosshair.satisfaction)
    low = {Quadrant.CONCENTRATE_HERE, Quadrant.LOW_PRIORITY}
    moved = [m.quadrant in low for m in prioritize(after).moments]
    fixed = [m.quadrant in low for m in prioritize(after, crosshair=kept).moments]
    assert sum(fixed) < sum(moved)


def test_opportunity_is_of_top_two_boxes():
    """S16, mistake 4: means give another figure."""
    ratings = make_ratings(400, missing=0.0)
    found = prioritize(Tally.of(ratings)).moments[0]
    t_i, t_s = (ratings.importance[:, 0] >= 4).mean(), (ratings.satisfaction[:, 0] >= 4).mean()
    assert found.opportunity == pytest.approx(10 * (t_i + max(t_i - t_s, 0)))
    # Ulwick 2005: 95 % find it important, 30 % are satisfied -> 16.0.
    assert indices.opportunity(np.array([0.95]), np.array([0.30]))[0] == pytest.approx(16.0)


def test_other_indices():
    i, s = np.array([4.0, 2.0]), np.array([3.0, 5.0])
    assert indices.potential_gain(i, s, FIVE) == pytest.approx([8.0, 0.0])
    assert indices.satisfaction_index(i, s, FIVE) == pytest.approx(100 * ((4 * 3 + 2 * 5) / 6 - 1) / 4)
    assert indices.derived_priority(np.array([0.25]), np.array([2.0]), FIVE) == pytest.approx([18.75])
    assert indices.distance_to_diagonal(np.array([10.0])) == pytest.approx([10 / 2**0.5])
    assert indices.ranking_key(np.array([2.0]), np.array([-40.0]), Scales(FIVE, FIVE)) == pytest.approx(
        [-30.0]
    )
    assert indices.ranks(np.array([1.0, np.nan, 1.0, 2.0]), np.array([3.0, 3.0, 4.0, 1.0])) == [3, None, 2, 1]


def test_gap_of_different_scales_is_only_in_percent():
    ratings = make_ratings(100)
    ten = replace(ratings, scales=Scales(Scale(1, 10), FIVE, FIVE))
    found = prioritize(Tally.of(ten))
    assert found.moments[0].gap is None
    assert found.moments[0].gap_pomp is not None
    assert "scales_differ" in [w.code for w in found.warnings]


@pytest.mark.parametrize("h", [-2.0, -0.3, 0.0, 1.1, 3.0])
@pytest.mark.parametrize("k", [-1.7, 0.0, 0.4, 2.5])
@pytest.mark.parametrize("rho", [-0.95, -0.4, 0.0, 0.3, 0.9])
def test_bivariate_normal(h: float, k: float, rho: float):
    expected = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([h, k])
    assert float(bivariate_normal_cdf(h, k, rho)) == pytest.approx(expected, abs=2e-6)


def test_bivariate_normal_at_its_edges():
    assert float(bivariate_normal_cdf(np.inf, 0.3, 0.0)) == pytest.approx(0.6179114221889526)
    assert float(bivariate_normal_cdf(-np.inf, 0.3, 0.0)) == pytest.approx(0.0)
    assert float(bivariate_normal_cdf(0.0, 0.0, 0.5)) == pytest.approx(1 / 3)
    assert float(bivariate_normal_cdf(1.0, 2.0, 1.0)) == pytest.approx(0.8413447460685429)
    assert float(bivariate_normal_cdf(1.0, -1.0, -1.0)) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("weighted", [False, True])
def test_certainty_agrees_with_resampling_the_respondents(weighted: bool):
    """S16, mistake 6 and S6.4: only with the crosshair's own movement and all covariances."""
    ratings = make_ratings(250, moments=6, seed=7, weighted=weighted)
    tally = Tally.of(ratings)
    exact = np.array([m.p_quadrant for m in prioritize(tally).moments])
    drawn = bootstrap_quadrants(ratings, EVERY, np.random.default_rng(1), resamples=6000)
    assert np.abs(exact - drawn).max() < 0.025
    e = estimate(tally)
    here = place("grand_mean", e.importance, e.satisfaction, EVERY, e.scales)
    fixed = quadrant_probabilities(
        e.importance, e.satisfaction, e.covariance, replace(here, rule=Rule.USER), EVERY
    )
    assert np.abs(fixed - drawn).max() > 3 * np.abs(exact - drawn).max()


@pytest.mark.parametrize("rule", ["median", "trimmed_mean"])
def test_certainty_of_drawn_rules(rule: str):
    ratings = make_ratings(250, moments=12, seed=7)
    found = prioritize(Tally.of(ratings), crosshair=rule, rng=np.random.default_rng(2))
    drawn = bootstrap_quadrants(
        ratings, np.ones(12, bool), np.random.default_rng(1), rule=rule, resamples=4000
    )
    assert np.abs(np.array([m.p_quadrant for m in found.moments]) - drawn).max() < 0.03
    with pytest.raises(ValueError, match="random generator"):
        prioritize(Tally.of(ratings), crosshair=rule)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 999), n=st.integers(10, 80), rule=st.sampled_from(["grand_mean", "scale_midpoint"])
)
def test_probabilities_sum_to_one_and_the_point_s_quadrant_is_likely(seed: int, n: int, rule: str):
    for m in prioritize(Tally.of(make_ratings(n, seed=seed, missing=0.1)), crosshair=rule).moments:
        if m.p_quadrant is not None:
            assert sum(m.p_quadrant) == pytest.approx(1)
            assert min(m.p_quadrant) >= 0
            assert m.p_quadrant.of(m.quadrant) >= 0.2


def test_no_spread_is_certain():
    ratings = make_ratings(60, missing=0.0)
    ratings.importance[:], ratings.satisfaction[:] = 3.0, 3.0
    ratings.importance[:, 0], ratings.satisfaction[:, 0] = 5.0, 1.0
    found = prioritize(Tally.of(ratings))
    assert found.moments[0].p_quadrant == (1.0, 0.0, 0.0, 0.0)
    assert found.moments[0].verdict is Verdict.FIRM
    assert found.moments[0].ellipse.degenerate


def test_hotelling_ellipse():
    # F(.95; 2, 28) = 3.340386, so q = 2 * 29/28 * F for n = 30.
    assert hotelling_quantile(np.array([30]))[0] == pytest.approx(2 * 29 / 28 * 3.340386, rel=1e-6)
    (ring,) = ellipses(np.array([[[0.01, 0.0], [0.0, 0.04]]]), np.array([30]))
    assert ring.angle == pytest.approx(0.0)  # wider along satisfaction
    assert ring.major / ring.minor == pytest.approx(2.0)
    (chi,) = ellipses(np.array([[[0.01, 0.0], [0.0, 0.04]]]), np.array([30]), hotelling=False)
    assert chi.major == pytest.approx((5.991465 * 0.04) ** 0.5, rel=1e-6)
    (tilted,) = ellipses(np.array([[[0.02, 0.01], [0.01, 0.02]]]), np.array([100]))
    assert tilted.angle == pytest.approx(45.0)
    (two,) = ellipses(np.array([[[0.02, 0.01], [0.01, 0.02]]]), np.array([2]))
    assert two.degenerate


def test_ellipse_covers_the_truth_about_as_often_as_it_says():
    """S6.4: .933 to .960 for n = 60 to 400."""
    rng = np.random.default_rng(11)
    inside, rounds, n = 0, 600, 80
    for _ in range(rounds):
        halo = rng.normal(size=n)
        x = np.column_stack([halo + rng.normal(size=n), halo + rng.normal(size=n)])
        V = np.cov(x, rowvar=False) / n
        d = x.mean(0)
        inside += d @ np.linalg.solve(V, d) <= hotelling_quantile(np.array([n]))[0]
    assert inside / rounds == pytest.approx(0.95, abs=0.025)


def test_sensitivity_lists_every_rule():
    found = sensitivity(MJ, user=(3.0, 3.0))
    assert set(found) == set(Rule)
    assert found[Rule.SCALE_MIDPOINT] == tuple(
        m.quadrant for m in prioritize(MJ, crosshair="scale_midpoint").moments
    )
    assert found[Rule.USER] == tuple(m.quadrant for m in prioritize(MJ, crosshair=("user", 3.0, 3.0)).moments)


def test_trimmed_mean_drops_whole_moments_at_each_end():
    values = np.array([1.0] + [3.0] * 8 + [5.0, 5.0])
    found = place("trimmed_mean", values, values, np.ones(11, bool), Scales(FIVE, FIVE))
    assert found.importance == pytest.approx((3 * 8 + 5) / 9)


@pytest.mark.parametrize("rule", ["middle", "user", ("user", np.nan, 3.0), ("mean", 3.0, 3.0)])
def test_unknown_crosshairs_are_refused(rule):
    with pytest.raises(ValueError, match=r"crosshair|Rule"):
        prioritize(MJ, crosshair=rule)


def test_rank_certainty():
    e = estimate(Tally.of(make_ratings(150, seed=4)))
    found = rank_certainty(e, np.random.default_rng(1), draws=20_000)
    assert sum(r.p_first for r in found) == pytest.approx(1)
    assert sum(r.p_top_three for r in found) == pytest.approx(3)
    assert sum(r.mean_rank for r in found) == pytest.approx(21)
    for r in found:
        assert 1 <= r.low <= r.high <= 6
        assert r.low - 0.5 <= r.mean_rank <= r.high + 0.5
    best = prioritize(e).moments
    assert found[[m.rank for m in best].index(1)].p_first == max(r.p_first for r in found)


def test_rank_certainty_of_two_hundred_thousand_draws_is_exact_to_two_thousandths():
    """S5.7 against the distribution of two moments, of which the first is before the second with a known
    probability: on a fixed importance the key is a multiple of the gap."""
    ratings = make_ratings(120, moments=2, seed=9)
    e = estimate(Tally.of(ratings))
    V = np.zeros((4, 4))
    V[2:, 2:] = [[0.04, 0.01], [0.01, 0.02]]
    e = replace(e, importance=np.array([5.0, 5.0]), satisfaction=np.array([3.0, 3.1]), covariance=V)
    found = rank_certainty(e, np.random.default_rng(1))
    before = norm.cdf(0.1 / np.sqrt(0.04 + 0.02 - 2 * 0.01))
    assert found[0].p_first == pytest.approx(before, abs=0.002)
    assert found[1].mean_rank == pytest.approx(1 + before, abs=0.002)


def test_moments_that_cannot_differ_rank_by_their_place():
    e = estimate(Tally.of(make_ratings(120, moments=3)))
    same = replace(e, importance=np.full(3, 4.0), satisfaction=np.full(3, 3.0), covariance=np.zeros((6, 6)))
    found = rank_certainty(same, np.random.default_rng(1), draws=100)
    assert [r.mean_rank for r in found] == [1, 2, 3]


def test_picks_are_shares_of_all_respondents():
    ratings = make_ratings(300, weighted=True)
    found = picks(Tally.of(ratings))
    w = ratings.weights
    share = (w[:, None] * ratings.picks).sum(0) / w.sum()
    rated = ratings.state == State.RATED
    top = (w[:, None] * (np.nan_to_num(ratings.satisfaction) >= 4)).sum(0) / (w[:, None] * rated).sum(0)
    assert found.share == pytest.approx(share)
    assert found.score == pytest.approx(share * (1 - top))
    u = (1 - top) * w[:, None] * (ratings.picks - share) / w.sum() - share * rated * w[:, None] * (
        (np.nan_to_num(ratings.satisfaction) >= 4) - top
    ) / (w[:, None] * rated).sum(0)
    assert found.se == pytest.approx(np.sqrt((u**2).sum(0) * 300 / 299))
    # From rows by way of the estimators: the same share, with its covariance.
    e = estimate(Tally.of(picks_as_importance(ratings)), Source.PICKS)
    assert e.importance == pytest.approx(share)
    moments = prioritize(e).moments
    assert [m.priority_index for m in moments] == pytest.approx(found.score)
    assert all(m.gap is None and m.opportunity is None for m in moments)
