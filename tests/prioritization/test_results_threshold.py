"""The threshold of a survey holds everywhere alike: results, matrix, last comments of the survey's page."""

import pytest

from prioritization.matrix import refresh_stale
from prioritization.results.who import forget
from surveys.models import Response, Survey, Wave
from tests.conftest import World
from tests.prioritization.answers import answer, survey_of, wave_of

SHOWN = {"results": "Satisfaction with “Find the shop”", "matrix": "1. Find the shop: importance"}


@pytest.fixture
def wave(world: World) -> Wave:
    forget()
    found = wave_of(survey_of(world.cycle))
    answer(found, [(5, 2), (3, 4), (2, 5)], times=15, city="Cali")
    answer(found, [(4, 3), (2, 5), (5, 1)], times=15, city="Pasto")
    Response.objects.update(comment="Slow till")
    return found


def pages(browser, world: World, wave: Wave, query: str = "") -> dict[str, str]:
    refresh_stale()
    return {
        name: browser.get(world.url(f"cycles/{world.cycle.pk}/{name}/{query}")).content.decode()
        for name in SHOWN
    }


@pytest.mark.parametrize(("threshold", "seen"), [(5, True), (30, True), (31, False)])
def test_a_wave_below_the_threshold_is_shown_nowhere(world, consultant, wave, threshold, seen):
    Survey.objects.update(threshold=threshold)
    for name, page in pages(consultant, world, wave).items():
        assert (SHOWN[name] in page) is seen, name
    assert ("Slow till" in consultant.get(world.url(f"waves/{wave.pk}/")).content.decode()) is seen


@pytest.mark.parametrize(("threshold", "seen"), [(5, True), (15, True), (16, False)])
def test_a_group_below_the_threshold_is_shown_nowhere(world, consultant, wave, threshold, seen):
    Survey.objects.update(threshold=threshold)
    for name, page in pages(consultant, world, wave, "?segment=city%3DCali").items():
        assert ("too small to stay anonymous" not in page) is seen, name
        assert SHOWN[name] in page, "of everybody then"
