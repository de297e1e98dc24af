"""Waves open and close on their days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.models import Moment
from surveys import instrument
from surveys.models import SurveyStatus, Wave
from surveys.tasks import turn_waves
from surveys.turning import turn

TODAY = timezone.localdate


@pytest.fixture
def wave(world):
    return Wave.objects.get(survey=instrument.draft_survey(world.cycle))


def planned(wave, **dates):
    Wave.objects.filter(pk=wave.pk).update(**dates)


def test_a_wave_opens_on_its_day_once(wave):
    planned(wave, opens_on=TODAY() + timedelta(days=1))
    assert turn() == (0, 0)
    planned(wave, opens_on=TODAY())
    assert turn() == (1, 0)
    assert turn() == (0, 0)
    wave.refresh_from_db()
    assert wave.status == SurveyStatus.OPEN
    assert wave.survey.items.count() == 3


def test_a_wave_closes_when_its_last_day_is_over(wave):
    instrument.open_wave(wave)
    planned(wave, closes_on=TODAY())
    assert turn() == (0, 0)
    planned(wave, closes_on=TODAY() - timedelta(days=1))
    turn_waves()
    wave.refresh_from_db()
    assert (wave.status, wave.is_open) == (SurveyStatus.CLOSED, False)
    assert turn() == (0, 0)


def test_what_cannot_open_stays_a_draft_and_holds_up_nothing(wave, stranger):
    Moment.objects.filter(stage__cycle=wave.survey.cycle).delete()
    other = Wave.objects.get(survey=instrument.draft_survey(stranger.cycle))
    planned(wave, opens_on=TODAY())
    planned(other, opens_on=TODAY())
    assert turn() == (1, 0)
    wave.refresh_from_db()
    assert wave.status == SurveyStatus.DRAFT


def test_a_later_wave_opens_on_its_day(world, consultant, wave):
    instrument.close_wave(instrument.open_wave(wave))
    second = instrument.next_wave(wave.survey)
    url = world.url(f"waves/{second.pk}/change/")
    fields = {"name": "Spring", "opens_on": TODAY().isoformat(), "closes_on": ""}
    assert consultant.post(url, fields).status_code == 302
    turn()
    second.refresh_from_db()
    assert second.status == SurveyStatus.OPEN
    # Once it has opened there is no such day to choose.
    shown = consultant.get(world.url(f"waves/{second.pk}/")).content.decode()
    assert 'name="opens_on"' not in shown
