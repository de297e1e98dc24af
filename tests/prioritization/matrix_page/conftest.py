"""A survey with answers, and its next wave."""

import pytest

from prioritization.matrix import refresh_stale
from tests.prioritization.answers import answer, survey_of, wave_of


@pytest.fixture
def survey(world):
    return survey_of(world.cycle)


@pytest.fixture
def wave(survey):
    """Three moments: the queue matters most and fails; sixty customers in two segments."""
    wave = wave_of(survey, 1, name="Spring")
    for satisfaction in (1, 2):
        answer(wave, [(3, 4), (4, 5), (5, satisfaction)], times=15, visit="first")
        answer(wave, [(2, 3), (3, 5), (5, satisfaction)], times=15, visit="again")
    refresh_stale()
    return wave


@pytest.fixture
def later(survey, wave):
    """The queue got better, the rest is as it was."""
    later = wave_of(survey, 2, name="Autumn")
    for satisfaction in (3, 4):
        answer(later, [(3, 4), (4, 5), (5, satisfaction)], times=15, visit="first")
        answer(later, [(2, 3), (3, 5), (5, satisfaction)], times=15, visit="again")
    refresh_stale()
    return later
