"""How certain a place by derived importance is: influences against a bootstrap of the respondents."""

import numpy as np
import pytest

from prioritization.analysis.engine import prioritize
from prioritization.analysis.estimates import estimate
from prioritization.analysis.importance import as_estimates, derive
from prioritization.analysis.influence import covariance_of_shares, gradient
from prioritization.analysis.ratings import Floats, Ratings
from prioritization.analysis.regression import Method, contributions, shares
from prioritization.analysis.resampling import Grouped, Resampled, bootstrap
from prioritization.analysis.tally import Tally, columns
from tests.prioritization.analysis.worlds import make_ratings

EVERY = np.ones(6, dtype=bool)


def satisfactions(ratings: Ratings) -> Floats:
    return columns(ratings)[:, ratings.moments :]


def resampled(ratings: Ratings, method: Method) -> Resampled:
    """Every respondent alone in a group: the respondent bootstrap."""
    alone = Grouped.of(ratings, np.arange(ratings.respondents), ratings.respondents)
    every = np.ones(ratings.moments, dtype=bool)
    return bootstrap(alone, every, method, np.random.default_rng(2), listwise=False, resamples=2500)


@pytest.mark.parametrize("method", [Method.LMG, Method.RELATIVE_WEIGHTS, Method.PEARSON])
def test_quadrants_by_derived_importance_are_as_certain_as_a_bootstrap_says(method: Method):
    ratings = make_ratings(600, missing=0.2, seed=4)
    tally = Tally.of(ratings)
    derived = derive(tally, EVERY, method=method)
    assert derived is not None
    V = covariance_of_shares(satisfactions(ratings), derived, 600)
    drawn = resampled(ratings, method)
    spread = np.sqrt(np.diag(V)) / np.sqrt(np.diag(drawn.covariance()))
    assert spread == pytest.approx(np.ones(12), abs=0.1)
    found = np.array([m.p_quadrant for m in prioritize(as_estimates(estimate(tally), derived, V)).moments])
    high = drawn.share >= drawn.share.mean(1, keepdims=True)
    right = drawn.satisfaction >= drawn.satisfaction.mean(1, keepdims=True)
    cells = (high & ~right, high & right, ~high & ~right, ~high & right)
    expected = np.stack([cell.mean(0) for cell in cells], axis=1)
    assert np.abs(found - expected).max() < 0.03


def test_means_keep_the_covariance_of_their_own():
    ratings = make_ratings(400, missing=0.3)
    tally = Tally.of(ratings)
    derived = derive(tally, EVERY)
    assert derived is not None
    V = covariance_of_shares(satisfactions(ratings), derived, 400)
    expected = estimate(tally).covariance
    assert expected is not None
    assert V[6:, 6:] == pytest.approx(expected[6:, 6:], rel=1e-9, abs=1e-12)
    assert V[:6, :6].sum() == pytest.approx(0, abs=1e-9)  # shares sum to 1, whoever answers
    assert np.linalg.eigvalsh(V)[0] > -1e-12


def test_a_part_of_the_respondents_tells_the_spread_of_all():
    ratings = make_ratings(12_000, missing=0.2)
    derived = derive(Tally.of(ratings), EVERY)
    assert derived is not None
    x = satisfactions(ratings)
    whole = covariance_of_shares(x, derived, 12_000)
    part = covariance_of_shares(x[::3], derived, 12_000)
    assert np.sqrt(np.diag(part)) == pytest.approx(np.sqrt(np.diag(whole)), rel=0.05)


def test_a_moment_that_was_not_kept_has_no_spread():
    ratings = make_ratings(300)
    without = EVERY.copy()
    without[2] = False
    derived = derive(Tally.of(ratings), without)
    assert derived is not None
    V = covariance_of_shares(satisfactions(ratings), derived, 300)
    assert np.isnan(V[[2, 8]]).all()
    assert np.isfinite(V[np.ix_([0, 1, 3, 6, 7, 9], [0, 1, 3, 6, 7, 9])]).all()


def test_gradient_is_what_a_small_step_does():
    ratings = make_ratings(500)
    derived = derive(Tally.of(ratings), EVERY)
    assert derived is not None
    slopes = gradient(derived.R, Method.LMG)
    moved = derived.R.copy()
    moved[6, 1] += 0.002
    moved[1, 6] += 0.002
    gained = shares(contributions(moved[None], Method.LMG), Method.LMG)[0] - derived.share
    assert 0.002 * slopes[6, 1] == pytest.approx(gained, abs=2e-5)
    assert slopes[6, 1, 1] > 0
