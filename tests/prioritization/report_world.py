"""The small world with something to report: answers of two waves, a requirement, actions."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cycles.models import Action, ActionPlan, Moment, Requirement
from prioritization import matrix
from surveys.models import SurveyStatus, Wave
from tests.conftest import World
from tests.prioritization.answers import answer, survey_of, wave_of


@dataclass
class Told:
    """A world, its two waves, and the action that is late."""

    world: World
    before: Wave
    wave: Wave
    late: Action


def tell(world: World) -> Told:
    survey = survey_of(world.cycle)
    before = wave_of(survey, 1, SurveyStatus.CLOSED, name="Spring")
    wave = wave_of(survey, 2, name="Autumn", closes_on=timezone.localdate() + timedelta(days=3))
    # The queue falls clearly, the greeting rises clearly, finding the shop stays.
    for _ in range(10):
        answer(before, [(3, 4), (4, 2), (5, 4)], times=2)
        answer(before, [(2, 4), (4, 3), (5, 3)], times=2)
        answer(wave, [(3, 4), (4, 4), (5, 2)], times=2)
        answer(wave, [(2, 4), (4, 5), (5, 1)], times=2)
    matrix.refresh_stale()
    moments = list(Moment.objects.filter(stage__cycle=world.cycle).order_by("stage__position", "position"))
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    short = Requirement.objects.create(moment=moments[2], position=0, name="A short queue", minimum="5 min")
    Requirement.objects.create(moment=moments[2], position=1, name="A seat while waiting")
    late = Action.objects.create(
        plan=plan,
        number=1,
        name="Second till",
        owner="Olga",
        due_on=timezone.localdate() - timedelta(days=6),
        effort=2,
        impact=4,
        status="doing",
    )
    late.requirements.add(short)
    done = Action.objects.create(
        plan=plan,
        number=2,
        name="Say hello",
        status="done",
        done_on=timezone.localdate() - timedelta(days=1),
        owner="Hugo",
    )
    done.moments.add(moments[1])
    return Told(world, before, wave, late)
