"""What moved since the wave compared with, as a drawing to take away."""

import pytest
from django.test import Client as Browser

from surveys.models import SurveyStatus
from tests.conftest import World
from tests.prioritization.answers import answer, survey_of, wave_of


@pytest.fixture
def drawings(world: World, consultant: Browser) -> str:
    survey = survey_of(world.cycle)
    for number, status in ((1, SurveyStatus.CLOSED), (2, SurveyStatus.OPEN)):
        wave = wave_of(survey, number, status)
        for turn in range(40):
            answer(wave, [(5 - turn % 2, number + turn % 3), (3, 4 - turn % 2), (4, 2 + turn % 2)])
    return world.url(f"cycles/{world.cycle.pk}/matrix/")


def test_the_changes_are_a_drawing_of_their_own(drawings: str, consultant: Browser) -> None:
    page = consultant.get(drawings).content.decode()
    assert "Drawing of the changes (SVG)" in page
    plain = consultant.get(f"{drawings}chart.svg").content.decode()
    moved = consultant.get(f"{drawings}chart.svg?drawing=changes").content.decode()
    assert "mx-arr" not in plain
    assert moved.count("mx-from") == 1, "what stays has no arrow"
    assert "Change from Wave 1 to Wave 2" in moved
    picture = consultant.get(f"{drawings}chart.png?drawing=changes")
    assert picture.content.startswith(b"\x89PNG")


def test_without_a_comparison_there_is_none(drawings: str, consultant: Browser) -> None:
    assert "Drawing of the changes" not in consultant.get(f"{drawings}?compare=none").content.decode()
    answer = consultant.get(f"{drawings}chart.svg?compare=none&drawing=changes").content.decode()
    assert "mx-arr" not in answer
