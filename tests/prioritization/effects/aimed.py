"""An action that aims at moments, and the waves before and after it."""

import re
from datetime import timedelta

from django.utils import timezone

from cycles.models import Action, Moment
from prioritization.effects import effects_of
from prioritization.matrix import refresh_stale
from prioritization.models import Target
from surveys.models import Survey, Wave
from tests.prioritization.answers import answer, wave_of

NOW = timezone.now
MOMENTS = ["Find the shop", "Be greeted", "Queue at the till"]


def ago(days: int):
    return NOW() - timedelta(days=days)


def later(survey: Survey, queue: tuple[int, int], first: tuple[int, int] = (4, 3), days: int = 10) -> Wave:
    wave = wave_of(survey, survey.waves.count() + 1, "closed", name="Autumn", opened_at=ago(days))
    for a, b, visit in ((first[0], queue[0], "first"), (first[1], queue[1], "again")):
        answer(wave, [(3, a), (4, 4 + (visit == "first")), (5, b)], times=20, visit=visit)
    refresh_stale()
    return wave


def moment(name: str = MOMENTS[2]) -> Moment:
    return Moment.objects.get(name=name, stage__cycle__name="Cycle of alba")


def begin(action: Action, days: int = 50, status: str = "done") -> Action:
    action.status, action.launched_on = status, timezone.localdate(ago(days))
    action.save()
    return action


def aim(action: Action, wave: Wave, *names: str, days: int = 60, **fields) -> Target:
    target = Target.objects.create(
        action=action, baseline=wave, smallest_change="0.3", fixed_at=ago(days), **fields
    )
    target.moments.set([moment(name) for name in names or MOMENTS[2:]])
    return target


def page(browser, world, path: str, status: int = 200) -> str:
    response = browser.get(world.url(path))
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def only(world):
    (effect,) = effects_of(world.cycle)
    return effect
