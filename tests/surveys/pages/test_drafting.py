"""Drafting a survey, its settings and its preview, with and without htmx."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.models import Moment
from surveys.models import Item, Response, Survey, Wave
from tests.surveys.pages.asked_for import HTMX, SETTINGS, page, text


def test_without_a_survey_there_is_one_next_step(world, consultant):
    response = consultant.get(page(world, f"cycles/{world.cycle.pk}/survey/"))
    assert "There is no survey yet" in text(response)
    assert "3 moments" in text(response)
    assert Survey.objects.count() == 0


def test_without_moments_the_step_leads_to_the_map(world, consultant):
    Moment.objects.update(position=None, deleted_at=timezone.now())
    assert "no moments yet" in text(consultant.get(page(world, f"cycles/{world.cycle.pk}/survey/")))


def test_another_survey_is_nobody_who_is_on_the_page_too(world, consultant):
    for name in ("Spring", "Autumn"):
        Wave.objects.create(survey=Survey.objects.create(cycle=world.cycle, name=name), number=1)
    shown = text(consultant.get(page(world, f"cycles/{world.cycle.pk}/survey/")))
    assert "1 other survey" in shown
    assert 'aria-label="Also here"' not in shown


def test_drafting_leads_to_the_page_of_the_draft(world, consultant):
    for _press in range(2):
        response = consultant.post(page(world, f"cycles/{world.cycle.pk}/survey/draft/"), follow=True)
    assert response.status_code == 200
    assert "Draft." in text(response)
    assert "3 moments are asked about" in text(response)
    survey = Survey.objects.get()
    assert survey.contact_address == world.consultant.email


def test_settings_are_saved(world, consultant, survey, wave):
    closes_on = timezone.localdate() + timedelta(days=9)
    told = SETTINGS | {"closes_on": closes_on.isoformat()}
    response = consultant.post(page(world, f"surveys/{survey.pk}/settings/"), told)
    assert response.status_code == 302
    survey.refresh_from_db()
    wave.refresh_from_db()
    assert (survey.name, survey.address, survey.scale_max) == ("Shoppers", "usted", 7)
    assert (survey.asks_nps, survey.asks_comment) == (True, False)
    assert wave.closes_on == closes_on


def test_settings_answer_their_section_to_htmx(world, consultant, survey):
    response = consultant.post(page(world, f"surveys/{survey.pk}/settings/"), SETTINGS, headers=HTMX)
    assert response.status_code == 200
    assert '<section class="cs" id="settings"' in text(response)
    assert "<html" not in text(response)
    assert "Settings saved." in text(response)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"name": ""}, "required"),
        ({"scale_max": "6"}, "not one of the available choices"),
        ({"contact_address": "nowhere"}, "valid email"),
        ({"brand": "A\x0bB"}, "control character"),
        ({"closes_on": "2020-01-01"}, "This day is over"),
        ({"closes_on": "soon"}, "valid date"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_settings_say_so_at_the_field(world, consultant, survey, told, fault, headers):
    response = consultant.post(
        page(world, f"surveys/{survey.pk}/settings/"),
        SETTINGS | {"brand": "Typed brand"} | told,
        headers=headers,
    )
    assert response.status_code == 422
    assert fault in text(response)
    assert ("Typed brand" in text(response)) == ("brand" not in told)
    survey.refresh_from_db()
    assert survey.brand == world.client.name


def test_moments_are_left_out_and_taken_in_again(world, consultant, survey):
    first, second, third = Moment.objects.order_by("pk").values_list("pk", flat=True)
    url = page(world, f"surveys/{survey.pk}/questions/")
    consultant.post(url, {"asked": [first, third]})
    assert list(survey.left_out.values_list("pk", flat=True)) == [second]
    consultant.post(url, {"asked": [first, second]})
    assert list(survey.left_out.values_list("pk", flat=True)) == [third]


def test_asking_about_nothing_says_so(world, consultant, survey):
    response = consultant.post(page(world, f"surveys/{survey.pk}/questions/"), {}, headers=HTMX)
    assert response.status_code == 422
    assert "at least one moment" in text(response)
    assert not survey.left_out.exists()


def test_a_strangers_moment_is_no_question(world, stranger, consultant, survey):
    foreign = Moment.objects.get(stage__cycle=stranger.cycle, name="Be greeted")
    response = consultant.post(page(world, f"surveys/{survey.pk}/questions/"), {"asked": [foreign.pk]})
    assert response.status_code == 422


def test_the_preview_is_the_customers_page_in_each_language(world, consultant, survey):
    url = page(world, f"surveys/{survey.pk}/preview/")
    Survey.objects.update(brand="Alba Moda")
    for language, sentence in (("en", "How did it go"), ("es", "¿Cómo te fue")):
        response = consultant.get(url, {"lang": language})
        assert response.status_code == 200
        assert "Be greeted" in text(response)
        assert sentence in text(response)
    assert Response.objects.count() == Item.objects.count() == 0
