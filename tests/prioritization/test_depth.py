"""The page behind the matrix, its filters, and its files, as people use them."""

import re
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from PIL import Image

from cycles.models import Moment
from prioritization.matrix import refresh_stale
from prioritization.models import Cube, Matrix
from prioritization.tallies import digest
from surveys.models import Respondent, Response
from tests.conftest import log_in
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of

# The digest counts committed answers only, so these tests commit theirs.
COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def survey(world):
    return survey_of(world.cycle)


@pytest.fixture
def wave(survey):
    """160 customers: the queue matters most and fails, the overall answer goes with the greeting alone."""
    wave = wave_of(survey, 1, name="Spring")
    for satisfaction in (1, 2):
        for greeting in (2, 5):
            for find in (3, 4):
                came = answer(wave, [(3, find), (4, greeting), (5, satisfaction)], times=20, visit="first")
                overall(came, greeting)
    refresh_stale()
    return wave


def overall(came, value, nps=9):
    Response.objects.filter(pk__in=[r.pk for r in came]).update(overall=value, nps=nps)


def url(world, page="", **query):
    return world.url(f"cycles/{world.cycle.pk}/matrix/{page}") + (f"?{urlencode(query)}" if query else "")


def shown(browser, world, page="", status=200, **query) -> str:
    response = browser.get(url(world, page, **query))
    assert response.status_code == status
    return response.content.decode()


def section(page: str, heading: str) -> str:
    return re.search(rf'aria-labelledby="{heading}".*?</section>', page, re.S)[0]


# --- Other rules, order, derived ------------------------------------------------------------------


def test_every_moment_is_placed_under_every_rule_and_movers_are_flagged(world, consultant, wave):
    rules = section(shown(consultant, world, "depth/"), "t-rules")
    # As in the control of the matrix.
    heads = re.findall(r'<th scope="col">([^<]+)</th>', rules)
    assert heads == ["Moment", "Mean", "Median", "Trimmed", "Midpoint", "Result"]
    greet = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Be greeted.*?</tr>", rules, re.S)[0]
    assert "Ease" not in re.findall(r"</span> ([A-Z]\w+|<b>\w+</b>)</td>", greet)[:1] or "moves" in greet
    queue = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Queue at the till.*?</tr>", rules, re.S)[0]
    assert queue.count("Act") == 4
    assert "stays" in queue


def test_the_order_says_how_sure_it_is(world, consultant, wave):
    order = section(shown(consultant, world, "depth/"), "t-order")
    queue = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Queue at the till.*?</tr>", order, re.S)[0]
    assert queue.count("&gt;99%") == 2


@pytest.mark.parametrize("path", ["matrix/depth/", "results/"])
def test_a_list_of_the_sections_leads_to_each(world, consultant, wave, path):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/{path}")).content.decode()
    nav = re.search(r"<nav[^>]*data-sections.*?</nav>", page, re.DOTALL)[0]
    linked = re.findall(r'href="#([\w-]+)"', nav)
    assert len(linked) > 2
    assert linked == [one for one in re.findall(r' id="([\w-]+)"', page) if one in linked]


def test_the_worker_keeps_what_the_page_would_compute(world, consultant, wave):
    kept = shown(consultant, world, "depth/")
    Matrix.objects.all().delete()
    assert section(shown(consultant, world, "depth/"), "t-order") == section(kept, "t-order")


def test_stated_against_derived_flags_who_disagrees(world, consultant, wave):
    derived = section(shown(consultant, world, "depth/"), "t-derived")
    queue = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Queue at the till.*?</tr>", derived, re.S)[0]
    assert "taken for granted" in queue
    assert "is-moved" in queue
    assert "explain 100% of the overall satisfaction" in derived


def test_a_moment_that_too_few_lived_to_be_weighed_is_named(world, consultant, survey):
    """It has a point on the matrix, and no row here: that is said."""
    wave = wave_of(survey, 1, name="Spring")
    for find, greeting in ((3, 2), (4, 2), (3, 5), (4, 5)):
        overall(answer(wave, [(3, find), (4, greeting), NOT_LIVED], times=37), greeting)
    overall(answer(wave, [(3, 3), (4, 5), (5, 1)], times=12), 5)
    refresh_stale()
    derived = section(shown(consultant, world, "depth/"), "t-derived")
    assert "Too few answers to weigh: “Queue at the till”." in derived
    assert derived.count("<tr") == 3


