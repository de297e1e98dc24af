"""Weights that give the sample the shape of the population."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritization.analysis.weights import design_effect, effective_n, post_stratify, rake, trim


def test_post_stratification():
    strata = ["young"] * 20 + ["old"] * 80
    w = post_stratify(strata, {"young": 5000, "old": 5000})
    assert w.mean() == pytest.approx(1)
    assert w[0] == pytest.approx(0.5 / 0.2)
    assert w[-1] == pytest.approx(0.5 / 0.8)


def test_small_strata_are_joined():
    strata = ["a"] * 3 + ["b"] * 10 + ["c"] * 30
    w = post_stratify(strata, {"a": 100, "b": 100, "c": 100})
    assert w[0] == w[3] == pytest.approx((200 / 300) / (13 / 43))


@pytest.mark.parametrize("population", [{"a": 5}, {"a": 5, "b": 0}])
def test_strata_without_a_target(population: dict):
    with pytest.raises(ValueError, match="population"):
        post_stratify(["a", "b"], population)


def test_raking_meets_both_margins():
    rng = np.random.default_rng(1)
    sex, region = rng.integers(0, 2, 400), rng.choice(3, 400, p=[0.6, 0.3, 0.1])
    w = rake([(sex, np.array([0.49, 0.51])), (region, np.array([0.2, 0.3, 0.5]))])
    assert w.mean() == pytest.approx(1)
    assert np.bincount(sex, w) / 400 == pytest.approx([0.49, 0.51])
    assert np.bincount(region, w) / 400 == pytest.approx([0.2, 0.3, 0.5])


def test_margins_that_cannot_be_met():
    same = np.array([0, 0, 1, 1])
    with pytest.raises(ValueError, match="together"):
        rake([(same, np.array([0.5, 0.5])), (same, np.array([0.2, 0.8]))], rounds=50)
    with pytest.raises(ValueError, match="target"):
        rake([(same, np.array([0.5, 0.3, 0.2]))])


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=50))
def test_trimming_and_design_effect(values: list[float]):
    w = np.array(values)
    kept = trim(w)
    assert kept.mean() == pytest.approx(1)
    assert kept.max() / kept.min() <= 25 + 1e-9
    assert design_effect(w) >= 1 - 1e-12
    assert design_effect(w) == pytest.approx(design_effect(10 * w))
    assert effective_n(w) == pytest.approx(len(w) / design_effect(w))
