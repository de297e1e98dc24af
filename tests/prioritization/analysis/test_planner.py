"""Sample sizes, response rates, weights, SERVQUAL, suppression: published values and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritization.analysis.planner import (
    margin_of_error,
    sample_before_after,
    sample_for_mean,
    sample_for_nps,
    sample_for_share,
)


@pytest.mark.parametrize(
    ("population", "printed"),
    # Krejcie and Morgan 1970, Educ. Psychol. Meas. 30:607, table 1. They take chi-square 3.841 and
    # round; we round up, so ours is theirs or one more.
    [
        (10, 10),
        (50, 44),
        (100, 80),
        (200, 132),
        (500, 217),
        (1000, 278),
        (5000, 357),
        (10000, 370),
        (75000, 382),
        (1000000, 384),
    ],
)
def test_krejcie_and_morgan(population: int, printed: int):
    found = sample_for_share(0.05, population=population).needed
    assert found in (printed, printed + 1)


def test_the_infinite_sample():
    assert sample_for_share(0.05).needed == 385
    assert sample_for_share(0.05, confidence=0.99).needed == 664
    assert sample_for_share(0.03).needed == 1068


def test_invitations_and_design_effect():
    found = sample_for_share(0.05, response_rate=0.25, design_effect=1.5)
    assert found.needed == 577
    assert found.invitations == 2308


def test_means_and_nps():
    assert sample_for_mean(0.1, 1.0).needed == 385
    assert sample_for_nps(10).needed == 385
    assert sample_for_nps(10, promoters=0.5, detractors=0.2).needed == 235


def test_before_and_after():
    # Cohen 1988: d = .2, power .80, alpha .05 -> 393 per group by the normal formula.
    assert sample_before_after(1.0, 0.2).needed == 393
    assert sample_before_after(1.0, 0.5).needed == 63


@given(st.integers(30, 100_000), st.integers(2, 20))
def test_the_planned_sample_reaches_its_margin(population: int, points: int):
    needed = sample_for_share(points / 100, population=population).needed
    assert margin_of_error(needed, population=population) <= points / 100 + 1e-9
    if needed > 1:
        assert margin_of_error(needed - 1, population=population) > points / 100 - 1e-9


def test_asking_everyone_leaves_no_margin():
    assert margin_of_error(50, population=50) == 0
    assert margin_of_error(385) == pytest.approx(0.04995, abs=1e-5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_for_share(0),
        lambda: sample_for_share(0.05, p=1),
        lambda: sample_for_share(0.05, population=0),
        lambda: sample_for_share(0.05, response_rate=0),
        lambda: sample_for_share(0.05, design_effect=0),
        lambda: sample_for_mean(0, 1),
        lambda: sample_for_nps(0),
        lambda: sample_before_after(1, 0),
        lambda: margin_of_error(11, population=10),
        lambda: sample_for_share(np.nan),
    ],
)
def test_numbers_out_of_range(call):
    with pytest.raises(ValueError, match=r"."):
        call()
