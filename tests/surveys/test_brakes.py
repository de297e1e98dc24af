"""A bad list pauses itself; a pace is kept; trying with real data reaches nobody."""

import time

import pytest

from surveys import campaigns, delivery
from surveys.models import Campaign, MailState, OutgoingMail
from tests.surveys.asking import open_survey, queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(world):
    return open_survey(world.cycle)


def test_a_list_with_too_many_dead_addresses_pauses_itself_once(wave, smtp_sink):
    queue(wave, *(f"c{n}@example.org" for n in range(45)))
    delivery.run()
    queue(wave, *(f"refuse-{n}@example.org" for n in range(6)), *(f"d{n}@example.org" for n in range(5)))
    delivery.run()
    campaign = Campaign.objects.get(wave=wave)
    assert (campaign.pause_reason, campaign.paused_at is None) == ("refusals", False)
    refused = OutgoingMail.objects.filter(state=MailState.FAILED).count()
    assert refused == 3, "five of a hundred are forgiven"
    assert campaigns.resume(campaign)
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=campaign.created_at)
    delivery.run()
    campaign.refresh_from_db()
    assert campaign.paused_at is None, "who resumes it has been told"
    assert OutgoingMail.objects.filter(state=MailState.FAILED).count() == 6


def test_a_short_list_is_not_judged(wave, smtp_sink):
    queue(wave, *(f"refuse-{n}@example.org" for n in range(6)))
    delivery.run()
    assert Campaign.objects.get(wave=wave).paused_at is None


def test_a_pace_is_kept(wave, smtp_sink, settings):
    settings.MAIL_LANES, settings.MAIL_PER_MINUTE = 1, 600
    queue(wave, *(f"c{n}@example.org" for n in range(6)))
    before = time.monotonic()
    assert delivery.run() == {"sent": 6}
    assert time.monotonic() - before >= 0.5


def test_trying_reaches_nobody_else(wave, smtp_sink, settings):
    settings.MAIL_ONLY_TO = "me@example.org"
    queue(wave, "carmen@example.org", "ana@example.org")
    assert delivery.run() == {"sent": 2}
    assert [line["to"] for line in smtp_sink.lines()] == [["me@example.org"], ["me@example.org"]]