def test_derived_importance_places_the_moments(world, consultant, wave):
    page = shown(consultant, world, importance="derived")
    assert "Importance: derived" in page
    assert "100%" in re.search(r"Be greeted</a>.*?</tr>", page, re.S)[0]
    assert "satisfaction = importance" not in page  # no diagonal between a share and a mean
    assert '<option value="derived" selected>' in page
    assert "picks" not in page.lower()


def test_derived_importance_is_refused_in_words_and_the_stated_one_shown(world, consultant, survey):
    wave = wave_of(survey)
    overall(answer(wave, [(3, 4), (4, 5), (5, 2)], times=30), 5)
    overall(answer(wave, [(3, 3), (4, 4), (5, 1)], times=30), 3)
    page = shown(consultant, world, importance="derived")
    assert "there are too few answers. It takes 100" in page
    assert "The matrix shows the importance that customers state." in page
    assert '<svg class="mx"' in page


def test_a_survey_without_importance_offers_to_derive_it(world, consultant):
    wave = wave_of(survey_of(world.cycle, importance="none"))
    for greeting in (2, 5):
        for other in (3, 4):
            overall(answer(wave, [(None, other), (None, greeting), (None, 3)], times=40), greeting)
            overall(answer(wave, [(None, other), (None, greeting), (None, 4)], times=40), greeting)
    assert "?importance=derived&amp;wave=" in shown(consultant, world)
    assert '<svg class="mx"' in shown(consultant, world, importance="derived")


def test_without_the_overall_question_nothing_is_derived(world, consultant):
    answer(wave_of(survey_of(world.cycle, asks_overall=False)), [(3, 4), (4, 5), (5, 2)], times=30)
    assert 'name="importance"' not in shown(consultant, world)
    assert "did not ask for the overall satisfaction" in shown(
        consultant, world, "", 422, importance="derived"
    )


# --- Headline figures -----------------------------------------------------------------------------


def test_nps_and_csat_stand_beside_the_matrix_with_intervals(world, consultant, wave):
    heads = section(shown(consultant, world), "t-heads")
    assert "<b>50%</b>" in heads
    assert "42% to 58%" in heads
    assert "<b>+100</b>" in heads


@COMMITTED
def test_a_word_about_everybody_needs_twenty(world, consultant, survey):
    overall(answer(wave_of(survey), [(3, 4), (4, 5), (5, 2)], times=15), 5)
    page = shown(consultant, world)
    assert "t-heads" not in page


# --- Filters --------------------------------------------------------------------------------------


def spread_over_months(wave, *counts):
    ids = iter(Response.objects.filter(wave=wave).order_by("pk").values_list("pk", flat=True))
    for month, n in enumerate(counts, 1):
        chosen = [next(ids) for _ in range(n)]
        Response.objects.filter(pk__in=chosen).update(submitted_at=datetime(2026, month, 15, 12, tzinfo=UTC))
    Cube.objects.all().delete()
    digest.rebuild(wave.pk)


@COMMITTED
def test_a_period_narrows_the_answers_and_is_in_the_address(world, consultant, wave):
    spread_over_months(wave, 80, 75, 5)
    page = shown(consultant, world)
    assert re.findall(r'<option value="(2026-\d\d)"', page) == ["2026-01", "2026-02", "2026-01", "2026-03"]
    page = shown(consultant, world, to="2026-01")
    assert "80 answers, Spring. January 2026." in page
    assert '<option value="2026-01" selected>' in page
    assert "to=2026-01" in re.search(r'class="mx-pt" id="[^"]+" href="([^"]+)"', page)[1]


@COMMITTED
@pytest.mark.parametrize("period", [{"from": "2026-03"}, {"from": "2026-02", "to": "2026-01"}, {"to": "x"}])
def test_a_period_that_would_give_a_few_away_is_refused(world, consultant, wave, period):
    spread_over_months(wave, 80, 75, 5)
    page = shown(consultant, world, "", 422, **period)
    assert "There is no such period." in page
    assert "160 answers, Spring." in page


def test_a_channel_narrows_the_rows_and_not_the_crosshair(world, consultant, wave):
    assert 'name="channel"' not in shown(consultant, world)
    Moment.objects.filter(name="Queue at the till").update(channels=["phone"])
    page = shown(consultant, world, channel="phone")
    assert len(re.findall(r"<tr data-moment", page)) == 1
    assert "mean 4.00" in page
    shown(consultant, world, "", 422, channel="app")


