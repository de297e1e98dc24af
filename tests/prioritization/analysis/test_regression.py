"""Relative importance against published decompositions and against plain regressions."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritization.analysis.regression import Method, contributions, lmg, relative_weights, shares, subset_r2
from tests.prioritization.analysis.published import MTCARS, SWISS, with_outcome_last


def r2_by_least_squares(x: np.ndarray, y: np.ndarray) -> float:
    design = np.column_stack([np.ones(len(y)), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(1 - (rest @ rest) / ((y - y.mean()) @ (y - y.mean())))


def test_lmg_of_swiss_is_what_relaimpo_prints():
    # Groemping 2006, J. Stat. Software 17(1); calc.relimp(Fertility ~ ., swiss, type = "lmg").
    found = lmg(with_outcome_last(SWISS))[0]
    published = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
    assert found == pytest.approx(published, abs=5e-9)
    assert found.sum() == pytest.approx(0.706735, abs=5e-7)  # R2 of the regression of all five


def test_relative_weights_of_mtcars_are_what_rwa_prints():
    # rwa, article "regression methods": rwa_multiregress(mtcars, "mpg", c("cyl", "disp", "hp", "wt")).
    R = with_outcome_last(MTCARS)
    found = relative_weights(R)
    assert found[0] == pytest.approx([0.2096904, 0.1883043, 0.1799590, 0.2706812], abs=5e-8)
    rescaled = 100 * shares(found, Method.RELATIVE_WEIGHTS)[0]
    assert rescaled == pytest.approx([24.70914, 22.18908, 21.20570, 31.89607], abs=5e-6)


def test_lmg_is_the_average_over_all_orders_of_entry():
    y, x = MTCARS[:, 0], MTCARS[:, 1:]
    gains = np.zeros(4)
    orders = list(permutations(range(4)))
    for order in orders:
        before = 0.0
        for k, column in enumerate(order):
            now = r2_by_least_squares(x[:, list(order[: k + 1])], y)
            gains[column] += now - before
            before = now
    assert lmg(with_outcome_last(MTCARS))[0] == pytest.approx(gains / len(orders), abs=1e-12)


def test_r2_of_every_subset_is_that_of_its_own_regression():
    y, x = SWISS[:, 0], SWISS[:, 1:]
    r2 = subset_r2(with_outcome_last(SWISS))[0]
    assert r2[0] == pytest.approx(0.0, abs=1e-12)
    for subset in range(1, 32):
        used = [m for m in range(5) if subset >> m & 1]
        assert r2[subset] == pytest.approx(r2_by_least_squares(x[:, used], y), abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(moments=st.integers(1, 7), seed=st.integers(0, 10_000), halo=st.floats(0, 3))
def test_parts_sum_to_r2(moments: int, seed: int, halo: float):
    """S16, mistake 16."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, moments)) + halo * rng.normal(size=(60, 1))
    y = x @ rng.normal(size=moments) + rng.normal(size=60)
    R = np.asarray(np.corrcoef(np.column_stack([x, y]), rowvar=False))[None]
    r2 = r2_by_least_squares(x, y)
    assert lmg(R)[0].sum() == pytest.approx(r2, abs=1e-8)
    assert relative_weights(R)[0].sum() == pytest.approx(r2, abs=1e-8)
    assert (lmg(R) >= -1e-9).all()
    for method in Method:
        assert shares(contributions(R, method), method).sum() == pytest.approx(1.0)


def test_independent_moments_keep_their_own_r2():
    R = np.eye(4)[None].copy()
    R[0, :3, 3] = R[0, 3, :3] = [0.5, 0.3, -0.1]
    for method in (lmg, relative_weights):
        assert method(R)[0] == pytest.approx([0.25, 0.09, 0.01], abs=1e-12)


def test_lmg_refuses_what_it_cannot_reach():
    with pytest.raises(ValueError, match="relative weights"):
        lmg(np.eye(22)[None])
