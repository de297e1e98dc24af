"""Counts and what they say: rules in numbers, and the numbers out of the database."""

import pytest
from django.utils import timezone

from surveys import campaigns, instrument
from surveys.funnel import Funnel, funnel_of, share
from surveys.models import Campaign, Contact, Invitation, MailState, OutgoingMail, Response, Wave


@pytest.mark.parametrize(
    ("funnel", "headline"),
    [
        (Funnel(), "Nothing has been sent yet"),
        (Funnel(invited=9, waiting=9, started=True, paused=True), "Sending is paused"),
        (Funnel(invited=100, sent=95, refused=5), "Too many addresses are refused"),
        (Funnel(invited=100, sent=96, refused=4, completed=40, opened=45), "The survey is being answered"),
        (Funnel(invited=100, sent=98, unconfirmed=2, doubtful=2), "Some mail is in doubt"),
        (
            Funnel(invited=100, sent=98, unconfirmed=2, completed=30, opened=30),
            "The survey is being answered",
        ),
        (Funnel(invited=100, sent=50, waiting=50), "Mail is on its way"),
        (Funnel(invited=19, sent=19, completed=1, opened=1), "Too few to judge yet"),
        (Funnel(other_answers=600), "Answers come without invitations"),
        (Funnel(invited=20, sent=20), "Nobody has answered yet"),
        (Funnel(invited=100, sent=100, opened=50, completed=34), "People begin and do not finish"),
        (Funnel(invited=100, sent=100, opened=14, completed=14), "Few of those asked have answered"),
        (Funnel(invited=100, sent=100, opened=15, completed=15), "The survey is being answered"),
        (
            Funnel(invited=100, sent=90, refused=10, completed=45, closed=True),
            "Of a hundred who were asked, 50 answered",
        ),
        (Funnel(other_answers=3, closed=True), "The survey is closed"),
    ],
)
def test_the_headline_is_the_first_rule_that_applies(funnel, headline):
    assert funnel.headline == headline
    assert all(funnel.evidence)


def test_shares_are_of_those_that_the_mail_reached():
    funnel = Funnel(invited=1031, sent=1007, unconfirmed=2, refused=17, opened=521, completed=386, not_sent=5)
    by_key = {step.key: step for step in funnel.steps}
    assert funnel.response_rate == 38
    assert [by_key[key].share for key in ("queued", "sent", "opened", "completed")] == [None, 100, 52, 38]
    assert by_key["queued"].percent == 100
    assert by_key["completed"].percent == 37
    assert by_key["sent"].loss == "17 refused"
    assert by_key["queued"].loss == "5 opted out or cancelled"
    assert by_key["unconfirmed"].percent == 1, "two of a thousand are still seen"
    assert [key for key, step in by_key.items() if step.is_trace] == ["unconfirmed"]


def test_nobody_asked_divides_by_nothing():
    assert Funnel().response_rate is None
    assert [step.percent for step in Funnel().steps] == [0, 0, 0, 0, 0]


def test_unconfirmed_is_a_step_only_when_there_are_some():
    assert "unconfirmed" not in [step.key for step in Funnel(invited=3, sent=3).steps]
    assert "unconfirmed" in [step.key for step in Funnel(invited=3, sent=2, unconfirmed=1).steps]


@pytest.fixture
def wave(world):
    wave = instrument.open_wave(Wave.objects.get(survey=instrument.draft_survey(world.cycle)))
    contacts = [Contact.objects.create(client=world.client, email=f"c{n}@x.example") for n in range(8)]
    wave.recipients.add(*contacts)
    campaigns.start(Campaign.objects.get(wave=wave))
    return wave


def test_the_counts_of_a_wave(wave, django_assert_num_queries):
    told = [
        MailState.SENT,
        MailState.SENT,
        MailState.UNCONFIRMED,
        MailState.UNCONFIRMED,
        MailState.FAILED,
        MailState.BOUNCED,
        MailState.CANCELLED,
        MailState.QUEUED,
    ]
    mails = list(OutgoingMail.objects.order_by("pk"))
    for mail, state in zip(mails, told, strict=True):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
    OutgoingMail.objects.filter(pk=mails[3].pk).update(settled_at=timezone.now())
    Invitation.objects.filter(pk=mails[0].invitation_id).update(opened_at=timezone.now())
    Response.objects.create(wave=wave, invitation=mails[1].invitation)
    Response.objects.create(wave=wave)
    Contact.objects.filter(email="c2@x.example").update(opted_out_at=timezone.now())
    with django_assert_num_queries(5):
        funnel = funnel_of(wave)
    assert funnel == Funnel(
        invited=8,
        waiting=1,
        sent=2,
        unconfirmed=2,
        doubtful=1,
        opened=2,
        begun=1,
        completed=1,
        refused=2,
        bounced=1,
        opted_out=1,
        not_sent=1,
        other_answers=1,
        started=True,
        paused=False,
    )
    assert funnel.answers == 2
    assert funnel.response_rate == 25


def test_reminders_are_not_counted_as_people(wave):
    mail = OutgoingMail.objects.first()
    OutgoingMail.objects.create(
        campaign=mail.campaign,
        invitation=mail.invitation,
        round=1,
        recipient=mail.recipient,
        message_id="<r@x>",
    )
    funnel = funnel_of(wave)
    assert (funnel.waiting, funnel.reminders_waiting, funnel.reminded) == (8, 1, 0)
    OutgoingMail.objects.filter(round=1).update(state=MailState.SENT)
    assert funnel_of(wave).reminded == 1


def test_invitations_that_were_not_mailed_by_us_count_as_sent(wave):
    contact = Contact.objects.create(client=wave.survey.cycle.client, email="other@x.example")
    Invitation.objects.create(wave=wave, contact=contact, nonce=b"o" * 16)
    funnel = funnel_of(wave)
    assert (funnel.invited, funnel.sent, funnel.waiting) == (9, 1, 8)


def test_before_sending_it_says_how_many_are_on_the_list():
    assert Funnel(gathered=295).evidence == [
        "295 customers are on the list. Look at the message and start sending."
    ]
    assert Funnel().evidence == ["Add recipients, look at the message, and start sending."]


def test_a_half_percent_is_rounded_up_as_everywhere():
    """Python's `round` would say 12 of 12.5."""
    assert share(1, 8) == 13
    assert share(0, 8) == 0
    assert share(1, 0) is None
