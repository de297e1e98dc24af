"""The matrix page without a survey, without answers, with few of them."""

import re

from prioritization.matrix import refresh_stale
from prioritization.models import Matrix
from prioritization.tallies import read as tallies
from surveys.models import SurveyStatus
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of
from tests.prioritization.matrix_page.reading import HTMX, heading, poll_address, rows, shown


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
