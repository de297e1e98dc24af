"""The matrix page as people use it."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from django.http import QueryDict
from django.utils import timezone

from cycles.models import Moment, Stage
from cycles.outline import outline_of
from cycles.scores import Scores
from prioritization.matrix import refresh_stale
from prioritization.matrix_page import page_of
from prioritization.models import Matrix
from prioritization.tallies import read as tallies
from prioritization.waves import matrices_of, standing_of
from surveys.models import Response, SurveyStatus
from tests.conftest import log_in
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of

HTMX = {"HX-Request": "true", "HX-Target": "matrix"}


@pytest.fixture
def survey(world):
    return survey_of(world.cycle)


@pytest.fixture
def wave(survey):
    """Three moments: the queue matters most and fails; sixty customers in two segments."""
    wave = wave_of(survey, 1, name="Spring")
    for satisfaction in (1, 2):
        answer(wave, [(3, 4), (4, 5), (5, satisfaction)], times=15, visit="first")
        answer(wave, [(2, 3), (3, 5), (5, satisfaction)], times=15, visit="again")
    refresh_stale()
    return wave


def url(world, page="", **query):
    from urllib.parse import urlencode

    return world.url(f"cycles/{world.cycle.pk}/matrix/{page}") + (f"?{urlencode(query)}" if query else "")


def shown(browser, world, status=200, **query) -> str:
    response = browser.get(url(world, **query))
    assert response.status_code == status
    return response.content.decode()


def heading(page: str) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1].strip()


def rows(page: str) -> dict[str, list[str]]:
    """Name -> cells of the ranked table, as text."""
    table = re.search(r'<table class="table rank">.*?</table>', page, re.S)[0]
    found = {}
    for row in re.findall(r"<tr data-moment.*?</tr>", table, re.S):
        name = re.search(r'<a class="row"[^>]*>(.*?)</a>', row)[1]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        found[name] = [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", cell))).strip() for cell in cells]
    return found


def numbers_drawn(page: str) -> list[str]:
    return re.findall(r'class="mx-num[^"]*"[^>]*>(\d+)<', page)


# --- What it says ---------------------------------------------------------------------------------


def test_the_title_is_the_finding_and_the_table_gives_the_figures(world, consultant, wave):
    page = shown(consultant, world)
    assert heading(page) == "“Queue at the till” asks for action first"
    table = rows(page)
    assert list(table) == ["Queue at the till", "Be greeted", "Find the shop"]  # most urgent first
    assert table["Queue at the till"] == ["5.0", "1.5", "+3.5", "60", ">99%"]
    assert table["Find the shop"][:4] == ["2.5", "3.5", "−1.0", "60"]
    assert sorted(numbers_drawn(page)) == ["1", "2", "3"]
    assert "Means from 1 to 5." in page
    assert "60 answers, Spring." in page


def test_statistical_words_are_explained_where_they_stand(world, consultant, wave):
    words = re.search(r'<details class="words"[^>]*>.*?</details>', shown(consultant, world), re.S)[0]
    assert re.findall(r"<dt>(\w+)</dt>", words) == ["Gap", "Certainty", "Crosshair", "Ellipse"]


def test_numbers_follow_the_language_of_the_reader(world, wave):
    page = shown(log_in(world.viewer, "es"), world)
    assert rows(page)["Queue at the till"][:3] == ["5,0", "1,5", "+3,5"]
    assert not re.search(r'(?:cx|cy|x|y|d)="[^"]*\d,\d', page)


def test_a_viewer_reads_it_and_a_stranger_finds_nothing(world, stranger, wave):
    assert log_in(world.viewer).get(url(world)).status_code == 200
    other = log_in(stranger.owner)
    for page in ("", "live/", "table.csv"):
        assert other.get(url(world, page)).status_code == 404
    there = stranger.url(f"cycles/{world.cycle.pk}/matrix/")
    assert other.get(there).status_code == 404


def test_looking_changes_nothing_and_only_looking_is_possible(world, consultant, wave):
    before = Matrix.objects.values_list("computed_at", flat=True).get()
    shown(consultant, world)
    assert Matrix.objects.values_list("computed_at", flat=True).get() == before
    assert consultant.post(url(world)).status_code == 405


def test_a_moment_is_named_as_on_the_map_today(world, consultant, wave):
    Moment.objects.filter(name="Queue at the till").update(name="Wait at the till")
    Moment.objects.get(name="Be greeted").delete()
    page = shown(consultant, world)
    assert heading(page).startswith("“Wait at the till”")
    assert "Be greeted" in rows(page)
    assert "no longer on the map" in page
    assert sorted(numbers_drawn(page)) == ["1", "2", "3"]


# --- Empty states ---------------------------------------------------------------------------------


def test_without_a_survey_the_next_step_is_offered(world, consultant):
    page = shown(consultant, world)
    assert heading(page) == "Ask the customers, and their answers say where to act"
    assert world.url(f"cycles/{world.cycle.pk}/survey/") in page


def test_a_draft_wave_is_not_a_survey(world, consultant, survey):
    wave_of(survey, status=SurveyStatus.DRAFT)
    assert heading(shown(consultant, world)) == "Ask the customers, and their answers say where to act"


def test_an_open_wave_without_answers_waits_for_them(world, consultant, survey):
    wave_of(survey)
    page = shown(consultant, world)
    assert heading(page) == "No answers yet"
    assert "every 3s" in page


def test_a_closed_wave_without_answers_does_not_wait(world, consultant, survey):
    wave_of(survey, status=SurveyStatus.CLOSED)
    page = shown(consultant, world)
    assert heading(page) == "No answers yet"
    assert "every 3s" not in page


def test_answers_the_worker_has_not_seen_are_in_the_matrix(world, consultant, survey):
    answer(wave_of(survey), [(5, 1), (4, 4), (3, 5)], times=12)
    page = shown(consultant, world)
    assert "12 answers, Wave 1." in page
    assert not Matrix.objects.exists()


def test_more_new_answers_than_anybody_should_wait_for_are_announced(world, consultant, survey, monkeypatch):
    monkeypatch.setattr(tallies, "MOST_ROWS", 10)
    wave = wave_of(survey)
    answer(wave, [(5, 1), (4, 4), (3, 5)], times=12)
    page = shown(consultant, world)
    assert heading(page) == "The answers are being counted"
    address = poll_address(page)
    assert consultant.get(address, headers=HTMX).status_code == 200
    monkeypatch.undo()
    assert consultant.get(address, headers=HTMX)["HX-Retarget"] == "#matrix"


def test_all_suppressed_names_the_moments_and_shows_no_figure(world, consultant, survey):
    answer(wave_of(survey), [(5, 1), (4, 4)], times=9)
    refresh_stale()
    page = shown(consultant, world)
    assert heading(page) == "There are still too few answers to place the moments"
    assert "fewer than 10 answers" in page
    assert "no answers" in page
    assert '<svg class="mx"' not in page


def test_a_survey_that_did_not_ask_importance_says_so(world, consultant):
    answer(wave_of(survey_of(world.cycle, importance="none")), [(None, 3)] * 3, times=12)
    refresh_stale()
    assert heading(shown(consultant, world)) == "This survey did not ask how important each moment is"


def test_a_moment_with_few_answers_is_listed_apart_with_the_reason(world, consultant, survey):
    wave = wave_of(survey)
    answer(wave, [(4, 2), (3, 4), (5, 1)], times=9)
    answer(wave, [(4, 2), (3, 4), NOT_LIVED], times=20)
    refresh_stale()
    page = shown(consultant, world)
    assert list(rows(page)) == ["Find the shop", "Be greeted"]
    withheld = re.search(r'class="withheld".*?</section>', page, re.S)[0]
    assert "Queue at the till" in withheld
    assert "fewer than 10 answers" in withheld
    assert "Find the shop" not in withheld


def test_ten_to_twenty_nine_answers_are_indicative(world, consultant, survey):
    wave = wave_of(survey)
    answer(wave, [(4, 2), (3, 4), (5, 1)], times=15)
    refresh_stale()
    assert shown(consultant, world).count("indicative: fewer than 30 answers") == 3
    answer(wave, [(4, 2), (3, 4), (5, 1)], times=15)
    refresh_stale()
    assert "indicative: fewer" not in shown(consultant, world)


# --- Filters --------------------------------------------------------------------------------------


def test_the_filters_are_in_the_address_and_stay_chosen(world, consultant, wave):
    page = shown(consultant, world, cross="midpoint", segment="visit=first", ellipses="off")
    assert '<option value="visit=first" selected>' in page
    assert 'value="midpoint" checked' in page
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


# --- Comparison -----------------------------------------------------------------------------------


@pytest.fixture
def later(survey, wave):
    """The queue got better, the rest is as it was."""
    later = wave_of(survey, 2, name="Autumn")
    for satisfaction in (3, 4):
        answer(later, [(3, 4), (4, 5), (5, satisfaction)], times=15, visit="first")
        answer(later, [(2, 3), (3, 5), (5, satisfaction)], times=15, visit="again")
    refresh_stale()
    return later


def test_the_latest_wave_is_compared_with_the_one_before(world, consultant, later):
    page = shown(consultant, world)
    assert "60 answers, Autumn." in page
    assert "“Queue at the till” truly improves" in page
    assert rows(page)["Queue at the till"][-1] == "↑ up by 2.0"
    assert rows(page)["Find the shop"][-1] == "– no clear change"
    assert "From Spring to Autumn. Both waves use the crosshair of Autumn." in page
    assert "2 moments move less than their margin of error." in page
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
    assert "Survey · Spring" in page  # two surveys: the wave says whose it is


# --- Live -----------------------------------------------------------------------------------------


def poll_address(page: str) -> str:
    return re.search(r'hx-get="([^"]*/matrix/live/[^"]*)"', page)[1].replace("&amp;", "&")


def test_an_open_page_hears_nothing_until_an_answer_comes_and_then_moves(world, consultant, wave):
    address = poll_address(shown(consultant, world))
    assert consultant.get(address, headers=HTMX).status_code == 204
    answer(wave, [(3, 4), (4, 5), (5, 5)], times=60)
    moved = consultant.get(address, headers=HTMX).content.decode()
    assert "120 answers, Spring." in moved
    assert rows(moved)["Queue at the till"][1] == "3.2"
    assert 'id="finding" hx-swap-oob="true"' in moved
    assert "The matrix is up to date with 120 answers." in moved
    assert consultant.get(poll_address(moved), headers=HTMX).status_code == 204
    refresh_stale()
    assert consultant.get(poll_address(moved), headers=HTMX).status_code == 204


def test_deletions_are_noticed_too(world, consultant, wave):
    address = poll_address(shown(consultant, world))
    Response.objects.order_by("-pk").first().delete()
    assert consultant.get(address, headers=HTMX).status_code == 200


def test_the_first_moments_appear_by_themselves_with_their_filters(world, consultant, survey):
    wave = wave_of(survey)
    address = poll_address(shown(consultant, world))
    answer(wave, [(3, 4), (4, 5), (5, 2)], times=12)
    refresh_stale()
    response = consultant.get(address, headers=HTMX)
    assert response["HX-Retarget"] == "#matrix"
    assert 'id="matrix-filters"' in response.content.decode()


def test_a_closed_wave_is_not_polled(world, consultant, survey):
    answer(wave_of(survey, status=SurveyStatus.CLOSED), [(3, 4), (4, 5), (5, 2)], times=12)
    refresh_stale()
    assert "every 3s" not in shown(consultant, world)


def test_asking_whether_anything_is_new_is_cheap(world, consultant, wave, django_assert_max_num_queries):
    address = poll_address(shown(consultant, world))
    with django_assert_max_num_queries(7):
        assert consultant.get(address, headers=HTMX).status_code == 204


# --- The file -------------------------------------------------------------------------------------


def table(browser, world, **query) -> list[dict[str, str]]:
    response = browser.get(url(world, "table.csv", **query))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:])))


def test_the_file_has_numbers_as_numbers_in_every_language(world, wave):
    for language, column in (("en", "Gap"), ("es", None)):
        lines = table(log_in(world.viewer, language), world)
        assert len(lines) == 3
        values = list(lines[0].values())
        assert values[5:8] == ["5.0", "1.5", "3.5"]
        if column:
            assert lines[2][column] == "-1.0"


def test_a_name_cannot_become_a_formula(world, consultant, wave):
    Moment.objects.filter(name="Queue at the till").update(name='=HYPERLINK("http://x","pay")')
    names = [line["Moment"] for line in table(consultant, world)]
    assert names[0] == '\'=HYPERLINK("http://x","pay")'
    assert names[1] == "Be greeted"


def test_the_file_follows_the_filters_and_withholds_what_the_page_withholds(world, consultant, later):
    first = table(consultant, world, segment="visit=first")
    assert [line["Ratings of satisfaction"] for line in first] == ["30", "30", "30"]
    assert first[0]["Change of satisfaction"] == "2.0"
    assert first[0]["Clear change"] == "yes"


def test_suppressed_moments_have_no_numbers_in_the_file(world, consultant, survey):
    answer(wave_of(survey), [(4, 2), (3, 4)], times=20)
    refresh_stale()
    hidden = table(consultant, world)[-1]
    assert hidden["Moment"] == "Queue at the till"
    assert hidden["Quadrant"] == "Not shown: too few answers"
    assert not hidden["Importance"]


def test_without_answers_the_file_has_only_its_head(world, consultant):
    assert table(consultant, world) == []


# --- Cost -----------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(world, consultant, later, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        shown(consultant, world)
