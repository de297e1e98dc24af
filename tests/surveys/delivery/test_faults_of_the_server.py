"""The lane against a real mail server with every fault that it may have."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import brakes, delivery, outbox, relay
from surveys.models import MailState, OutgoingMail, SenderPause
from surveys.outbox import Reason
from tests.smtp_sink import closed_port
from tests.surveys.asking import queue
from tests.surveys.delivery.rows import row, states

# Real commits: what a lane writes must be seen by others while it talks to the server.
pytestmark = pytest.mark.django_db(transaction=True)


def hurry() -> None:
    """Let time pass: whatever was put off is due."""
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=timezone.now() - timedelta(days=1))
    SenderPause.objects.update(until=timezone.now() - timedelta(days=1))


# --- The server says no -------------------------------------------------------------------------


def test_refused_for_good(wave, smtp_sink):
    queue(wave, "refuse-a@example.org", "reject-b@example.org", "fine@example.org")
    assert delivery.run() == {"failed": 2, "sent": 1}
    refused, rejected = row("refuse-a@example.org"), row("reject-b@example.org")
    assert (refused.reason, refused.relay_reply) == (Reason.REFUSED, "550 5.1.1 no such person")
    assert rejected.relay_reply == "554 5.7.1 not that"
    hurry()
    assert delivery.run() == {}
    assert smtp_sink.recipients() == ["fine@example.org"]


@pytest.mark.parametrize("kind", ["later", "defer", "no-data", "cut-rcpt", "cut-data"])
def test_not_now_is_tried_later_and_holds_up_nobody(wave, smtp_sink, kind):
    address = f"{kind}-a@example.org"
    queue(wave, address, "fine@example.org")
    assert delivery.run() == {"queued": 1, "sent": 1}
    mail = row(address)
    assert mail.attempts == 1
    assert timedelta(seconds=90) < mail.not_before - timezone.now() < timedelta(minutes=3)
    assert mail.transmitting_at is None
    assert delivery.run() == {}
    for expected in (2, 3):
        hurry()
        delivery.run()
        assert row(address).attempts == expected
    assert row(address).not_before - timezone.now() > timedelta(minutes=20)
    assert smtp_sink.recipients() == ["fine@example.org"]


def test_greylisted_then_sent(wave, smtp_sink):
    queue(wave, *(f"grey-{n}@example.org" for n in range(5)))
    assert delivery.run() == {"queued": 5}
    assert smtp_sink.lines() == []
    hurry()
    assert delivery.run() == {"sent": 5}
    assert len(smtp_sink.lines()) == 5


def test_after_two_days_of_not_now_it_is_given_up(wave, smtp_sink):
    queue(wave, "later-a@example.org")
    OutgoingMail.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)
    assert delivery.run() == {"queued": 1}
    mail = row("later-a@example.org")
    assert (mail.state, mail.reason) == (MailState.FAILED, Reason.TOO_LONG)
    waits = [outbox.WAITS[min(n, len(outbox.WAITS)) - 1] for n in range(1, outbox.MAX_ATTEMPTS)]
    assert timedelta(hours=47) < sum(waits, timedelta()) < timedelta(hours=49)


# --- Nobody says anything -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cut-after", "cut-before"])
def test_cut_after_the_text_is_a_doubt_and_never_sent_again_by_itself(wave, smtp_sink, kind):
    address = f"{kind}-a@example.org"
    queue(wave, address, "fine@example.org")
    assert delivery.run() == {"unconfirmed": 1, "sent": 1}
    mail = row(address)
    assert (mail.state, mail.reason) == (MailState.UNCONFIRMED, Reason.NO_ANSWER)
    hurry()
    outbox.sweep()
    assert delivery.run() == {}
    assert smtp_sink.recipients().count(address) == (1 if kind == "cut-after" else 0)


def test_a_server_that_takes_too_long_to_answer_is_a_doubt(wave, smtp_sink, monkeypatch):
    monkeypatch.setattr(relay, "SECONDS_FOR_THE_LAST_REPLY", 0.2)
    smtp_sink.restart("--slow", "1")
    queue(wave, "a@example.org")
    assert delivery.run() == {"unconfirmed": 1}


# --- The server turns the sender away -----------------------------------------------------------


def test_no_server_and_the_mail_waits(wave, smtp_sink, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, closed_port()
    queue(wave, "a@example.org", "b@example.org")
    delivery.run()
    assert set(states().values()) == {"queued"}
    assert {mail.attempts for mail in OutgoingMail.objects.all()} == {0}
    pause = SenderPause.objects.get()
    assert pause.failures == 1
    settings.EMAIL_PORT = port
    assert delivery.run() == {}, "it rests"
    hurry()
    assert delivery.run() == {"sent": 2}
    pause.refresh_from_db()
    assert pause.failures == 0


@pytest.mark.parametrize("fault", [["--refuse-log-in"], ["--refuse-sender", "550"]])
def test_a_sender_refused_for_good_rests_and_spends_no_row(wave, smtp_sink, settings, fault):
    smtp_sink.restart(*fault)
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "someone", "wrong"
    queue(wave, *(f"c{n}@example.org" for n in range(5)))
    delivery.run()
    assert set(states().values()) == {"queued"}
    assert {mail.attempts for mail in OutgoingMail.objects.all()} == {0}
    pause = SenderPause.objects.get()
    assert pause.sender == "cyclemap@localhost"
    assert pause.until - timezone.now() > timedelta(minutes=4)
    assert brakes.rests("cyclemap@localhost")
    smtp_sink.restart("--slow", "0")
    hurry()
    assert delivery.run() == {"sent": 5}


def test_a_sender_who_is_to_slow_down_rests_a_little(wave, smtp_sink):
    smtp_sink.restart("--refuse-sender", "454")
    queue(wave, "a@example.org")
    delivery.run()
    first = SenderPause.objects.get().until - timezone.now()
    assert timedelta(0) < first < timedelta(minutes=1)
    hurry()
    delivery.run()
    assert SenderPause.objects.get().until - timezone.now() > first
    assert row("a@example.org").attempts == 0
