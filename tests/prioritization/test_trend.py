"""The line of one moment, from plain readings."""

import re

import pytest

from cyclemap.svg import text_width
from prioritization.trend import BOTTOM, LABEL_SIZE, TOP, Reading, drawn


def readings(*means, se=0.1, n=50):
    return [
        Reading(f"t{k}", mean, None if mean is None else se, n if mean else 0) for k, mean in enumerate(means)
    ]


def test_the_scale_is_the_height_and_time_goes_right():
    small = drawn(readings(1.0, 5.0, 3.0), (1, 5))
    assert [dot.y for dot in small.dots] == [BOTTOM, TOP, (TOP + BOTTOM) / 2]
    assert small.dots[0].x < small.dots[1].x < small.dots[2].x


def test_an_interval_is_of_t():
    one = drawn(readings(3.0, 3.0, se=0.1, n=10), (1, 5)).readings[0]
    assert one.half == pytest.approx(0.2262, abs=1e-4)


def test_a_time_with_too_few_is_a_gap():
    small = drawn(readings(3.0, 3.1, None, 3.2), (1, 5))
    assert len(small.dots) == 3
    assert re.sub(r"[\d. ]+", "", small.line) == "MLM"


def test_the_first_and_the_last_figure_are_printed_inside_the_drawing():
    small = drawn(readings(5.0, 3.0, 1.0), (1, 5))
    assert [dot.reading.mean for dot in small.ends] == [5.0, 1.0]
    first, last = small.ends
    assert first.says_y > first.bottom, "above the top of the scale is no room"
    assert last.says_y < last.top
    assert len(drawn(readings(3.0, None), (1, 5)).ends) == 1


def test_a_slope_needs_six_times():
    assert drawn(readings(3.0, 3.1, 3.2, 3.3, 3.4), (1, 5)).slope is None
    slope = drawn(readings(3.0, 3.1, 3.2, 3.3, 3.4, 3.5), (1, 5)).slope
    assert slope.slope == pytest.approx(0.1)
    assert slope.se == pytest.approx(0.1 / 17.5**0.5)


def test_long_names_of_two_waves_stand_side_by_side():
    long = [Reading(f"{which} medición, otoño de 2026", 3.0, 0.1, 50) for which in ("Primera", "Segunda")]
    small = drawn(long, (1, 5))
    assert small.label_first.startswith("Primera")
    assert small.label_last.endswith("…")
    wide = text_width(small.label_first, LABEL_SIZE) + text_width(small.label_last, LABEL_SIZE)
    assert wide < small.right - small.left
