"""Derived importance: rules about missing data and refusals, stated against derived."""

from dataclasses import replace

import numpy as np
import pytest

from prioritization.analysis.correlation import (
    Missing,
    complete_rows,
    correlations,
    pearson,
    shrink,
)
from prioritization.analysis.estimates import estimate
from prioritization.analysis.importance import (
    Meaning,
    Refused,
    as_estimates,
    derive,
    fisher_interval,
    spearman,
    stated_against_derived,
)
from prioritization.analysis.ratings import State
from prioritization.analysis.regression import Method
from prioritization.analysis.resampling import Grouped, bootstrap, groups_for
from prioritization.analysis.tally import Cross, Tally, columns
from tests.prioritization.analysis.worlds import make_ratings

EVERY = np.ones(6, dtype=bool)


def test_pairwise_correlations_are_numpy_s_over_those_who_gave_both():
    ratings = make_ratings(weighted=False)
    x = columns(ratings)
    R = pearson(Tally.of(ratings).cross)
    for a in range(x.shape[1]):
        for b in range(x.shape[1]):
            both = ~np.isnan(x[:, a] + x[:, b])
            assert R[a, b] == pytest.approx(np.corrcoef(x[both, a], x[both, b])[0, 1], abs=1e-12)


def test_weighted_correlations_follow_the_weights():
    ratings = make_ratings(weighted=True)
    x, w = columns(ratings), ratings.weights
    R = pearson(Tally.of(ratings).cross)
    both = ~np.isnan(x[:, 6] + x[:, -1])
    cov = np.cov(x[both, 6], x[both, -1], aweights=w[both], ddof=0)
    assert R[6, -1] == pytest.approx(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]), abs=1e-12)


def test_not_experienced_does_not_throw_the_respondent_away():
    """S16, mistake 10: listwise deletion with structural gaps."""
    ratings = make_ratings(respondents=600, missing=0.5)
    found = derive(ratings, EVERY)
    assert complete_rows(ratings, EVERY).sum() < 0.7 * 600
    assert found.missing is not Missing.LISTWISE
    assert found.n == int((~np.isnan(ratings.overall)).sum())


def test_listwise_where_it_keeps_seventy_percent():
    ratings = make_ratings(respondents=600, missing=0.03)
    found = derive(ratings, EVERY)
    rows = complete_rows(ratings, EVERY)
    assert found.missing is Missing.LISTWISE
    assert found.n == found.n_min_pair == rows.sum()
    x = columns(ratings)[rows][:, 6:]
    assert found.r == pytest.approx(np.asarray(np.corrcoef(x, rowvar=False))[-1, :-1], abs=1e-12)


def test_the_same_from_a_tally_and_from_rows_when_both_are_pairwise():
    ratings = make_ratings(respondents=600, missing=0.5)
    rows, tally = derive(ratings, EVERY), derive(Tally.of(ratings), EVERY)
    assert tally.share == pytest.approx(rows.share, abs=1e-12)


def test_default_method_by_the_number_of_moments():
    assert derive(make_ratings(moments=12), np.ones(12, bool)).method is Method.LMG
    assert derive(make_ratings(moments=13), np.ones(13, bool)).method is Method.RELATIVE_WEIGHTS


def test_diagnostics_agree_with_the_regression():
    ratings = make_ratings(respondents=500, missing=0.0)
    found = derive(ratings, EVERY)
    x = columns(ratings)[:, 6:]
    z = (x - x.mean(0)) / x.std(0)
    beta = np.linalg.lstsq(z[:, :-1], z[:, -1], rcond=None)[0]
    assert found.beta == pytest.approx(beta, abs=1e-10)
    assert found.pratt.sum() == pytest.approx(found.r2)
    assert found.value.sum() == pytest.approx(found.r2)
    for m in range(6):
        others = np.delete(z[:, :-1], m, axis=1)
        rest = z[:, m] - others @ np.linalg.lstsq(others, z[:, m], rcond=None)[0]
        r2_of_m = 1 - (rest @ rest) / (z[:, m] @ z[:, m])
        assert found.vif[m] == pytest.approx(1 / (1 - r2_of_m))
        rest = z[:, -1] - others @ np.linalg.lstsq(others, z[:, -1], rcond=None)[0]
        assert found.last[m] == pytest.approx(found.r2 - (1 - rest @ rest / (z[:, -1] @ z[:, -1])))


@pytest.mark.parametrize(("respondents", "refused"), [(99, Refused.TOO_FEW), (100, None)])
def test_few_respondents_are_refused(respondents: int, refused: Refused | None):
    assert derive(make_ratings(respondents, missing=0.0), EVERY).refused is refused


def test_ten_respondents_a_moment_are_needed():
    found = derive(make_ratings(119, moments=12, missing=0.0), np.ones(12, bool))
    assert found.refused is Refused.TOO_FEW


def test_an_overall_that_hangs_on_nothing_is_refused():
    ratings = make_ratings(400, missing=0.0)
    noise = np.random.default_rng(3).integers(1, 6, 400).astype(float)
    assert derive(replace(ratings, overall=noise), EVERY).refused is Refused.TOO_WEAK


