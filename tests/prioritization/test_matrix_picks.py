"""Importance by picks (S5.5): kept as 1 (listed, not picked) or 2 (picked), shown as the share who picked."""

import re

import numpy as np
import pytest
from django.test import Client as Browser

from prioritization.analysis import picks
from prioritization.matrix import compute, read
from prioritization.models import Snapshot
from prioritization.tallies import digest
from surveys.models import Importance, Response, SurveyStatus, Wave
from tests.conftest import World
from tests.prioritization.answers import answer, survey_of, wave_of

NO, YES = picks.NOT_PICKED, picks.WAS_PICKED


@pytest.fixture
def wave(world: World) -> Wave:
    """40 customers: 30 picked the first moment, 10 the second, nobody the third; 5 more picked nothing."""
    wave = wave_of(survey_of(world.cycle, importance=Importance.PICKS), 1, SurveyStatus.CLOSED)
    answer(wave, [(YES, 2), (NO, 5), (NO, 4)], times=20)
    answer(wave, [(YES, 4), (NO, 3), (NO, 5)], times=10)
    answer(wave, [(NO, 1), (YES, 4), (NO, 2)], times=10)
    answer(wave, [(None, 3), (None, 3), (None, 3)], times=5)
    return wave


def test_importance_is_the_share_who_picked(wave: Wave) -> None:
    found = compute(read(wave))
    first, second, third = found["moments"]
    assert found["source"] == "picks"
    assert [m["importance"] for m in (first, second, third)] == pytest.approx([75, 25, 0])
    assert first["n_importance"] == 40, "who did not answer the question is not one who did not pick"
    assert first["gap"] is None, "a share is no rating"
    # I (1 - T): of 45 who rated the first, 10 gave one of the two highest points.
    assert first["priority_index"] == pytest.approx(75 * (1 - 10 / 45))
    # The spread of a share, with n - 1.
    assert first["se_importance"] == pytest.approx(100 * np.sqrt(0.75 * 0.25 / 39))
    assert first["quadrant"] == "concentrate_here"
    assert sum(first["p_quadrant"].values()) == pytest.approx(1)


def test_score_and_its_error_are_those_of_the_analysis(wave: Wave) -> None:
    tally = picks.from_ratings(read(wave).everybody)
    share = tally.joint.n[:, 1].sum(1) / tally.joint.n[:, :2].sum((1, 2))
    assert share == pytest.approx([0.75, 0.25, 0])
    assert tally.joint.n.sum((1, 2)).tolist() == [45, 45, 45]


def test_counted_or_not_yet_counted_it_is_the_same(wave: Wave) -> None:
    before = compute(read(wave))
    while digest.digest_pending():
        pass
    assert compute(read(wave)) == before


def test_the_page_shows_shares(world: World, consultant: Browser, wave: Wave) -> None:
    url = world.url(f"cycles/{world.cycle.pk}/matrix/")
    page = consultant.get(url).content.decode()
    assert "Picked as important" in page
    assert "the share of customers who picked the moment" in page
    assert re.search(r'<td class="r hide-s">75%</td>', page)
    answered = consultant.get(f"{url}?cross=target&ts=3&ti=50")
    assert answered.status_code == 200, "a target of half of the customers"
    assert consultant.get(f"{url}chart.svg").status_code == 200


def test_it_is_called_picked_wherever_it_stands(world: World, consultant: Browser, wave: Wave) -> None:
    wave.survey.asks_overall = True
    wave.survey.save()
    url = world.url(f"cycles/{world.cycle.pk}/matrix/")
    page = consultant.get(url).content.decode()
    assert '<option value="stated" selected>Picked</option>' in page
    assert ">Stated<" not in page
    consultant.post(f"{url}freeze/", {"name": "Then", "query": ""})
    assert Snapshot.objects.get().filters[1] == ["Importance", "Picked"]


def test_the_axis_has_its_unit_once(world: World, consultant: Browser, wave: Wave) -> None:
    chart = consultant.get(world.url(f"cycles/{world.cycle.pk}/matrix/chart.svg")).content.decode()
    assert "Picked as important (%)" in chart
    ticks = re.findall(r'<text class="mx-tick"[^>]*>([^<]*)<', chart)
    assert "80" in ticks
    assert not any("%" in tick for tick in ticks), "they would stand in the name of the axis"


def test_picked_against_derived_is_in_percent(world: World, consultant: Browser) -> None:
    wave = wave_of(survey_of(world.cycle, importance=Importance.PICKS, asks_overall=True), 1)
    for own, whole in ((5, 5), (4, 4), (2, 2), (1, 1)):
        came = answer(wave, [(YES, own), (NO, 3), (NO, 6 - own)], times=24)
        came += answer(wave, [(NO, own), (YES, 4), (NO, 3)], times=8)
        Response.objects.filter(pk__in=[one.pk for one in came]).update(overall=whole)
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/matrix/depth/")).content.decode()
    table = page[page.index('id="derived"') : page.index('id="trend"')]
    assert re.search(r'<th scope="col" class="r">Picked\b', table)
    assert re.search(r'<td class="r">75%</td>', table), "96 of 128 picked the first"
    assert not re.search(r'<td class="r">1\.\d</td>', table), "never the mean of the codes"
