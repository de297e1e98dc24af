"""The matrix page holds the latest wave against another."""

import re

from django.http import QueryDict
from django.utils import timezone

from cycles.outline import outline_of
from cycles.scores import Scores
from prioritization.matrix import refresh_stale
from prioritization.matrix_page import page_of
from prioritization.waves import matrices_of, standing_of
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.prioritization.matrix_page.reading import rows, shown


def test_the_latest_wave_is_compared_with_the_one_before(world, consultant, later):
    page = shown(consultant, world)
    assert "60 answers, Autumn." in page
    assert "“Queue at the till” truly improves" in page
    assert rows(page)["Queue at the till"][-1] == "↑ up by 2.0"
    assert rows(page)["Find the shop"][-1] == "– no clear change"
    assert "From Spring to Autumn. Both waves use the crosshair of Autumn." in page
    assert "2 moments show no clear change." in page
    assert page.count('class="mx-arr is-sig" d=') == 2  # one arrow, one in the key
    drawn = page[page.index('id="changes"') :]
    names = re.findall(r'<text class="mx-name"[^>]*>([^<]*)<', drawn)
    assert len(names) == 3, "so few are all named, whether they changed or not"


def test_both_waves_are_held_against_the_crosshair_of_the_later(world, consultant, later):
    page = shown(consultant, world)
    item = re.search(r'<ol class="chg">.*?</ol>', page, re.S)[0]
    assert "Stays in Act." in item


def test_page_overview_and_report_agree_on_what_changed(world, consultant, later):
    page = page_of(world.cycle, QueryDict())
    standing = standing_of(later, matrices_of(world.cycle), outline_of(world.cycle, Scores()))
    assert standing.before.wave == page.filters.compare
    assert [(row.key, row.change) for row in standing.board.rows] == [
        (row.key, row.change) for row in page.board.rows
    ]
    assert [row.name for row in standing.board.changed] == ["Queue at the till"]


def test_no_comparison_is_a_choice(world, consultant, later):
    page = shown(consultant, world, compare="none")
    assert 'id="changes"' not in page
    assert "Change</th>" not in page


def test_the_first_wave_has_nothing_before_it(world, consultant, wave, later):
    page = shown(consultant, world, wave=wave.pk)
    assert "60 answers, Spring." in page
    assert 'id="changes"' not in page
    assert 'name="compare"' not in page


def test_a_group_too_small_before_is_not_compared(world, consultant, survey, later):
    third = wave_of(survey, 3, name="Winter")
    answer(third, [(3, 4), (4, 5), (5, 2)], times=12, visit="new")
    answer(third, [(3, 4), (4, 5), (5, 2)], times=12, visit="first")
    refresh_stale()
    page = shown(consultant, world, segment="visit=new")
    assert "In Autumn this group was too small to be shown" in page
    assert 'id="changes"' not in page


def test_segments_are_compared_with_themselves(world, consultant, later):
    page = shown(consultant, world, segment="visit=first")
    assert rows(page)["Queue at the till"][-1] == "↑ up by 2.0"


def test_another_scale_cannot_be_compared(world, consultant, wave):
    other = survey_of(world.cycle, scale_max=10)
    answer(wave_of(other, 1, name="Ten", opened_at=timezone.now()), [(9, 2), (8, 8), (7, 9)], times=12)
    refresh_stale()
    page = shown(consultant, world)
    assert "Means from 1 to 10." in page
    assert 'id="changes"' not in page
    assert "Spring · Survey" in page  # two surveys: the wave says whose it is