def test_the_kind_of_respondent_chooses_among_the_waves(world, consultant, wave):
    assert 'name="respondent"' not in shown(consultant, world)
    staff = survey_of(world.cycle, respondent=Respondent.STAFF)
    answer(wave_of(staff, 1, name="Ours"), [(3, 4), (4, 5), (5, 2)], times=12)
    assert "160 answers, Spring" in shown(consultant, world, respondent="customer")
    assert "12 answers, Ours" in shown(consultant, world, respondent="staff")
    shown(consultant, world, "", 422, respondent="mystery_shopper")


# --- Trend and groups -----------------------------------------------------------------------------


@COMMITTED
def test_the_trend_goes_month_by_month_or_wave_by_wave(world, consultant, survey, wave):
    spread_over_months(wave, 80, 80)
    trend = section(shown(consultant, world, "depth/"), "t-trend")
    assert trend.count('class="tr-svg"') == 3
    assert "January 2026: 1.0" in trend
    later = wave_of(survey, 2, name="Autumn")
    answer(later, [(3, 4), (4, 5), (5, 4)], times=30)
    refresh_stale()
    trend = section(shown(consultant, world, "depth/"), "t-trend")
    assert "Spring: 1.5" in trend
    assert "Autumn: 4.0" in trend


def test_a_time_with_few_ratings_has_no_figure_in_the_trend(world, consultant, survey, wave):
    answer(wave_of(survey, 2, name="Autumn"), [(3, 4), (4, 5), (5, 4)], times=30)
    third = wave_of(survey, 3, name="Winter")
    answer(third, [(3, 4), (4, 5), (5, 3)], times=9)
    answer(third, [(3, 4), (4, 5)], times=9)
    refresh_stale()
    last = shown(consultant, world, "depth/", wave=third.pk)
    assert "Queue at the till" not in section(last, "t-trend")
    assert "Winter: 4.0" in section(last, "t-trend")


def test_a_group_is_held_against_the_rest(world, consultant, wave):
    answer(wave, [(3, 4), (4, 5), (5, 4)], times=40, visit="again")
    answer(wave, [(3, 4), (4, 5), (5, 1)], times=40, visit="first")
    answer(wave, [(3, 4), (4, 5), (5, 1)], times=5, visit="never")
    digest.digest_pending()
    refresh_stale()
    groups = section(shown(consultant, world, "depth/"), "t-groups")
    columns = re.findall(r'<th scope="col" class="r">(\w+)', groups)
    assert columns == ["first"]  # the next smallest, or "never" could be subtracted


def test_a_clear_difference_between_groups_is_bold_and_said(world, consultant, wave):
    for satisfaction in (4, 5):
        answer(wave, [(3, 4), (4, 5), (5, satisfaction)], times=20, visit="again")
    refresh_stale()
    groups = section(shown(consultant, world, "depth/"), "t-groups")
    queue = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Queue at the till.*?</tr>", groups, re.S)[0]
    assert re.findall(r"<b>([^<]+)</b>", queue) == ["+3.0", "−3.0"]  # "again" before "first", though fewer
    assert queue.count(", clear") == 2


# --- Files ----------------------------------------------------------------------------------------


def test_the_drawing_is_a_file_of_its_own(world, wave):
    viewer = log_in(world.viewer, "es")
    response = viewer.get(url(world, "chart.svg"))
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    text = response.content.decode()
    assert 'xmlns="http://www.w3.org/2000/svg"' in text
    assert "Instrument Sans, system-ui, sans-serif" in text
    assert "<a " not in text
    assert "hx-" not in text
    assert ElementTree.fromstring(text).get("width") == "672.0"


def test_the_picture_is_twice_the_size_and_not_blank(world, consultant, wave):
    response = consultant.get(url(world, "chart.png"))
    assert response["Content-Type"] == "image/png"
    image = Image.open(BytesIO(response.content))
    assert image.size == (1344, 1452)
    assert len(image.convert("RGB").getcolors(1 << 20)) > 50


def test_without_a_matrix_the_files_say_so(world, consultant):
    assert "Ask the customers" in consultant.get(url(world, "chart.svg")).content.decode()
    assert consultant.get(url(world, "chart.png")).status_code == 200
