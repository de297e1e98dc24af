"""Figures as people read them."""

import pytest
from django.utils import translation

from prioritization import figures


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "–"), (0.0, "<1%"), (0.004, "<1%"), (0.01, "1%"), (0.5, "50%"), (0.99, "99%"), (0.9901, ">99%")],
)
def test_nothing_is_certain_and_nothing_impossible(share, said):
    with translation.override("en"):
        assert figures.certainty(share) == said


@pytest.mark.parametrize(
    ("p", "text"),
    [(None, figures.MISSING), (0.5764, "0.576"), (0.001, "0.001"), (0.0009, "< 0.001"), (0.0, "< 0.001")],
)
def test_a_small_p_is_not_nought(p, text):
    assert figures.p_value(p) == text
