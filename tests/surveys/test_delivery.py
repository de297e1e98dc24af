"""The lane against a real mail server with every fault that it may have."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from surveys import delivery, instrument, outbox, relay
from surveys.intake import record_response
from surveys.models import (
    Campaign,
    Contact,
    Invitation,
    MailState,
    OutgoingMail,
    SenderPause,
    SurveyStatus,
    Wave,
)
from surveys.outbox import Reason
from tests.smtp_sink import closed_port
from tests.surveys.asking import open_survey, queue
from tests.surveys.test_intake import answers

# Real commits: what a lane writes must be seen by others while it talks to the server.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.values_list("recipient", "state"))


def row(address: str) -> OutgoingMail:
    return OutgoingMail.objects.get(recipient=address)


def hurry() -> None:
    """Let time pass: whatever was put off is due."""
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=timezone.now() - timedelta(days=1))
    SenderPause.objects.update(until=timezone.now() - timedelta(days=1))


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
    assert outbox.rests("cyclemap@localhost")
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


@pytest.mark.parametrize(
    ("happens", "state", "reason"),
    [
        (opt_out, "suppressed", Reason.OPTED_OUT),
        (revoke, "cancelled", Reason.REVOKED),
        (answer, "cancelled", Reason.ANSWERED),
        (erase, "cancelled", Reason.ERASED),
        (close, "cancelled", Reason.CLOSED),
        (expire, "cancelled", Reason.CLOSED),
    ],
)
def test_what_happened_since_it_was_queued(wave, smtp_sink, happens, state, reason):
    [mail] = queue(wave, "a@example.org")
    happens(mail)
    assert delivery.run() == {state: 1}
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (state, reason)
    assert smtp_sink.lines() == []


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


# --- Lanes that stand still, die, or meet -------------------------------------------------------


def test_a_lane_whose_lease_has_run_out_sends_nothing(wave, smtp_sink):
    queue(wave, "a@example.org")
    lane = delivery.Lane(lambda: False, 60)
    keys = outbox.claim(lane.me)
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    mail = OutgoingMail.objects.select_related("campaign__wave__survey", "invitation__contact").get()
    assert lane.one(mail) == "queued", "it found out at the fence"
    lane.deliver(keys)
    assert smtp_sink.lines() == []
    assert outbox.sweep() == (1, 0)
    assert delivery.run() == {"sent": 1}


def test_a_lane_that_was_frozen_after_its_fence_hands_nothing_over(wave, smtp_sink, monkeypatch):
    queue(wave, "a@example.org")
    fence, clock = outbox.fence, time.monotonic
    frozen: list[float] = []

    def slow_fence(pk, lane):
        held = fence(pk, lane)
        if not frozen:
            frozen.append(5.0)
        return held

    monkeypatch.setattr(outbox, "fence", slow_fence)
    monkeypatch.setattr(time, "monotonic", lambda: clock() + sum(frozen))
    lane = delivery.Lane(lambda: False, 60)
    lane.deliver(outbox.claim(lane.me))
    assert lane.tally == {"queued": 1}
    assert smtp_sink.lines() == []
    assert row("a@example.org").state == MailState.QUEUED


def test_a_frozen_lane_does_not_touch_a_row_that_is_another_lanes(wave):
    [mail] = queue(wave, "a@example.org")
    old, new = uuid4(), uuid4()
    outbox.claim(old)
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.sweep()
    outbox.claim(new)
    for late in (
        lambda: outbox.release(old),
        lambda: outbox.put_back(mail.pk, old),
        lambda: outbox.put_off(mail, old, ""),
        lambda: outbox.give_up(mail.pk, old, MailState.FAILED, Reason.REFUSED),
        lambda: outbox.sent(mail.pk, old, "250"),
        lambda: outbox.doubt(mail.pk, old, ""),
        lambda: outbox.renew(old),
    ):
        late()
        mail.refresh_from_db()
        assert (mail.state, mail.claim) == (MailState.CLAIMED, new)
    assert outbox.load(mail.pk, old) is None
    assert not outbox.fence(mail.pk, old)
    assert outbox.fence(mail.pk, new)
    assert not outbox.fence(mail.pk, new)


def test_the_sweeper_tells_what_was_not_begun_from_what_is_in_doubt(wave):
    queue(wave, *(f"c{n}@example.org" for n in range(4)))
    lane = uuid4()
    keys = outbox.claim(lane)
    outbox.fence(keys[0], lane)
    outbox.fence(keys[1], lane)
    assert outbox.sweep() == (0, 0), "a lane at work is left alone"
    past = timezone.now() - timedelta(minutes=16)
    OutgoingMail.objects.filter(pk=keys[0]).update(transmitting_at=past)
    OutgoingMail.objects.filter(pk=keys[2]).update(lease_until=past)
    assert outbox.sweep() == (1, 1)
    by_key = dict(OutgoingMail.objects.values_list("pk", "state"))
    assert [by_key[key] for key in keys] == ["unconfirmed", "transmitting", "queued", "claimed"]
    assert OutgoingMail.objects.get(pk=keys[0]).reason == Reason.INTERRUPTED


def test_an_answer_that_comes_after_the_sweeper_settles_the_doubt(wave):
    [mail] = queue(wave, "a@example.org")
    lane = uuid4()
    outbox.claim(lane)
    outbox.fence(mail.pk, lane)
    OutgoingMail.objects.update(transmitting_at=timezone.now() - timedelta(minutes=16))
    outbox.sweep()
    outbox.sent(mail.pk, lane, "250 ok")
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.SENT, "")


def test_told_to_stop_it_finishes_the_mail_and_gives_the_rest_back(wave, smtp_sink):
    queue(wave, *(f"c{n}@example.org" for n in range(10)))
    assert delivery.run(stop=lambda: len(smtp_sink.lines()) >= 3) == {"sent": 3}
    assert sorted(states().values()) == ["queued"] * 7 + ["sent"] * 3
    assert not OutgoingMail.objects.exclude(claim=None).exists()


def test_out_of_time(wave, smtp_sink):
    queue(wave, "a@example.org")
    assert delivery.run(seconds=-1) == {}
    assert states() == {"a@example.org": "queued"}


def test_two_lanes_at_once_never_send_the_same(world, smtp_sink):
    wave = open_survey(world.cycle)
    mails = queue(wave, *(f"c{n}@example.org" for n in range(160)))
    tallies = []

    def lane() -> None:
        try:
            tallies.append(delivery.run())
        finally:
            connection.close()

    threads = [threading.Thread(target=lane) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sum(tally["sent"] for tally in tallies) == 160
    assert sum(tally["sent"] > 0 for tally in tallies) > 1, "more than one lane had a share"
    assert sorted(smtp_sink.message_ids()) == sorted(mail.message_id for mail in mails)


def test_no_transaction_is_open_while_the_server_is_talked_to(world, smtp_sink, monkeypatch):
    queue(open_survey(world.cycle), "a@example.org")
    open_then: list[bool] = []
    for name in ("open", "address", "announce", "hand_over"):
        step = getattr(relay.Relay, name)

        def watched(self, *args, step=step):
            open_then.append(connection.in_atomic_block)
            return step(self, *args)

        monkeypatch.setattr(relay.Relay, name, watched)
    assert delivery.run() == {"sent": 1}
    assert open_then == [False] * 4


def test_it_refuses_to_claim_inside_a_transaction(world):
    queue(open_survey(world.cycle), "a@example.org")
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.claim(uuid4())


def test_a_result_outlives_an_absent_database(wave, smtp_sink, monkeypatch):
    from django.db import OperationalError

    queue(wave, "a@example.org")
    record = outbox.sent
    failures: list[int] = []

    def away_twice(*args):
        if len(failures) < 2:
            failures.append(1)
            raise OperationalError("server closed the connection")
        return record(*args)

    monkeypatch.setattr(outbox, "sent", away_twice)
    assert delivery.run() == {"sent": 1}
    assert len(failures) == 2
    assert states() == {"a@example.org": "sent"}


def test_reasons_are_sentences_and_sentences_stay():
    assert outbox.reason_text("opted_out") == "Asked for no more mail."
    assert outbox.reason_text("Cancelled before it was sent.") == "Cancelled before it was sent."
    assert outbox.reason_text("") == ""
