"""A service level that waits for its results."""

import pytest

from cycles.models import Moment
from tests.cycles.service_levels.agreeing import agree


@pytest.fixture
def level(world):
    return agree(world.cycle, moment=Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till"))
