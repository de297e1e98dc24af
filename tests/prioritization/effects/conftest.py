"""A survey whose queue fails, and an action against it."""

import pytest

from cycles.models import Action, ActionPlan
from prioritization.effect_waves import forget
from prioritization.matrix import refresh_stale
from surveys.models import Survey, Wave
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.prioritization.effects.aimed import ago, moment


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()


@pytest.fixture
def survey(world) -> Survey:
    return survey_of(world.cycle)


@pytest.fixture
def before(survey) -> Wave:
    """The queue fails; forty customers, half of them here for the first time."""
    wave = wave_of(survey, 1, "closed", name="Spring", opened_at=ago(90))
    for queue in (2, 3):
        answer(
            wave, [(3, 3 + queue % 2), (4, 4), (5, queue)], times=20, visit="first" if queue == 2 else "again"
        )
    refresh_stale()
    return wave


@pytest.fixture
def action(world) -> Action:
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    made = Action.objects.create(plan=plan, number=1, name="Second till", status="approved")
    made.moments.add(moment())
    return made
