"""Opening freezes, closing asks first and offers the next wave."""

from datetime import timedelta

from django.utils import timezone

from cycles.models import Moment
from surveys import instrument
from surveys.models import Item, Survey
from tests.surveys.pages.asked_for import HTMX, SETTINGS, page, text


def test_opening_freezes_and_then_every_form_of_the_instrument_refuses(world, consultant, survey, wave):
    assert consultant.post(page(world, f"waves/{wave.pk}/open/")).status_code == 302
    survey.refresh_from_db()
    assert survey.frozen_at is not None
    before = Survey.objects.values().get(), list(Item.objects.values())
    for path, told in (("settings", SETTINGS), ("questions", {"asked": []})):
        response = consultant.post(page(world, f"surveys/{survey.pk}/{path}/"), told)
        assert response.status_code == 422
        assert "its questions no longer change" in text(response) or path == "questions"
    assert (Survey.objects.values().get(), list(Item.objects.values())) == before


def test_opening_what_cannot_open_says_why(world, consultant, survey, wave):
    survey.left_out.set(Moment.objects.all())
    response = consultant.post(page(world, f"waves/{wave.pk}/open/"), headers=HTMX)
    assert response.status_code == 422
    assert "Choose at least one" in text(response)


def test_closing_asks_first_and_then_offers_the_next_wave(world, consultant, opened):
    url = page(world, f"waves/{opened.pk}/")
    assert "Close it today?" in text(consultant.get(url))
    response = consultant.post(url + "close/", headers=HTMX)
    assert response.status_code == 200
    assert 'id="survey"' in text(response)
    assert "Ask again: next wave" in text(response)
    assert '<h1 tabindex="-1" autofocus>' in text(response), "the pressed button is gone"
    opened.refresh_from_db()
    assert opened.status == "closed"


def test_the_next_wave_has_its_own_page(world, consultant, survey, opened):
    instrument.close_wave(opened)
    for _press in range(2):
        response = consultant.post(page(world, f"surveys/{survey.pk}/next-wave/"), follow=True)
    assert "It asks the same as the waves before." in text(response)
    assert survey.waves.count() == 2
    first = text(consultant.get(page(world, f"waves/{opened.pk}/")))
    assert "Wave 1" in first
    assert "Wave 2" in first


def test_an_open_wave_may_close_later(world, consultant, opened):
    later = timezone.localdate() + timedelta(days=30)
    url = page(world, f"waves/{opened.pk}/change/")
    consultant.post(url, {"name": "Spring", "closes_on": later.isoformat()})
    opened.refresh_from_db()
    assert (opened.name, opened.closes_on) == ("Spring", later)
    response = consultant.post(url, {"name": "Spring", "closes_on": "2020-01-01"})
    assert response.status_code == 422
    instrument.close_wave(opened)
    assert consultant.post(url, {"name": "Autumn", "closes_on": ""}).status_code == 422
    opened.refresh_from_db()
    assert opened.name == "Spring"
