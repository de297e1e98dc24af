"""What may be shown without showing a person."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prioritization.analysis.suppression import may_say_everyone, reveals_the_rest, suppressed


def test_one_hidden_cell_hides_the_next_smallest():
    assert suppressed(np.array([40, 7, 12, 90])).tolist() == [False, True, True, False]
    assert suppressed(np.array([40, 7, 3, 90])).tolist() == [False, True, True, False]
    assert suppressed(np.array([40, 12])).tolist() == [False, False]
    assert suppressed(np.array([4])).tolist() == [True]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=12), st.integers(5, 30))
def test_never_exactly_one_and_never_a_small_one(counts: list[int], k: int):
    hidden = suppressed(np.array(counts), k)
    assert hidden.sum() != 1
    assert all(n >= k for n, gone in zip(counts, hidden, strict=True) if not gone)


def test_a_filter_must_not_show_who_it_leaves_out():
    assert reveals_the_rest(95, 100)
    assert reveals_the_rest(9, 100)
    assert not reveals_the_rest(100, 100)
    assert not reveals_the_rest(90, 100)


def test_everyone_needs_twice_as_many():
    assert not may_say_everyone(19)
    assert may_say_everyone(20)


def test_threshold_has_a_floor():
    with pytest.raises(ValueError, match="at least 5"):
        suppressed(np.array([3, 4]), 4)
