"""Periods, and the drawing of results."""

from datetime import date
from decimal import Decimal

from cycles.measured_page import next_period
from cycles.results import Result, following, keeps, preceding, with_gaps
from cycles.series import Point, draw_series, scale_of
from tests.cycles.results.level import TODAY


def test_periods_follow_each_other():
    assert following(date(2026, 12, 1), "month") == date(2027, 1, 1)
    assert preceding(date(2026, 1, 1), "month") == date(2025, 12, 1)
    assert preceding(date(2026, 3, 1), "day") == date(2026, 2, 28)
    assert with_gaps([], "month", TODAY) == []
    assert keeps("at_most", Decimal(4), Decimal(4))
    assert keeps("at_least", Decimal(4), Decimal(4))


def test_the_line_breaks_where_a_result_is_missing():
    points = [
        Point("Jan", 3.0, "3", True),
        Point("Feb", None),
        Point("Mar", 5.0, "5", False),
        Point("Apr", 4.0),
    ]
    series = draw_series(points, 4.0, "At most 4")
    assert series
    assert series.line.count("M") == 2
    assert series.line.count("L") == 1
    assert [dot.kept for dot in series.dots] == [True, False, None]
    assert len(series.gaps) == 1
    assert series.target
    assert draw_series([Point("Jan", None)]) is None
    assert draw_series([]) is None
    one = draw_series([Point("Jan", 0.0, "0", True)])
    assert one
    assert len(one.dots) == 1


def test_the_scale_holds_every_value_and_begins_at_zero_where_that_is_near():
    for values_, first in (
        ([3, 4, 5], None),
        ([1, 100], 0.0),
        ([95.1, 96.9], None),
        ([0], 0.0),
        ([-5, 5], None),
    ):
        low, high, step = scale_of([float(value) for value in values_])
        assert low <= min(values_), values_
        assert high >= max(values_), values_
        assert high > low
        assert step > 0
        if first is not None:
            assert low == first
    assert scale_of([7.0, 7.0])[0] == 0.0


def test_the_next_period_is_offered_until_all_have_theirs():
    def after(*days):
        return next_period([Result(day, Decimal(1)) for day in days], "month", TODAY)

    assert after() == "2026-10"  # the last month that is over
    assert after(date(2026, 8, 1)) == "2026-09"
    assert after(date(2026, 10, 1)) == "2026-11"
    assert after(date(2026, 11, 1)) == ""
