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
