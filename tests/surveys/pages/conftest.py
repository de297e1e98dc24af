"""A survey as it was drafted, its wave, and the wave opened."""

import pytest

from surveys import instrument
from surveys.models import Wave


@pytest.fixture
def survey(world):
    return instrument.draft_survey(world.cycle)


@pytest.fixture
def wave(survey):
    return Wave.objects.get(survey=survey)


@pytest.fixture
def opened(wave):
    return instrument.open_wave(wave)
