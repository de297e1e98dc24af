"""An open matrix page hears of new answers, and asks cheaply."""

from prioritization.matrix import refresh_stale
from surveys.models import Response, SurveyStatus
from tests.prioritization.answers import answer, wave_of
from tests.prioritization.matrix_page.reading import HTMX, poll_address, rows, shown


def test_an_open_page_hears_nothing_until_an_answer_comes_and_then_moves(world, consultant, wave):
    address = poll_address(shown(consultant, world))
    assert consultant.get(address, headers=HTMX).status_code == 204
    answer(wave, [(3, 4), (4, 5), (5, 5)], times=60)
    moved = consultant.get(address, headers=HTMX).content.decode()
    assert "120 answers, Spring." in moved
    assert rows(moved)["Queue at the till"][1] == "3.3"  # of 3.25
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
