"""An opened survey whose mail is to be sent."""

import pytest

from surveys.models import Wave
from tests.surveys.asking import open_survey


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)