def test_a_moment_without_spread_is_left_out_not_the_rest():
    ratings = make_ratings(400, missing=0.0)
    flat = ratings.satisfaction.copy()
    flat[:, 2] = 4
    found = derive(replace(ratings, satisfaction=flat), EVERY)
    assert np.isnan(found.share[2])
    assert np.nansum(found.share) == pytest.approx(1)


def test_pairs_of_fewer_than_thirty_are_left_out():
    ratings = make_ratings(400, missing=0.0)
    satisfaction, state = ratings.satisfaction.copy(), ratings.state.copy()
    satisfaction[29:, 1], state[29:, 1] = np.nan, State.NOT_EXPERIENCED
    found = derive(replace(ratings, satisfaction=satisfaction, state=state), EVERY)
    assert np.isnan(found.share[1])
    assert found.n_min_pair >= 30


def test_no_overall_derives_nothing():
    assert derive(replace(make_ratings(), overall=None), EVERY) is None


def test_an_impossible_matrix_is_shrunk_just_enough_and_said():
    R = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1.0]])
    shrunk, delta = shrink(R)
    assert 0 < delta < 1
    assert np.linalg.eigvalsh(shrunk)[0] == pytest.approx(1e-6, rel=0.05)
    assert shrink(np.eye(3))[1] == 0.0


def test_twin_moments_are_shrunk_and_share_alike():
    ratings = make_ratings(400, missing=0.0)
    twin = ratings.satisfaction.copy()
    twin[:, 1] = twin[:, 0]
    found = derive(replace(ratings, satisfaction=twin), EVERY)
    assert found.missing is Missing.SHRUNK
    assert found.share[0] == pytest.approx(found.share[1], rel=1e-6)


def test_fisher_interval_of_a_textbook_correlation():
    # r = .5, n = 103: z = .5493, +- 1.96/10 -> tanh(.3533), tanh(.7453).
    assert fisher_interval(0.5, 103) == pytest.approx((0.3393, 0.6323), abs=1e-4)


def test_spearman_is_pearson_of_midranks():
    from scipy.stats import spearmanr

    ratings = make_ratings(300, missing=0.2)
    found = spearman(Tally.of(ratings).overall_by_satisfaction)
    for m in range(6):
        both = ~np.isnan(ratings.satisfaction[:, m] + ratings.overall)
        expected = spearmanr(ratings.satisfaction[both, m], ratings.overall[both]).statistic
        assert found[m] == pytest.approx(expected, abs=1e-12)


def test_grouped_sums_add_up_to_the_cross_products():
    ratings = make_ratings(500, weighted=True)
    group = np.random.default_rng(0).integers(0, 40, 500)
    grouped = Grouped.of(ratings, group, 40)
    whole = Cross.of(columns(ratings)[:, 6:], ratings.weights)
    assert grouped.pairwise.sum(0)[0] == pytest.approx(whole.w)
    assert grouped.pairwise.sum(0)[1] == pytest.approx(whole.wx)
    assert grouped.pairwise.sum(0)[2] == pytest.approx(whole.wxx)
    assert grouped.pairwise.sum(0)[3] == pytest.approx(whole.wxy)
    parts = [Grouped.of(ratings.take(rows), group[rows], 40) for rows in np.array_split(np.arange(500), 3)]
    assert (parts[0] + parts[1] + parts[2]).pairwise == pytest.approx(grouped.pairwise)


def test_bootstrap_by_groups_spreads_like_the_respondent_bootstrap():
    ratings = make_ratings(1200, moments=4, missing=0.2)
    every = np.ones(4, dtype=bool)
    rng = np.random.default_rng(5)
    alone = Grouped.of(ratings, np.arange(1200), 1200)
    thrown = Grouped.of(ratings, rng.permutation(1200) % 150, 150)
    fine = bootstrap(alone, every, Method.LMG, rng, listwise=False, resamples=800)
    coarse = bootstrap(thrown, every, Method.LMG, rng, listwise=False, resamples=800)
    assert coarse.share.std(0) == pytest.approx(fine.share.std(0), rel=0.25)
    assert fine.satisfaction.std(0) == pytest.approx(
        np.sqrt(estimate(Tally.of(ratings)).blocks[:, 1, 1]), rel=0.12
    )
    low, high = fine.interval()
    share = derive(ratings, every).share
    assert (low < share).all()
    assert (share < high).all()
    assert fine.share.sum(1) == pytest.approx(np.ones(800))


def test_groups_never_take_more_than_a_hundred_megabytes_or_so():
    assert groups_for(14) == 2000
    assert 64 * groups_for(60) * 61**2 <= 110e6


def test_derived_importance_as_the_axis():
    ratings = make_ratings(600, missing=0.1)
    found = derive(ratings, EVERY)
    e = as_estimates(estimate(Tally.of(ratings)), found)
    assert e.importance.sum() == pytest.approx(100)
    assert np.isnan(e.blocks).all()


def test_correlations_of_nobody():
    ratings = make_ratings(5)
    assert correlations(Tally.of(ratings).cross, EVERY) is None


def test_stated_against_derived():
    found = stated_against_derived(
        np.array([4.5, 4.4, 3.0, 3.1, np.nan]), np.array([0.1, 0.4, 0.4, 0.1, 0.2])
    )
    assert found == (
        Meaning.BASIC,
        Meaning.ONE_DIMENSIONAL,
        Meaning.EXCITING,
        Meaning.ONE_DIMENSIONAL,
        None,
    )
