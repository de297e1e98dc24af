"""A plan with an action."""

import pytest

from cycles.models import Action, ActionPlan, Moment


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


@pytest.fixture
def plan(world):
    return ActionPlan.objects.create(cycle=world.cycle, name="First plan")


@pytest.fixture
def action(plan):
    return Action.objects.create(plan=plan, number=1, name="A second till")
