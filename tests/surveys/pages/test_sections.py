"""The page of a wave is long: a list of its sections leads to each, in the order they stand in."""

import re

import pytest

from surveys import instrument
from tests.surveys.pages.asked_for import page, text


def sections(shown: str) -> list[str]:
    """As the page has them: each with its heading, without those it hides."""
    return re.findall(r'<section class="cs" id="([\w-]+)" aria-labelledby="[\w-]+">', shown)


def linked(shown: str) -> list[str]:
    nav = re.search(r"<nav[^>]*data-sections.*?</nav>", shown, re.DOTALL)
    assert nav
    return re.findall(r'href="#([\w-]+)"', nav[0])


def test_of_a_draft(world, consultant, wave):
    shown = text(consultant.get(page(world, f"waves/{wave.pk}/")))
    assert linked(shown) == sections(shown)
    assert linked(shown)[0] == "settings"
    assert linked(shown)[-1] == "send"


@pytest.mark.parametrize("state", ["open", "closed", "next"])
def test_of_a_wave(world, consultant, opened, state):
    wave = opened
    if state != "open":
        instrument.close_wave(opened)
    if state == "next":
        wave = instrument.next_wave(opened.survey)
    shown = text(consultant.get(page(world, f"waves/{wave.pk}/")))
    assert linked(shown) == sections(shown)
    assert ("send" in linked(shown)) == (state != "closed")
    assert ("wave-list" in linked(shown)) == (state == "next")
