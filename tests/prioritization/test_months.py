"""Which months may be chosen, from plain counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritization.months import Stretch, span, split, stretches
from prioritization.tallies.cubes import month_of


def test_a_month_with_few_answers_joins_its_neighbour():
    found = stretches([((2026, 1), 4), ((2026, 2), 8), ((2026, 3), 30), ((2026, 4), 3)])
    assert found == [Stretch((2026, 1), (2026, 2), 12), Stretch((2026, 3), (2026, 4), 33)]


@given(st.dictionaries(st.tuples(st.integers(2020, 2026), st.integers(1, 12)), st.integers(1, 40)))
def test_no_two_periods_give_fewer_than_ten_away(counts):
    found = stretches(counts.items())
    assert all(one.n >= 10 for one in found)
    assert sum(one.n for one in found) == (sum(counts.values()) if found else 0)


def test_a_period_begins_and_ends_with_a_stretch():
    found = stretches([((2025, 12), 10), ((2026, 1), 4), ((2026, 2), 8), ((2026, 3), 10)])
    assert span(found, "2026-01", "2026-02") == (date(2026, 1, 1), date(2026, 2, 28))
    assert span(found, "", "2026-02") == (date(2025, 12, 1), date(2026, 2, 28))
    assert span(found, "2026-02", "") is None  # the middle of a stretch
    assert span(found, "2026-03", "2025-12") is None


@pytest.mark.parametrize("month", [(2026, 1), (2026, 12), (1999, 7)])
def test_months_are_numbered_as_the_tallies_number_them(month):
    assert split(month_of(*month)) == month
