"""A moment with something to agree about."""

from decimal import Decimal

import pytest

from cycles.models import Moment, Requirement


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


@pytest.fixture
def need(queue):
    return Requirement.objects.create(
        moment=queue,
        position=0,
        name="Wait little",
        measure="Minutes in the queue",
        target_bound="at_most",
        target_value=Decimal("4.50"),
        target_unit="min",
    )
