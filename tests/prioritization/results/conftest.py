"""An opened survey, with nothing kept of other tests."""

import pytest

from surveys.models import Wave
from tests.conftest import World
from tests.prioritization.answers import survey_of, wave_of
from tests.prioritization.results.reading import forget_all


@pytest.fixture(autouse=True)
def fresh() -> None:
    forget_all()


@pytest.fixture
def wave(world: World) -> Wave:
    return wave_of(survey_of(world.cycle))
