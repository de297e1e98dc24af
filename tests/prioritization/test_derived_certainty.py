"""How certain derived importance is, as the pages and files show it."""

import random
import re

import numpy as np
import pytest

from prioritization import matrix
from prioritization.depth import deepened
from prioritization.models import Block
from prioritization.shapes import Domain, Point, Spread, oval
from prioritization.tallies import blocks, digest, sample
from prioritization.tallies.digest import layout_of
from prioritization.tallies.read import Filter, read
from surveys.models import Response
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.prioritization.tallies.crowd import answer_at_random, asked_wave


@pytest.fixture
def wave(world):
    """The overall answer goes with the greeting, and a little with the queue."""
    wave = wave_of(survey_of(world.cycle), 1, name="Spring")
    for satisfaction in (1, 3):
        for greeting in (2, 5):
            for find in (3, 4):
                came = answer(wave, [(3, find), (4, greeting), (5, satisfaction)], times=25, visit="first")
                score = greeting - (satisfaction == 1 and find == 3)
                Response.objects.filter(pk__in=[r.pk for r in came]).update(overall=score)
    return wave


def page(world, browser, **query) -> str:
    response = browser.get(world.url(f"cycles/{world.cycle.pk}/matrix/"), {"importance": "derived", **query})
    assert response.status_code == 200
    return response.content.decode()


def test_the_matrix_says_how_certain_derived_importance_is(world, consultant, wave):
    shown = page(world, consultant)
    greeting = re.search(r"Be greeted</a>.*?</tr>", shown, re.S)[0]
    assert "&gt;99%" in greeting
    assert "uncertain" not in greeting
    assert "cannot be told" not in shown
    moment = re.search(r"Be greeted.*?moment=(\w+)|moment=(\w+)[^>]*>[^<]*Be greeted", shown, re.S)
    opened = page(world, consultant, moment=moment[1] or moment[2])
    assert "Approximate probability of each quadrant" in opened
    assert re.search(r"\d+% to \d+%", opened)  # of the share


def test_the_result_has_probabilities_verdicts_and_ranks(world, wave):
    reading = matrix.read(wave)
    found = deepened(matrix.compute(reading, importance="derived"), reading)
    for moment in found["moments"]:
        assert sum(moment["p_quadrant"].values()) == pytest.approx(1)
        assert moment["verdict"] in ("firm", "probable", "uncertain")
        assert moment["se_importance"] > 0
        assert moment["rank_certainty"]["mean_rank"] >= 1


def test_a_segment_is_as_certain_as_its_own_answers(world, wave):
    other = answer(wave, [(3, 3), (4, 4), (5, 2)], times=40, visit="again")
    for k, response in enumerate(other):
        Response.objects.filter(pk=response.pk).update(overall=1 + k % 5)
    everybody = matrix.compute(matrix.read(wave), importance="derived")
    first = matrix.compute(matrix.read(wave, ("visit", "first")), importance="derived")
    assert first["moments"][1]["p_quadrant"] != everybody["moments"][1]["p_quadrant"]


@pytest.mark.django_db(transaction=True)
def test_answers_come_out_of_blocks_and_tail_one_by_one(world, monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 32)
    monkeypatch.setattr(sample, "ENOUGH", 50)
    rng = random.Random(5)
    wave = asked_wave(world.cycle)
    answer_at_random(wave, 150, rng)
    digest.digest_all(wave.pk)
    answer_at_random(wave, 30, rng)
    assert Block.objects.filter(wave=wave).count() > 3
    layout, wanted = layout_of(wave), Filter()
    tally = read(wave.pk, layout, wanted).tallies[0]
    every = sample.satisfactions(wave.pk, layout, wanted, 1)
    assert len(every) == tally.respondents == 180
    moments = layout.moments
    n = np.diag(tally.cross.n)[moments:]
    assert (~np.isnan(every)).sum(0).tolist() == n.tolist()
    assert np.nansum(every, axis=0).tolist() == np.diag(tally.cross.wx)[moments:].tolist()
    part = sample.satisfactions(wave.pk, layout, wanted, 180)
    assert 180 // 3 <= len(part) < 180
    assert part.shape[1] == moments + 1


def test_an_ellipse_between_axes_of_different_units_lies_in_both():
    domain = Domain(1, 5, 1, False, (1, 2, 3, 4, 5), upright=(0, 100, (0, 50, 100)))
    point = Point("1", "Wait", 50, 3, "keep_up", 1, spread=Spread(10, 0.5, 90))
    path = oval(point, domain).path
    places = np.array([[float(n) for n in pair.split()] for pair in re.findall(r"[ML]([^MLZ]+)", path)])
    tall, wide = np.ptp(places[:, 1]), np.ptp(places[:, 0])
    assert tall == pytest.approx(20 * domain.upright_unit, rel=0.01)  # 10 percent up and down
    assert wide == pytest.approx(1.0 * domain.unit, rel=0.01)
