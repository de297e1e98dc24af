"""AAPOR's rates."""

import pytest

from prioritization.analysis.response_rates import Outcomes, response_rates


def test_every_rate_of_one_survey():
    o = Outcomes(
        complete=400, partial=50, refused=100, not_contacted=200, other=50,
        unknown_household=150, unknown_other=50, ineligible=200,
    )  # fmt: skip
    found = response_rates(o)
    assert found.e == pytest.approx(0.8)
    assert found.rr1 == pytest.approx(400 / 1000)
    assert found.rr2 == pytest.approx(450 / 1000)
    assert found.rr3 == pytest.approx(400 / 960)
    assert found.rr4 == pytest.approx(450 / 960)
    assert found.rr5 == pytest.approx(400 / 800)
    assert found.rr6 == pytest.approx(450 / 800)
    assert found.cooperation == pytest.approx(400 / 600)
    assert found.refusal == pytest.approx(0.1)
    assert found.contact == pytest.approx(0.6)


def test_given_eligibility_and_nobody():
    assert response_rates(Outcomes(complete=5, unknown_other=5), e=0.0).rr3 == 1.0
    empty = response_rates(Outcomes())
    assert (empty.rr1, empty.rr5, empty.cooperation) == (None, None, None)


def test_impossible_counts():
    with pytest.raises(ValueError, match="negative"):
        Outcomes(complete=-1)
    with pytest.raises(ValueError, match="share"):
        response_rates(Outcomes(complete=1), e=1.5)
