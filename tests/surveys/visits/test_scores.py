"""Scores of visits: weighted, by moment, criterion and place."""

from math import sqrt

import pytest
from scipy.stats import t

from surveys.models import Criterion, CriterionWeight
from surveys.visits.scores import estimate, scores_of, weighted
from tests.surveys.visiting import alike, made, planned


def test_the_weighted_mean_leaves_out_what_did_not_apply():
    weights = {"tone": 3, "courtesy": 1, "sales": 0}
    assert weighted({"tone": 4, "courtesy": 2}, weights) == 3.5
    assert weighted({"tone": None, "courtesy": 2}, weights) == 2
    assert weighted({"sales": 1}, weights) is None
    assert weighted({"tone": None}, weights) is None


def test_over_visits_the_mean_has_its_t_interval():
    values = [3.0, 4.0, 4.5, 2.5]
    found = estimate(values, (1, 5))
    mean = sum(values) / 4
    se = sqrt(sum((v - mean) ** 2 for v in values) / 3 / 4)
    half = t.ppf(0.975, 3) * se
    assert found.n == 4
    assert found.mean == pytest.approx(3.5)
    assert found.low == pytest.approx(mean - half)
    assert found.high == pytest.approx(min(5, mean + half))
    one = estimate([4.0], (1, 5))
    assert (one.mean, one.low, one.is_orientation) == (4.0, None, True)
    assert estimate([], (1, 5)) is None


def test_scores_by_moment_criterion_and_place(world, wave):
    made(wave, {0: {"tone": 5, "courtesy": 3}, 2: {"tone": 2}}, place="North")
    made(wave, {0: {"tone": 3, "courtesy": None}}, place="South")
    planned(wave)
    CriterionWeight.objects.create(survey=wave.survey, criterion="tone", weight=3)
    found = scores_of(wave)
    moments = [moment.estimate for moment in found.moments]
    # North: (3 x 5 + 1 x 3) / 4 = 4.5; South: tone alone.
    assert moments[0].n == 2
    assert moments[0].mean == pytest.approx(3.75)
    assert moments[1] is None
    assert (moments[2].n, moments[2].mean, moments[2].low) == (1, 2.0, None)
    assert found.moments[0].not_applicable == 1
    # By visit first: North tone (5 + 2) / 2, South 3.
    assert found.criteria["tone"].mean == pytest.approx(3.25)
    assert found.criteria["sales"] is None
    assert found.places["North"].mean == pytest.approx((4.5 + 2) / 2)
    assert found.places["South"].n == 1
    assert found.n_visits == 2
    assert found.is_orientation


def test_few_visits_are_said_to_be_few(world, manager, wave):
    for _ in range(3):
        made(wave, {0: alike(4)})
    text = manager.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert "3 visits" in text
    assert "orientation, not measurement" in text


def test_weights_are_checked_and_their_shares_shown(world, consultant, wave):
    url = world.url(f"waves/{wave.pk}/visits/weights/")
    text = consultant.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert "Sum: 6." in text
    weights = {**dict.fromkeys(Criterion.values, "1"), "tone": "5"}
    assert "Sum: 10." in consultant.post(url, weights, follow=True).text
    assert CriterionWeight.objects.get(criterion="tone").weight == 5
    for wrong in ({"tone": "-1"}, {"tone": "101"}, {"tone": "1.5"}, {"tone": ""}):
        assert consultant.post(url, {**weights, **wrong}).status_code == 422
    nothing = consultant.post(url, dict.fromkeys(Criterion.values, "0"))
    assert nothing.status_code == 422
    assert "At least one criterion has to count" in nothing.text
    assert CriterionWeight.objects.get(criterion="tone").weight == 5
