"""What is read equals the plain tally of all rows to the last bit, whatever is digested and whatever not."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prioritization.models import Block, Cube
from prioritization.tallies import blocks, digest, dimensions
from prioritization.tallies import read as reading
from prioritization.tallies.read import BeingCountedError, Filter, read
from surveys.models import Wave
from tests.conftest import World
from tests.prioritization.tallies.crowd import (
    answer_at_random,
    asked_wave,
    check_reads,
    layout,
    plain_tally,
    same,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(world: World) -> Wave:
    return asked_wave(world.cycle)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "asked",
    [
        {"scale_max": 5},
        {"scale_max": 7, "asks_overall": False},
        {"scale_max": 10, "asks_nps": False},
        {"scale_max": 10},
    ],
)
def test_any_filter_equals_the_rows(world, seed, asked, monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 32)
    rng = random.Random(seed)
    wave = asked_wave(world.cycle, **asked)
    check_reads(wave, rng)
    for _ in range(5):
        answer_at_random(wave, rng.choice((1, 7, 40)), rng)
        if rng.random() < 0.7:
            assert digest.digest_all(wave.pk) > 0
        check_reads(wave, rng)
    digest.digest_all(wave.pk)
    assert read(wave.pk, layout(wave), Filter()).tail == 0
    check_reads(wave, rng, filters=12)


def test_two_waves_are_kept_apart(wave, world):
    rng = random.Random(1)
    other = asked_wave(world.cycle)
    for one in (wave, other, wave):
        answer_at_random(one, 12, rng)
        digest.digest_pending()
    answer_at_random(other, 3, rng)
    for one in (wave, other):
        check_reads(one, rng)


def test_everybody_is_one_statement_over_one_cube(wave):
    answer_at_random(wave, 50, random.Random(2))
    digest.digest_all(wave.pk)
    known = layout(wave)
    with CaptureQueriesContext(connection) as queries:
        found = read(wave.pk, known, Filter())
    assert len(queries) == 1
    assert found.tail == 0
    same(found.tallies[0], plain_tally(wave))
    assert Cube.objects.filter(wave=wave, name="", month=0).count() == 1


def test_a_segment_and_months_need_no_block_and_no_row(wave):
    """Blocks and rows are gone, and the answer is still there."""
    answer_at_random(wave, 200, random.Random(3))
    digest.digest_all(wave.pk)
    wanted = Filter((("city", "Lima"),), date(2025, 12, 1), date(2026, 1, 31))
    expected = plain_tally(wave, wanted)
    assert expected.respondents > 5
    Block.objects.all().delete()
    for response in wave.responses.all():
        response.ratings.all().delete()
    same(read(wave.pk, layout(wave), wanted).tallies[0], expected)


def test_days_and_crossed_segments_need_no_row(wave):
    answer_at_random(wave, 200, random.Random(4))
    digest.digest_all(wave.pk)
    wanted = Filter((("city", "Lima"), ("visit", "first")), date(2025, 12, 3), date(2026, 1, 9))
    expected = plain_tally(wave, wanted)
    assert expected.respondents > 3
    Cube.objects.all().delete()
    for response in wave.responses.all():
        response.ratings.all().delete()
    same(read(wave.pk, layout(wave), wanted).tallies[0], expected)


@pytest.mark.parametrize("most", ["MAX_CUBED", "MAX_VALUES", "MAX_DIMENSIONS"])
def test_segments_too_fine_for_cubes_or_codes_are_still_exact(wave, monkeypatch, most):
    """`ticket` has more values than are kept; it passes the limit in the middle of the answers."""
    monkeypatch.setattr(dimensions, most, 2)
    rng = random.Random(5)
    for n in range(6):
        answer_at_random(wave, 9, rng, ticket=f"t{n}")
        digest.digest_all(wave.pk)
        for wanted in (Filter((("ticket", "t1"),)), Filter((("ticket", "t1"), ("city", "Lima")))):
            same(read(wave.pk, layout(wave), wanted).tallies[0], plain_tally(wave, wanted))
    if most == "MAX_CUBED":
        assert not Cube.objects.filter(name="ticket").exists()
        check_reads(wave, rng)


def test_a_value_too_long_for_a_key_is_no_segment(wave):
    rng = random.Random(6)
    answer_at_random(wave, 9, rng, story="x" * 5000)
    digest.digest_all(wave.pk)
    found = read(wave.pk, layout(wave), Filter())
    assert "story" not in found.sizes
    same(found.tallies[0], plain_tally(wave))


def test_more_rows_than_anybody_should_wait_for(wave, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 10)
    answer_at_random(wave, 11, random.Random(7))
    with pytest.raises(BeingCountedError):
        read(wave.pk, layout(wave), Filter())
    digest.digest_all(wave.pk)
    assert read(wave.pk, layout(wave), Filter()).n == 11


def test_the_day_is_that_of_the_server(wave, settings):
    """20 November 2025, 23:00 in Bogotá is the 21st in UTC."""
    settings.TIME_ZONE = "America/Bogota"
    rng = random.Random(8)
    (one,) = answer_at_random(wave, 1, rng)
    type(one).objects.update(submitted_at="2025-11-21T04:00:00Z")
    for wanted, n in ((date(2025, 11, 20), 1), (date(2025, 11, 21), 0)):
        assert read(wave.pk, layout(wave), Filter((), wanted, wanted)).tallies[0].respondents == n
    digest.digest_all(wave.pk)
    for wanted, n in ((date(2025, 11, 20), 1), (date(2025, 11, 21), 0)):
        assert read(wave.pk, layout(wave), Filter((), wanted, wanted)).tallies[0].respondents == n


def test_a_rating_off_the_scale_is_refused_not_miscounted(wave):
    (one,) = answer_at_random(wave, 1, random.Random(9))
    one.ratings.all().delete()
    item = wave.survey.items.first()
    one.ratings.create(response=one, item=item, importance=3, satisfaction=9)
    with pytest.raises(ValueError, match="whole number from 1 to 5"):
        read(wave.pk, layout(wave), Filter())
    with pytest.raises(ValueError, match="whole number from 1 to 5"):
        digest.digest_all(wave.pk)


def test_extents_count_what_is_not_digested_too(wave, world):
    rng = random.Random(10)
    other = asked_wave(world.cycle)
    assert reading.extents([wave.pk]) == {wave.pk: (0, 0)}
    answer_at_random(wave, 5, rng)
    digest.digest_all(wave.pk)
    last = answer_at_random(wave, 4, rng)[-1]
    assert reading.extents() == {wave.pk: (9, last.pk), other.pk: (0, 0)}
