"""How often a person is asked, over all surveys of a client."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import campaigns, cap, delivery, reminders
from surveys.funnel import funnel_of
from surveys.models import Campaign, Contact, MailState, OutgoingMail
from surveys.recipient_list import recipient_list
from tests.surveys.asking import open_survey, queue

DAY = timedelta(days=1)


@pytest.fixture
def asked(world):
    """Ana was asked by another survey three days ago."""
    [mail] = queue(
        open_survey(world.cycle), "ana@x.example", state=MailState.SENT, sent_at=timezone.now() - 3 * DAY
    )
    return mail


@pytest.fixture
def wave(world, asked):
    wave = open_survey(world.cycle)
    assert wave.pk != asked.campaign.wave_id
    wave.recipients.add(
        asked.invitation.contact, Contact.objects.create(client=world.client, email="eva@x.example")
    )
    return wave


@pytest.fixture
def campaign(wave):
    Campaign.objects.filter(wave=wave).update(cap_days=30)
    return Campaign.objects.get(wave=wave)


def states(campaign):
    return dict(OutgoingMail.objects.filter(campaign=campaign).values_list("recipient", "state"))


def test_whom_another_survey_asked_lately_is_spared_and_listed(wave, campaign):
    assert campaigns.start(campaign) == 2
    assert states(campaign) == {"ana@x.example": "capped", "eva@x.example": "queued"}
    funnel = funnel_of(wave)
    assert (funnel.capped, funnel.waiting, funnel.sent) == (1, 1, 0)
    assert [(aside.key, aside.count) for aside in funnel.asides] == [("capped", 1)]
    [row] = recipient_list(wave, progress="capped").rows
    assert (row.contact.email, row.reason) == ("ana@x.example", "Another survey asked them only lately.")


@pytest.mark.parametrize(("days", "state"), [(0, "queued"), (2, "queued"), (4, "capped")])
def test_days_are_counted_from_the_last_mail(campaign, days, state):
    Campaign.objects.filter(pk=campaign.pk).update(cap_days=days)
    campaigns.start(campaign)
    assert states(campaign)["ana@x.example"] == state


def test_mail_of_the_other_survey_that_still_waits_counts_too(campaign, asked):
    OutgoingMail.objects.filter(pk=asked.pk).update(state=MailState.QUEUED, sent_at=None)
    campaigns.start(campaign)
    assert states(campaign)["ana@x.example"] == "capped"


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.CANCELLED, MailState.CAPPED])
def test_mail_that_never_arrived_does_not_count(campaign, asked, state):
    OutgoingMail.objects.filter(pk=asked.pk).update(state=state, sent_at=None)
    campaigns.start(campaign)
    assert states(campaign)["ana@x.example"] == "queued"


def test_another_clients_survey_does_not_count(world, stranger):
    queue(open_survey(stranger.cycle), "ana@x.example", state=MailState.SENT, sent_at=timezone.now())
    wave = open_survey(world.cycle)
    wave.recipients.add(Contact.objects.create(client=world.client, email="ana@x.example"))
    Campaign.objects.filter(wave=wave).update(cap_days=30)
    campaigns.start(Campaign.objects.get(wave=wave))
    assert states(Campaign.objects.get(wave=wave)) == {"ana@x.example": "queued"}


@pytest.mark.django_db(transaction=True)
def test_it_is_looked_at_once_more_in_the_moment_of_sending(campaign, asked, smtp_sink):
    OutgoingMail.objects.filter(pk=asked.pk).update(state=MailState.CANCELLED, sent_at=None)
    campaigns.start(campaign)
    OutgoingMail.objects.filter(pk=asked.pk).update(state=MailState.SENT, sent_at=timezone.now())
    delivery.run()
    assert states(campaign) == {"ana@x.example": "capped", "eva@x.example": "sent"}


def test_two_that_wait_do_not_wait_for_each_other(campaign, asked):
    campaigns.start(campaign)
    OutgoingMail.objects.filter(pk=asked.pk).update(state=MailState.QUEUED, sent_at=None)
    mail = OutgoingMail.objects.select_related("campaign", "invitation").get(
        campaign=campaign, recipient="ana@x.example"
    )
    assert not cap.is_capped(mail)


def test_the_spared_are_sent_to_once_their_time_has_passed(campaign, asked):
    campaigns.start(campaign)
    assert campaigns.requeue_capped(campaign) == 0
    OutgoingMail.objects.filter(pk=asked.pk).update(sent_at=timezone.now() - 31 * DAY)
    assert campaigns.no_longer_capped(campaign).count() == 1
    assert campaigns.requeue_capped(campaign) == 1
    assert states(campaign) == {"ana@x.example": "queued", "eva@x.example": "queued"}
    assert campaigns.requeue_capped(campaign) == 0


def test_a_reminder_within_the_cap_is_spared_too_and_its_own_mail_does_not_count(campaign, asked):
    OutgoingMail.objects.filter(pk=asked.pk).update(sent_at=timezone.now() - 40 * DAY)
    campaigns.start(campaign)
    ago = timezone.now() - 5 * DAY
    OutgoingMail.objects.filter(campaign=campaign).update(state=MailState.SENT, sent_at=ago)
    Campaign.objects.filter(pk=campaign.pk).update(reminder_days=[4])
    OutgoingMail.objects.filter(pk=asked.pk).update(sent_at=timezone.now())
    assert reminders.queue_due() == 2
    rows = OutgoingMail.objects.filter(kind="reminder").values_list("recipient", "state")
    assert dict(rows) == {"ana@x.example": "capped", "eva@x.example": "queued"}
