"""An opened survey of mystery shoppers."""

import pytest

from tests.surveys.visiting import mystery_wave


@pytest.fixture
def wave(world):
    return mystery_wave(world.cycle)
