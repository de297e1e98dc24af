"""The other sides of the example: what the team of Lunaria believes that customers would say, and what six
mystery visits to two of its shops found. They are kinder to the house than its customers are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np
from django.utils import timezone

from cyclemap.example.figures import FIGURES
from cyclemap.example.rounds import moment_of
from cycles.models import Cycle
from surveys import instrument
from surveys.models import (
    Criterion,
    Item,
    Rating,
    Respondent,
    Response,
    Shopper,
    Survey,
    Visit,
    VisitScore,
    VisitState,
    Wave,
)
from surveys.visits.planning import with_link
from surveys.visits.weights import set_weights

SEED = 1981
TEAM = 20
# What the team believes, where it is far from what customers say; elsewhere a little above it.
BELIEVED = {2: 4.1, 4: 3.0, 9: 4.2, 11: 3.9, 12: 4.4, 15: 4.0, 16: 2.7}
A_LITTLE = 0.15
# Each criterion of a visit lies so much from what customers say of the moment.
LEAN = {
    Criterion.TONE: 0.4,
    Criterion.COURTESY: 0.5,
    Criterion.SALES: -0.6,
    Criterion.PRODUCT: 0.1,
    Criterion.TIME: -0.3,
    Criterion.RESOLUTION: -0.1,
}
# Where nobody of the house speaks with the customer, most criteria do not apply.
ALONE = {1, 4, 5, 16, 17}
WEIGHTS = {
    Criterion.TONE: 1,
    Criterion.COURTESY: 2,
    Criterion.SALES: 1,
    Criterion.PRODUCT: 2,
    Criterion.TIME: 2,
    Criterion.RESOLUTION: 2,
}


@dataclass(frozen=True)
class Planned:
    """A visit of the example. Days count from today; without times it is still to be made."""

    place: str
    day: int
    shopper: int
    arrived: time | None
    left: time | None
    notes: str = ""
    reviewed: bool = False


SHOPPERS = [
    ("Beatriz Olmo", "beatriz.olmo@sombra.example"),
    ("Iván Quintana", "ivan.quintana@sombra.example"),
]
SCENARIO = "Buscar un vestido de fiesta, pedir una talla que no está a la vista, probárselo y pagar."
VISITS = [
    Planned(
        "Plaza Mirador",
        -15,
        0,
        time(11, 10),
        time(12, 2),
        "Saludo inmediato y con sonrisa. Once minutos de fila en caja con una sola persona cobrando.",
        True,
    ),
    Planned(
        "Plaza Mirador",
        -13,
        1,
        time(18, 30),
        time(19, 41),
        "Probadores llenos; nadie dijo cuánto faltaba. La asesora conocía bien las telas.",
        True,
    ),
    Planned(
        "Gran Vía",
        -12,
        0,
        time(12, 5),
        time(12, 50),
        "Trajeron otra talla en tres minutos. No ofrecieron nada más al pagar.",
        True,
    ),
    Planned(
        "Gran Vía",
        -9,
        1,
        time(19, 0),
        time(20, 8),
        "Para la devolución pidieron esperar a la encargada. Trato correcto.",
        True,
    ),
    Planned(
        "Plaza Mirador",
        -6,
        1,
        time(10, 15),
        time(10, 58),
        "Tienda vacía: atención perfecta. El arreglo de costura se explicó con claridad.",
    ),
    Planned(
        "Gran Vía",
        -4,
        0,
        time(17, 45),
        time(18, 55),
        "En caja se formó fila y abrieron otra a los ocho minutos.",
    ),
    Planned("Plaza Mirador", 3, 1, None, None),
]


def load_sides(cycle: Cycle, today: date) -> list[Wave]:
    rng = np.random.default_rng(SEED)
    return [_team(rng, cycle, today), _mystery(rng, cycle, today)]


def _opened(cycle: Cycle, name: str, respondent: str, today: date, days: int, **fields: object) -> Wave:
    """Opened by the same door as by hand, then moved to its day."""
    survey = instrument.draft_survey(
        cycle, name=name, brand="Lunaria", contact_address="hola@lunaria.example"
    )
    Survey.objects.filter(pk=survey.pk).update(respondent=respondent, **fields)
    wave = instrument.open_wave(Wave.objects.get(survey=survey))
    wave.opened_at = moment_of(today, days, time(9, 30))
    wave.name = "Equipo" if respondent == Respondent.STAFF else "Visitas"
    wave.save()
    Survey.objects.filter(pk=survey.pk).update(
        created_at=wave.opened_at - timedelta(days=2), frozen_at=wave.opened_at
    )
    wave.refresh_from_db()
    return wave


def _items(wave: Wave) -> list[tuple[int, Item]]:
    """With the moment's number on the wheel, from 1."""
    return list(enumerate(Item.objects.filter(survey=wave.survey_id), 1))


