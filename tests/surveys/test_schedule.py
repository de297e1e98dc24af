"""Starting by itself: in the zone of whoever said when, once, and never after it was called off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from surveys import campaigns, guard, schedule
from surveys.models import Campaign, Contact, OutgoingMail, SurveyStatus, Wave
from surveys.tasks import start_campaigns
from tests.surveys.asking import open_survey


@pytest.fixture
def wave(world):
    wave = open_survey(world.cycle)
    wave.recipients.add(Contact.objects.create(client=world.client, email="ana@x.example"))
    return wave


@pytest.fixture
def campaign(wave):
    return Campaign.objects.get(wave=wave)


def fresh(campaign):
    return Campaign.objects.select_related("wave__survey").get(pk=campaign.pk)


def plan(campaign, minutes=-1):
    assert schedule.schedule(campaign, timezone.now() + timedelta(minutes=minutes), "America/Bogota")


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("America/Bogota", date(2026, 7, 1), datetime(2026, 7, 1, 15, 0, tzinfo=UTC)),
        ("Europe/Madrid", date(2026, 7, 1), datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        ("Europe/Madrid", date(2026, 12, 1), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_said_in_a_zone(zone, day, moment):
    assert schedule.moment(day, time(10), zone) == moment


def test_an_hour_that_the_clocks_skip_is_the_one_after_it():
    assert schedule.moment(date(2026, 3, 29), time(2, 30), "Europe/Madrid").astimezone(
        ZoneInfo("Europe/Madrid")
    ).time() == time(3, 30)


def test_it_starts_when_it_is_due_and_not_before(campaign):
    plan(campaign, minutes=5)
    start_campaigns()
    assert OutgoingMail.objects.count() == 0
    plan(campaign)
    start_campaigns()
    assert OutgoingMail.objects.get().recipient == "ana@x.example"
    campaign = fresh(campaign)
    assert campaign.started_at is not None
    assert campaign.starts_at is None
    start_campaigns()
    assert OutgoingMail.objects.count() == 1


def test_called_off_it_does_not_start(campaign):
    plan(campaign)
    assert schedule.unschedule(campaign)
    assert schedule.start_due() == 0
    assert OutgoingMail.objects.count() == 0


def test_what_has_started_is_not_planned_any_more(campaign):
    campaigns.start(campaign)
    assert not schedule.schedule(campaign, timezone.now(), "UTC")
    assert not schedule.unschedule(campaign)


def test_starting_by_hand_takes_the_place_of_the_plan(campaign):
    plan(campaign, minutes=5)
    campaigns.start(campaign)
    assert fresh(campaign).starts_at is None


def test_it_waits_for_the_survey_to_open(wave, campaign):
    plan(campaign)
    Wave.objects.filter(pk=wave.pk).update(status=SurveyStatus.DRAFT, opened_at=None)
    assert schedule.start_due() == 0
    assert fresh(campaign).starts_at is not None
    Wave.objects.filter(pk=wave.pk).update(status=SurveyStatus.OPEN, opened_at=timezone.now())
    assert schedule.start_due() == 1


def test_a_closed_wave_forgets_its_plan(wave, campaign):
    plan(campaign, minutes=5)
    campaigns.close_wave(wave)
    assert fresh(campaign).starts_at is None


def test_for_nobody_it_says_so_and_stays_unsent(wave, campaign):
    wave.recipients.clear()
    plan(campaign)
    assert schedule.start_due() == 0
    campaign = fresh(campaign)
    assert (campaign.starts_at, campaign.started_at, campaign.pause_reason) == (None, None, schedule.NOBODY)
    plan(campaign, minutes=5)
    assert fresh(campaign).pause_reason == ""


def test_nothing_starts_while_all_sending_is_held(campaign):
    plan(campaign)
    guard.state()
    guard.hold()
    assert schedule.start_due() == 0
    guard.release()
    assert schedule.start_due() == 1


def test_it_is_told_in_its_own_zone(campaign):
    schedule.schedule(campaign, datetime(2030, 7, 1, 15, 0, tzinfo=UTC), "America/Bogota")
    assert schedule.told(fresh(campaign)) == "1 July 2030, 10:00 (Bogota)"
