"""Answers at random, and the tally of them made the plain way: row by row, by the analysis itself."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import transaction

from cycles.models import Cycle
from prioritization.analysis.ratings import Ratings, Scale, Scales, State
from prioritization.analysis.tally import Tally
from prioritization.tallies.digest import layout_of
from prioritization.tallies.layout import Layout
from prioritization.tallies.read import Filter, read
from surveys.models import Item, Rating, Response, Survey, Wave
from tests.prioritization.answers import survey_of, wave_of

START = datetime(2025, 11, 20, 12, tzinfo=UTC)
VISITS, CITIES = ("first", "again", ""), ("Bogotá", "Lima", "Quito", "La Paz")


def asked_wave(cycle: Cycle, scale_max: int = 5, **fields) -> Wave:
    return wave_of(survey_of(cycle, scale_max=scale_max, **fields))


@transaction.atomic
def answer_at_random(wave: Wave, n: int, rng: random.Random, days: int = 120, **segments) -> list[Response]:
    """Everything that may be there may also be missing."""
    survey: Survey = wave.survey
    points = range(1, survey.scale_max + 1)
    items: Sequence[Item] = list(survey.items.all())
    responses = []
    for _ in range(n):
        kind = {"visit": rng.choice(VISITS), "city": rng.choice(CITIES), "club": rng.choice((True, None))}
        chosen = {name: value for name, value in {**kind, **segments}.items() if rng.random() < 0.9}
        responses.append(
            Response(
                wave=wave,
                submitted_at=START + timedelta(seconds=rng.randrange(days * 86_400)),
                segments=chosen,
                overall=rng.choice((None, *points)),
                nps=rng.choice((None, *range(11))),
            )
        )
    Response.objects.bulk_create(responses)
    ratings = []
    for response in responses:
        for item in items:
            if rng.random() < 0.1:
                continue
            lived = rng.random() < 0.8
            ratings.append(
                Rating(
                    response_id=response.pk,
                    item_id=item.pk,
                    importance=rng.choice((None, *points)),
                    satisfaction=rng.choice((None, *points)) if lived else None,
                    experienced=lived,
                )
            )
    Rating.objects.bulk_create(ratings)
    return responses


def plain_tally(wave: Wave, wanted: Filter | None = None) -> Tally:
    """Of all rows that hold, with nothing of the tallies but the question."""
    survey = wave.survey
    wanted = wanted or Filter()
    items = {item.pk: k for k, item in enumerate(survey.items.all())}
    responses = [r for r in Response.objects.filter(wave=wave) if holds(r, wanted)]
    shape = len(responses), len(items)
    importance, satisfaction = np.full(shape, np.nan), np.full(shape, np.nan)
    state = np.full(shape, State.NOT_ASKED, np.int8)
    row = {r.pk: k for k, r in enumerate(responses)}
    for rating in Rating.objects.filter(response__wave=wave):
        if rating.response_id not in row:
            continue
        at = row[rating.response_id], items[rating.item_id]
        importance[at] = np.nan if rating.importance is None else rating.importance
        satisfaction[at] = np.nan if rating.satisfaction is None else rating.satisfaction
        there = State.RATED if rating.satisfaction is not None else State.NO_ANSWER
        state[at] = there if rating.experienced else State.NOT_EXPERIENCED

    def headline(name: str, asked: bool):
        values = [getattr(r, name) for r in responses]
        return np.array([np.nan if v is None else v for v in values], np.float64) if asked else None

    scale = Scale(1, survey.scale_max)
    return Tally.of(
        Ratings(
            Scales(scale, scale, scale if survey.asks_overall else None),
            importance,
            satisfaction,
            state,
            overall=headline("overall", survey.asks_overall),
            nps=headline("nps", survey.asks_nps),
        )
    )


def holds(response: Response, wanted: Filter) -> bool:
    day = response.submitted_at.date()
    if (wanted.first and day < wanted.first) or (wanted.last and day > wanted.last):
        return False
    kept = {name: str(v) for name, v in response.segments.items() if v not in (None, "")}
    return all(kept.get(name) == value for name, value in wanted.segments)


def same(a: Tally, b: Tally) -> None:
    """To the last bit."""
    assert a.scales == b.scales
    assert a.respondents == b.respondents
    for part in ("joint", "overall", "nps", "overall_by_satisfaction"):
        one, other = getattr(a, part), getattr(b, part)
        assert (one is None) == (other is None), part
        if one is not None:
            for name in ("n", "w", "w2"):
                x, y = getattr(one, name), getattr(other, name)
                assert x.dtype == y.dtype
                np.testing.assert_array_equal(x, y, err_msg=f"{part}.{name}")
    for name in ("n", "w", "wx", "wxx", "wxy", "w2", "w2x", "w2xy"):
        np.testing.assert_array_equal(getattr(a.cross, name), getattr(b.cross, name), err_msg=f"cross.{name}")


def layout(wave: Wave) -> Layout:
    return layout_of(Wave.objects.select_related("survey").get(pk=wave.pk))


def check_reads(wave: Wave, rng: random.Random, filters: int = 6) -> None:
    """Everybody and some filters at random, all in one statement, against the rows."""
    wanted = [Filter(), *(filter_at_random(rng) for _ in range(filters))]
    found = read(wave.pk, layout(wave), *wanted)
    for one, tally in zip(wanted, found.tallies, strict=True):
        same(tally, plain_tally(wave, one))
    kinds = [r.segments for r in Response.objects.filter(wave=wave)]
    assert found.n == len(kinds)
    sizes: dict[str, dict[str, int]] = {}
    for kind in kinds:
        for name, value in kind.items():
            if value not in (None, ""):
                of = sizes.setdefault(name, {})
                of[str(value)] = of.get(str(value), 0) + 1
    assert found.sizes == sizes


def filter_at_random(rng: random.Random) -> Filter:
    segments = [
        (name, value)
        for name, value in (
            ("visit", rng.choice(("first", "again", "never"))),
            ("city", rng.choice((*CITIES, "Oslo"))),
            ("club", "True"),
            ("nobody has this", "x"),
        )
        if rng.random() < (0.35 if name != "nobody has this" else 0.05)
    ]
    return Filter(tuple(segments), *rng.choice(PERIODS))


# All the time, whole months, and days that are no months.
PERIODS: Sequence[tuple[date | None, date | None]] = (
    (None, None),
    (date(2025, 12, 1), date(2026, 1, 31)),
    (None, date(2025, 11, 30)),
    (date(2026, 2, 1), None),
    (date(2025, 12, 3), date(2026, 1, 31)),
    (None, date(2026, 1, 7)),
    (date(2026, 2, 9), date(2026, 2, 9)),
    (date(2030, 1, 1), None),
)
