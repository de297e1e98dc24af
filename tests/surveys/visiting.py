"""Mystery visits to test with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from cycles.models import Cycle
from surveys.models import Criterion, Respondent, Shopper, Visit, VisitScore, VisitState, Wave
from surveys.visits.planning import with_link
from tests.prioritization.answers import survey_of, wave_of

NAME, EMAIL = "Ximena Quiroga", "ximena.quiroga@sombra.example"


def mystery_wave(cycle: Cycle, **fields: Any) -> Wave:
    values = {"respondent": Respondent.MYSTERY_SHOPPER, "languages": ["en", "es"], **fields}
    return wave_of(survey_of(cycle, **values))


def shopper_of(wave: Wave, name: str = NAME, email: str = EMAIL) -> Shopper:
    return Shopper.objects.get_or_create(client=wave.survey.cycle.client, name=name, email=email)[0]


def planned(wave: Wave, place: str = "Alba Centre", **fields: Any) -> Visit:
    values = {"shopper": shopper_of(wave), "day": date(2026, 3, 31), **fields}
    visit = with_link(Visit(wave=wave, place=place, **values))
    visit.save()
    return visit


def made(wave: Wave, scores: Mapping[int, Mapping[str, int | None]], **fields: Any) -> Visit:
    """`scores` by the moment's place, from 0, and criterion; None: not applicable."""
    visit = planned(wave, **fields)
    items = list(wave.survey.items.all())
    VisitScore.objects.bulk_create(
        VisitScore(
            visit=visit, item=items[place], criterion=criterion, value=value, applies=value is not None
        )
        for place, told in scores.items()
        for criterion, value in told.items()
    )
    visit.state, visit.done_at = VisitState.DONE, timezone.now()
    visit.save()
    return visit


def alike(value: int | None) -> dict[str, int | None]:
    return dict.fromkeys(Criterion.values, value)
