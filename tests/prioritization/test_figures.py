"""Figures as people read them."""

import pytest
from django.template import Context, Template
from django.utils import translation

from cycles import drawing, felt
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


@pytest.mark.parametrize("value", [4.05, 3.95, -4.05, 2.25, 0.15, -0.04, 4.0, 3.849999])
def test_a_figure_reads_the_same_wherever_it_stands(value):
    """Half away from zero, as `floatformat`: 4.05 is 4.1 on every page."""
    floated = Template("{{ value|floatformat:1 }}").render(Context({"value": value}))
    with translation.override("en"):
        assert figures.decimal(value).replace(figures.MINUS, "-") == floated
        assert drawing.figure(value) == felt.decimal(value) == floated


@pytest.mark.parametrize(
    ("share", "said"), [(0.125, "13%"), (0.025, "3%"), (0.1249, "12%"), (-0.125, "-13%")]
)
def test_half_a_percent_is_rounded_up(share, said):
    with translation.override("en"):
        assert figures.percent(share) == said