def _on_scale(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 1, 5).astype(int)


def _team(rng: np.random.Generator, cycle: Cycle, today: date) -> Wave:
    """Twenty of the shops, each with a mood of their own. Of everything, whether they live it or not."""
    wave = _opened(cycle, "Lo que cree el equipo", Respondent.STAFF, today, -17, asks_nps=False)
    items = _items(wave)
    mood = rng.normal(0, 0.35, (TEAM, 1))
    believed = np.array([BELIEVED.get(n, FIGURES[n].satisfaction[1] + A_LITTLE) for n, _item in items])
    matters = np.array([FIGURES[n].importance[1] for n, _item in items])
    satisfaction = _on_scale(believed + mood + rng.normal(0, 0.55, (TEAM, len(items))))
    importance = _on_scale(matters + rng.normal(0, 0.6, (TEAM, len(items))))
    overall = _on_scale(satisfaction.mean(axis=1))
    assert wave.opened_at is not None
    responses = [
        Response(
            wave=wave,
            submitted_at=wave.opened_at + timedelta(hours=7 * row + 2),
            language="es",
            overall=int(overall[row]),
        )
        for row in range(TEAM)
    ]
    Response.objects.bulk_create(responses)
    Rating.objects.bulk_create(
        Rating(
            response_id=response.pk,
            item_id=item.pk,
            importance=int(importance[row, column]),
            satisfaction=int(satisfaction[row, column]),
        )
        for row, response in enumerate(responses)
        for column, (_number, item) in enumerate(items)
    )
    return wave


def _mystery(rng: np.random.Generator, cycle: Cycle, today: date) -> Wave:
    wave = _opened(
        cycle,
        "Comprador misterioso",
        Respondent.MYSTERY_SHOPPER,
        today,
        -16,
        importance="none",
        asks_nps=False,
    )
    set_weights(wave.survey, {str(criterion): weight for criterion, weight in WEIGHTS.items()})
    shoppers = [Shopper(client=cycle.client, name=name, email=email) for name, email in SHOPPERS]
    Shopper.objects.bulk_create(shoppers)
    items = _items(wave)
    for planned in VISITS:
        visit = Visit(
            wave=wave,
            shopper=shoppers[planned.shopper],
            place=planned.place,
            day=today + timedelta(days=planned.day),
            scenario=SCENARIO,
            created_at=wave.opened_at or timezone.now(),
        )
        if planned.arrived is not None:
            done = moment_of(today, planned.day, time(21, 30))
            visit.arrived_at, visit.left_at, visit.notes = planned.arrived, planned.left, planned.notes
            visit.state = VisitState.REVIEWED if planned.reviewed else VisitState.DONE
            visit.started_at = visit.done_at = done
            visit.reviewed_at = done + timedelta(days=1) if planned.reviewed else None
        with_link(visit).save()
        if planned.arrived is not None:
            _score(rng, visit, dict(items))
    return wave


def _score(rng: np.random.Generator, visit: Visit, items: Mapping[int, Item]) -> None:
    """Not every visit goes through everything; where nobody serves, only time and outcome are looked at."""
    mood = rng.normal(0, 0.3)
    scores = []
    for number, item in items.items():
        figure = FIGURES[number]
        if rng.random() > max(0.5, figure.reach):
            continue
        for criterion in Criterion:
            applies = number not in ALONE or criterion in (Criterion.TIME, Criterion.RESOLUTION)
            drawn = figure.satisfaction[1] + LEAN[criterion] + mood + rng.normal(0, 0.5)
            value = int(np.clip(round(drawn), 1, 5)) if applies else None
            scores.append(
                VisitScore(visit=visit, item=item, criterion=criterion, value=value, applies=applies)
            )
    VisitScore.objects.bulk_create(scores)
