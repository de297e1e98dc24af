"""Filters, crosshair, orders and one moment of the matrix page, all in its address."""

import re

import pytest

from cycles.models import Moment, Stage
from prioritization.matrix import refresh_stale
from tests.prioritization.answers import answer
from tests.prioritization.matrix_page.reading import HTMX, heading, rows, shown, url

# --- Filters --------------------------------------------------------------------------------------


def test_the_filters_are_in_the_address_and_stay_chosen(world, consultant, wave):
    page = shown(consultant, world, cross="midpoint", segment="visit=first", ellipses="off")
    assert '<option value="visit=first" selected>' in page
    assert 'value="midpoint" checked>Midpoint</label>' in page
    assert 'name="ellipses" value="on">' in page
    assert "midpoint 3.00" in page


def test_a_segment_is_computed_from_its_own_answers(world, consultant, wave):
    page = shown(consultant, world, segment="visit=first")
    assert rows(page)["Find the shop"][:2] == ["3.0", "4.0"]
    assert "30 answers, Spring. visit: first." in page
    assert "The crosshair is that of all customers." in page


def test_a_group_too_small_is_neither_offered_nor_shown(world, consultant, wave):
    answer(wave, [(3, 4), (4, 5), (5, 2)], times=9, visit="never")
    answer(wave, [(3, 4), (4, 5), (5, 2)], times=11, visit="often")
    refresh_stale()
    page = shown(consultant, world)
    offered = re.findall(r'<option value="(visit=\w+)"', page)
    assert offered == ["visit=again", "visit=first"]  # "often" would give "never" away
    assert "Groups of fewer than 10 people are not offered." in page
    for hidden in ("visit=never", "visit=often"):
        page = shown(consultant, world, status=422, segment=hidden)
        assert "too small to stay anonymous" in page
        assert "80 answers, Spring." in page  # everybody instead


def test_a_stage_narrows_the_rows_and_not_the_crosshair(world, consultant, wave):
    whole = shown(consultant, world)
    stage = Stage.objects.get(cycle=world.cycle, name="Arrive")
    page = shown(consultant, world, stage=stage.pk)
    assert list(rows(page)) == ["Be greeted", "Find the shop"]
    cross = re.findall(r"mean \d\.\d\d", whole)
    assert re.findall(r"mean \d\.\d\d", page) == cross
    assert len(cross) == 2


def test_a_target_is_typed_with_point_or_comma(world, consultant, wave):
    for typed in ("4.5", "4,5"):
        page = shown(consultant, world, cross="target", ti=typed, ts="1.2")
        assert "target 4.50" in page
        assert "target 1.20" in page
        assert rows(page)["Queue at the till"]
        assert heading(page) == "No moment asks for action: what matters most also satisfies"


def test_target_begins_where_the_mean_is(world, consultant, wave):
    page = shown(consultant, world, cross="target")
    assert 'name="ti" inputmode="decimal" autocomplete="off" value="3.7"' in page
    assert "target 3.70" in page


@pytest.mark.parametrize("typed", ["9", "0", "much", "nan", "inf", "1e999", "-3"])
def test_a_target_off_the_scale_is_refused_at_its_field_and_kept(world, consultant, wave, typed):
    page = shown(consultant, world, status=422, cross="target", ti=typed, ts="3")
    assert "A number from 1 to 5." in page
    assert f'value="{typed}" aria-invalid="true" aria-describedby="e-ti"' in page
    assert 'value="3"' in page
    assert "mean 3.67" in page


@pytest.mark.parametrize(
    "query",
    [
        {"wave": "999999"},
        {"wave": "x"},
        {"stage": "999999"},
        {"segment": "visit=nobody"},
        {"segment": "%00"},
        {"cross": "moon"},
        {"compare": "999999"},
    ],
)
def test_an_old_or_invented_address_gets_a_sentence_and_the_usual_page(world, consultant, wave, query):
    page = shown(consultant, world, status=422, **query)
    assert 'role="alert"' in page
    assert heading(page) == "“Queue at the till” asks for action first"


@pytest.mark.parametrize("rule", ["mean", "median", "trimmed", "midpoint", "target"])
def test_every_rule_opens_and_names_itself(world, consultant, wave, rule):
    page = shown(consultant, world, cross=rule)
    assert len(rows(page)) == 3
    assert f'value="{rule}" checked' in page


@pytest.mark.parametrize("sort", ["priority", "gap", "certainty", "importance", "satisfaction", "nonsense"])
def test_every_order_opens(world, consultant, wave, sort):
    assert len(rows(shown(consultant, world, sort=sort))) == 3


def test_sorting_stays_within_the_quadrants_and_is_said(world, consultant, wave):
    page = shown(consultant, world, sort="satisfaction")
    assert list(rows(page)) == ["Queue at the till", "Find the shop", "Be greeted"]
    assert 'aria-sort="ascending"' in page


def test_htmx_gets_the_part_below_the_navigation_and_a_person_the_page(world, consultant, wave):
    part = consultant.get(url(world), headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="matrix">')
    restored = consultant.get(url(world), headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in restored.content.decode()


# --- One moment -----------------------------------------------------------------------------------


def test_a_moment_shows_its_detail_marked_in_chart_and_table(world, consultant, wave):
    queue = Moment.objects.get(name="Queue at the till", stage__cycle=world.cycle)
    page = shown(consultant, world, moment=queue.pk)
    detail = re.search(r'id="moment".*?</section>', page, re.S)[0]
    assert "Act, firm" in detail
    assert re.search(r"1\.5 <span class=\"hint\">1\.37 to 1\.63", detail)
    assert 'class="mx-pt is-on"' in page
    assert 'class="mx-sel"' in page
    assert len(re.findall(r'<a class="row"[^>]*aria-current="true"', page)) == 1
    assert 'id="moment"' not in shown(consultant, world, moment="no such thing")


def test_each_point_and_row_link_to_the_detail_and_keep_the_filters(world, consultant, wave):
    page = shown(consultant, world, segment="visit=first")
    links = re.findall(r'<a class="mx-pt" id="[^"]+" href="([^"]+)"', page)
    assert len(links) == 3
    for link in links:
        assert "segment=visit%3Dfirst" in link
        followed = consultant.get(url(world) + link.replace("&amp;", "&"))
        assert 'id="moment"' in followed.content.decode()
