"""Tallies: merging, weights, and every estimator against the raw rows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritization.analysis.estimates import estimate
from prioritization.analysis.ratings import Ratings, Scale, Scales, State
from prioritization.analysis.tally import Tally
from tests.prioritization.analysis.worlds import make_ratings


def raw_covariance(ratings: Ratings) -> np.ndarray:
    """V of S1.3 straight from the influence rows."""
    x = np.column_stack([ratings.importance, ratings.satisfaction])
    w = np.ones(len(x)) if ratings.weights is None else ratings.weights
    there = ~np.isnan(x)
    total, n = (w[:, None] * there).sum(0), there.sum(0)
    mean = (w[:, None] * np.nan_to_num(x)).sum(0) / total
    u = np.where(there, w[:, None] * (np.nan_to_num(x) - mean) / total, 0.0)
    f = n / (n - 1)
    return np.asarray(np.sqrt(np.outer(f, f)) * (u.T @ u))


def arrays(tally: Tally) -> list[np.ndarray]:
    parts = [tally.joint, tally.overall, tally.nps, tally.overall_by_satisfaction, tally.picks]
    cross = [getattr(tally.cross, name) for name in ("n", "w", "wx", "wxx", "wxy", "w2", "w2x", "w2xy")]
    return [array for part in parts for array in (part.n, part.w, part.w2)] + cross


@pytest.mark.parametrize("weighted", [False, True])
def test_means_and_covariance_are_those_of_the_rows(weighted: bool):
    ratings = make_ratings(weighted=weighted)
    e = estimate(Tally.of(ratings))
    V = raw_covariance(ratings)
    assert e.covariance == pytest.approx(V, abs=1e-15)
    for m in range(6):
        assert e.blocks[m] == pytest.approx(V[np.ix_([m, m + 6], [m, m + 6])], abs=1e-15)
    assert np.linalg.eigvalsh(e.covariance)[0] > -1e-15


def test_halo_makes_importance_and_satisfaction_hang_together():
    """S16, mistake 7."""
    assert (estimate(Tally.of(make_ratings(1000))).blocks[:, 0, 1] > 0).all()


def test_unweighted_variance_is_the_textbook_one():
    """S16, mistake 8: s^2/n with n - 1."""
    ratings = make_ratings()
    e = estimate(Tally.of(ratings))
    for m in range(6):
        x = ratings.satisfaction[:, m][~np.isnan(ratings.satisfaction[:, m])]
        assert e.blocks[m, 1, 1] == pytest.approx(x.var(ddof=1) / x.size)
        assert e.sd_satisfaction[m] == pytest.approx(x.std(ddof=1))
        assert e.median_satisfaction[m] == np.median(x)
        assert e.top_two_satisfaction[m] == pytest.approx((x >= 4).mean())


@pytest.mark.parametrize("factor", [10.0, 0.001])
def test_weights_times_ten_change_nothing(factor: float):
    """S16, mistake 5: weights are never frequencies."""
    ratings = make_ratings(weighted=True)
    scaled = Ratings(
        ratings.scales,
        ratings.importance,
        ratings.satisfaction,
        ratings.state,
        ratings.weights * factor,
        ratings.overall,
        ratings.nps,
        ratings.picks,
    )
    a, b = estimate(Tally.of(ratings)), estimate(Tally.of(scaled))
    for name in ("importance", "covariance", "blocks", "sd_satisfaction", "reach", "top_two_importance"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=1e-9, abs=1e-15), name
    assert (a.n_satisfaction == b.n_satisfaction).all()
    assert a.effective_satisfaction == pytest.approx(b.effective_satisfaction)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    cuts=st.lists(st.integers(0, 120), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_merging_in_any_order_equals_the_whole(seed: int, cuts: list[int], order):
    """S16, mistake 18."""
    ratings = make_ratings(120, moments=4, seed=seed)
    edges = [0, *sorted(cuts), 120]
    parts = [Tally.of(ratings.take(np.arange(a, b))) for a, b in pairwise(edges)]
    order.shuffle(parts)
    merged = parts[0]
    for part in parts[1:]:
        merged = merged + part
    whole = Tally.of(ratings)
    assert merged.respondents == whole.respondents
    for a, b in zip(arrays(merged), arrays(whole), strict=True):
        assert np.array_equal(a, b)


def test_weighted_halves_merge_to_rounding():
    ratings = make_ratings(200, weighted=True)
    halves = [Tally.of(ratings.take(np.arange(200) % 2 == k)) for k in (0, 1)]
    a, b = estimate(halves[1] + halves[0]), estimate(Tally.of(ratings))
    assert a.covariance == pytest.approx(b.covariance, abs=1e-14)


def test_codes_for_no_number_are_never_averaged():
    """S16, mistake 1."""
    five = Scale(1, 5)
    nan = np.nan
    ratings = Ratings(
        Scales(five, five),
        np.array([[5.0], [4.0], [nan], [3.0], [5.0]]),
        np.array([[2.0], [nan], [nan], [nan], [4.0]]),
        np.array(
            [[State.RATED], [State.NOT_EXPERIENCED], [State.NO_ANSWER], [State.NOT_ASKED], [State.RATED]],
            np.int8,
        ),
    )
    e = estimate(Tally.of(ratings))
    assert e.satisfaction[0] == 3.0
    assert e.importance[0] == 4.25
    assert (e.n_satisfaction[0], e.n_not_experienced[0], e.n_no_answer[0], e.n_not_asked[0]) == (2, 1, 1, 1)
    assert e.reach[0] == pytest.approx(2 / 3)
    assert e.item_nonresponse[0] == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"importance": 6.0}, "importance 6"),
        ({"importance": 2.5}, "importance 2.5"),
        ({"importance": np.inf}, "importance inf"),
        ({"satisfaction": 0.0}, "satisfaction 0"),
        ({"weights": 0.0}, "weights"),
        ({"weights": -1.0}, "weights"),
        ({"weights": np.nan}, "weights"),
        ({"state": 1}, "RATED"),
    ],
)
def test_ratings_refuse_what_is_off_the_scale(change: dict, message: str):
    five = Scale(1, 5)
    given = {"importance": 3.0, "satisfaction": 3.0, "state": 0, "weights": 1.0} | change
    with pytest.raises(ValueError, match=message):
        Ratings(
            Scales(five, five),
            np.array([[given["importance"]]]),
            np.array([[given["satisfaction"]]]),
            np.array([[given["state"]]], dtype=np.int8),
            np.array([given["weights"]]),
        )


def test_tallies_of_other_scales_do_not_add_up():
    with pytest.raises(ValueError, match="same moments"):
        Tally.of(make_ratings(20)) + Tally.of(make_ratings(20, moments=3))


def test_without_cross_products_the_blocks_are_still_exact():
    ratings = make_ratings(weighted=True)
    with_, without = estimate(Tally.of(ratings)), estimate(Tally.of(ratings, cross=False))
    assert without.covariance is None
    assert without.blocks == pytest.approx(with_.blocks, abs=1e-15)


def test_a_question_everybody_answers_alike_has_no_variance():
    five = Scale(1, 5)
    same = np.full((50, 2), 4.0)
    weights = np.random.default_rng(1).uniform(0.1, 3, 50)
    ratings = Ratings(Scales(five, five), same, same, np.zeros((50, 2), np.int8), weights)
    e = estimate(Tally.of(ratings))
    assert (e.covariance == 0).all()
