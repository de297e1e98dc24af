"""SERVQUAL: perception less expectation."""

import numpy as np
import pytest

from prioritization.analysis.servqual import DIMENSIONS, servperf, servqual


def test_gaps_have_servqual_s_sign():
    expectation = np.full((4, 22), 6.0)
    perception = np.full((4, 22), 5.0)
    perception[:, 0:4] = 7.0
    found = servqual(
        expectation,
        perception,
        {"tangibles": 40, "reliability": 30, "responsiveness": 10, "assurance": 10, "empathy": 10},
    )
    assert found.dimensions["tangibles"] == 1.0
    assert found.dimensions["reliability"] == -1.0
    assert found.total == pytest.approx(-0.6)
    assert found.weighted == pytest.approx(-0.2)
    assert sum(len(items) for items in DIMENSIONS.values()) == 22
    assert servperf(perception)["empathy"] == 5.0


def test_only_who_gave_both_counts():
    expectation, perception = np.full((2, 22), 5.0), np.full((2, 22), 4.0)
    perception[0, 0] = np.nan
    expectation[1, 0] = 7.0
    assert servqual(expectation, perception).items[0] == -3.0


def test_refusals():
    with pytest.raises(ValueError, match="shape"):
        servqual(np.zeros((2, 22)), np.zeros((2, 21)))
    with pytest.raises(ValueError, match="item"):
        servqual(np.zeros((2, 20)), np.zeros((2, 20)))
    with pytest.raises(ValueError, match="100"):
        servqual(np.zeros((2, 22)), np.zeros((2, 22)), {"tangibles": 100})
