"""Mail is sent once, to whom it still concerns at the last moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import delivery, guard, instrument, outbox, relay
from surveys.intake import record_response
from surveys.models import (
    Campaign,
    Contact,
    Invitation,
    MailState,
    OutgoingMail,
    SenderPause,
    Suppression,
    SurveyStatus,
    Wave,
    Why,
)
from surveys.outbox import Reason
from surveys.suppression import digest
from tests.surveys.asking import open_survey, queue
from tests.surveys.delivery.rows import states
from tests.surveys.test_intake import answers

# Real commits: what a lane writes must be seen by others while it talks to the server.
pytestmark = pytest.mark.django_db(transaction=True)


# --- Sending ------------------------------------------------------------------------------------


def test_each_mail_is_sent_once(wave, smtp_sink):
    mails = queue(wave, *(f"c{n}@example.org" for n in range(60)))
    assert delivery.run() == {"sent": 60}
    assert delivery.run() == {}
    assert sorted(smtp_sink.message_ids()) == sorted(mail.message_id for mail in mails)
    sent = OutgoingMail.objects.all()
    assert all(mail.state == MailState.SENT and mail.sent_at and mail.claim is None for mail in sent)
    assert sent[0].relay_reply == "250 2.0.0 taken"
    assert sent[0].attempts == 0


def test_what_arrives_is_what_was_made(wave, smtp_sink):
    [mail] = queue(wave, "carmen@example.org")
    mail.campaign.texts = {"en": {"subject": "¿Qué tal, {name}?", "body": ".\n..\n\n.dot\n" + "largo " * 400}}
    mail.campaign.save()
    delivery.run()
    message = smtp_sink.mail_to("carmen@example.org")
    assert message["Subject"] == "¿Qué tal, Carmen?"
    assert message["To"] == "carmen@example.org"
    plain = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert ".\n..\n\n.dot\nlargo largo" in plain
    assert smtp_sink.lines()[0]["from"] == "cyclemap@localhost"


def test_one_connection_carries_many_and_a_new_one_follows_when_the_server_has_enough(
    wave, smtp_sink, tmp_path
):
    smtp_sink.restart("--close-after", "3")
    queue(wave, *(f"c{n}@example.org" for n in range(10)))
    assert delivery.run() == {"sent": 10}
    assert len(set(smtp_sink.message_ids())) == 10
    assert not SenderPause.objects.exists()


# --- Looked up at the last moment ---------------------------------------------------------------


def opt_out(mail):
    Contact.objects.filter(email=mail.recipient).update(opted_out_at=timezone.now())


def revoke(mail):
    Invitation.objects.filter(pk=mail.invitation_id).update(revoked_at=timezone.now())


def answer(mail):
    record_response(mail.invitation, answers(mail.invitation.wave, nps="9"), "en")


def erase(mail):
    Contact.objects.filter(email=mail.recipient).delete()


def close(mail):
    instrument.close_wave(mail.campaign.wave)


def expire(mail):
    Wave.objects.update(closes_on=timezone.localdate() - timedelta(days=1))


def bar(mail):
    """Only the address, as of a person who was erased and came back in a list."""
    client = mail.campaign.wave.survey.cycle.client
    Suppression.objects.create(client=client, digest=digest(client.pk, mail.recipient), why=Why.OPTED_OUT)


def bounce(mail):
    Contact.objects.filter(email=mail.recipient).update(bounced_at=timezone.now())


def pause(mail):
    Campaign.objects.update(paused_at=timezone.now())


def pause_everything(mail):
    guard.pause()


def not_yet(mail):
    Wave.objects.update(status=SurveyStatus.DRAFT, opened_at=None)


FOR_GOOD = [
    (opt_out, "suppressed", Reason.OPTED_OUT),
    (bar, "suppressed", Reason.OPTED_OUT),
    (bounce, "suppressed", Reason.DEAD),
    (revoke, "cancelled", Reason.REVOKED),
    (answer, "cancelled", Reason.ANSWERED),
    (erase, "cancelled", Reason.ERASED),
    (close, "cancelled", Reason.CLOSED),
]
FOR_NOW = [(pause, "queued", ""), (pause_everything, "queued", ""), (not_yet, "queued", "")]


@pytest.mark.parametrize(("happens", "state", "reason"), [*FOR_GOOD, (expire, "cancelled", Reason.CLOSED)])
def test_what_happened_since_it_was_queued(wave, smtp_sink, happens, state, reason):
    [mail] = queue(wave, "a@example.org")
    happens(mail)
    assert delivery.run() == {state: 1}
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (state, reason)
    assert smtp_sink.lines() == []


@pytest.mark.parametrize(("happens", "state", "reason"), [*FOR_GOOD, *FOR_NOW])
def test_what_happens_while_the_mail_server_is_already_told_the_address(
    wave, smtp_sink, monkeypatch, happens, state, reason
):
    """The fence looks once more, whatever was read of the batch before."""
    first, mail = queue(wave, "a@example.org", "b@example.org")
    address = relay.Relay.address

    def and_then(self, sender, recipient):
        address(self, sender, recipient)
        if recipient == mail.recipient:
            happens(mail)

    monkeypatch.setattr(relay.Relay, "address", and_then)
    lane = delivery.Lane(lambda: False, 60)
    lane.deliver(outbox.claim(lane.me))
    assert lane.tally == {"sent": 1, state: 1}
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (state, reason)
    assert mail.claim is None
    assert smtp_sink.message_ids() == [first.message_id]


def test_a_paused_campaign_waits_and_another_goes(wave, smtp_sink, stranger):
    [mail] = queue(wave, "a@example.org")
    queue(open_survey(stranger.cycle), "b@example.org")
    Campaign.objects.filter(pk=mail.campaign_id).update(paused_at=timezone.now())
    assert delivery.run() == {"sent": 1}
    assert states() == {"a@example.org": "queued", "b@example.org": "sent"}
    Campaign.objects.update(paused_at=None)
    assert delivery.run() == {"sent": 1}


def test_paused_in_the_middle_of_a_batch(wave, smtp_sink):
    queue(wave, *(f"c{n}@example.org" for n in range(5)))
    lane = delivery.Lane(lambda: False, 60)
    keys = outbox.claim(lane.me)
    lane.deliver(keys[:2])
    Campaign.objects.update(paused_at=timezone.now())
    lane.deliver(keys[2:])
    assert list(states().values()).count("sent") == 2
    assert list(states().values()).count("queued") == 3
    assert len(smtp_sink.lines()) == 2


def test_a_wave_that_is_not_open_yet_waits(world, smtp_sink):
    wave = open_survey(world.cycle)
    queue(wave, "a@example.org")
    Wave.objects.update(status=SurveyStatus.DRAFT, opened_at=None)
    assert delivery.run() == {}
    assert states() == {"a@example.org": "queued"}


def test_a_row_that_cannot_be_sent_fails_alone(wave, smtp_sink):
    mails = queue(wave, "a@example.org", "b@example.org", "c@example.org")
    OutgoingMail.objects.filter(pk=mails[1].pk).update(recipient="b@example.org>\r\nDATA")
    assert delivery.run() == {"sent": 2, "failed": 1}
    mails[1].refresh_from_db()
    assert mails[1].reason == Reason.UNSENDABLE


def test_not_before_its_time(wave, smtp_sink):
    queue(wave, "a@example.org", not_before=timezone.now() + timedelta(minutes=1))
    assert delivery.run() == {}


def test_reasons_are_sentences_and_sentences_stay():
    assert outbox.reason_text("opted_out") == "Asked for no more mail."
    assert outbox.reason_text("Cancelled before it was sent.") == "Cancelled before it was sent."
    assert outbox.reason_text("") == ""
