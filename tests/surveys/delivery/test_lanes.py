"""Lanes that stand still, die, or meet."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys import delivery, outbox, relay
from surveys.models import Contact, MailState, OutgoingMail
from surveys.outbox import Reason
from tests.surveys.asking import open_survey, queue
from tests.surveys.delivery.rows import row, states

# Real commits: what a lane writes must be seen by others while it talks to the server.
pytestmark = pytest.mark.django_db(transaction=True)


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

    def slow_fence(*args):
        held = fence(*args)
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
    assert outbox.load([mail.pk], old) == {}
    assert not outbox.fence(mail, old)
    assert outbox.fence(mail, new)
    assert not outbox.fence(mail, new)


def test_the_sweeper_tells_what_was_not_begun_from_what_is_in_doubt(wave):
    queue(wave, *(f"c{n}@example.org" for n in range(4)))
    lane = uuid4()
    keys = outbox.claim(lane)
    mails = outbox.load(keys, lane)
    outbox.fence(mails[keys[0]], lane)
    outbox.fence(mails[keys[1]], lane)
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
    outbox.fence(mail, lane)
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


def test_one_commit_records_a_mail_and_fences_the_next(wave, smtp_sink, monkeypatch):
    """A server that answers at once: a mail costs one statement, and none is left open at the end."""
    queue(wave, *(f"c{n}@example.org" for n in range(6)))
    lane = delivery.Lane(lambda: False, 60)
    keys = outbox.claim(lane.me)
    seen: list[list[str]] = []
    hand_over = relay.Relay.hand_over

    def watched(self, message, meanwhile):
        seen.append(sorted(states().values()))
        return hand_over(self, message, meanwhile)

    monkeypatch.setattr(relay.Relay, "hand_over", watched)
    monkeypatch.setattr(delivery, "BRISK_SECONDS", 60)
    lane.deliver(keys[:1])
    with CaptureQueriesContext(connection) as asked:
        lane.deliver(keys[1:])
    statements = [query["sql"] for query in asked if "hand_over" not in query["sql"]]
    writes = [sql for sql in statements if "UPDATE" in sql]
    journeys = 1 if connection.vendor == "postgresql" else 2
    assert len(writes) == 1 + 4 * journeys + 1, "the first fence, four with a record, the last record"
    # Never is more than one mail between the fence and its record.
    assert [line.count("transmitting") for line in seen] == [1] * 6
    assert [line.count("sent") for line in seen] == [0, 1, 2, 3, 4, 5]
    assert set(states().values()) == {"sent"}


def test_what_a_slow_server_took_is_recorded_before_it_is_asked_again(wave, smtp_sink, monkeypatch):
    queue(wave, "a@example.org", "b@example.org")
    monkeypatch.setattr(delivery, "BRISK_SECONDS", 0)
    seen: list[list[str]] = []
    address = relay.Relay.address

    def watched(self, *args):
        seen.append(sorted(states().values()))
        return address(self, *args)

    monkeypatch.setattr(relay.Relay, "address", watched)
    assert delivery.run() == {"sent": 2}
    assert seen == [["claimed", "claimed"], ["claimed", "sent"]]


def test_a_batch_that_takes_long_is_read_again(wave, smtp_sink, monkeypatch):
    """What a mail says is what is known when it leaves, not when its batch was claimed."""
    queue(wave, "a@example.org", "b@example.org")
    monkeypatch.setattr(delivery, "FRESH_SECONDS", 0)
    hand_over = relay.Relay.hand_over

    def and_then_a_name_is_put_right(self, message, meanwhile):
        reply = hand_over(self, message, meanwhile)
        Contact.objects.filter(email="b@example.org").update(name="Carmela")
        return reply

    monkeypatch.setattr(relay.Relay, "hand_over", and_then_a_name_is_put_right)
    assert delivery.run() == {"sent": 2}
    assert "Carmela" in smtp_sink.mail_to("b@example.org").get_body(("plain",)).get_content()


def test_the_following_mail_is_made_while_the_server_works(wave, smtp_sink, monkeypatch):
    queue(wave, "a@example.org", "b@example.org", "c@example.org")
    lane = delivery.Lane(lambda: False, 60)
    hand_over = relay.Relay.hand_over
    ahead: list[str | None] = []

    def watched(self, message, meanwhile):
        def noted():
            # The server has the text by now, and has not been asked what became of it.
            meanwhile()
            ahead.append(lane.ahead.mail.recipient if lane.ahead else None)

        return hand_over(self, message, noted)

    monkeypatch.setattr(relay.Relay, "hand_over", watched)
    assert lane.run() == {"sent": 3}
    assert ahead == ["b@example.org", "c@example.org", None]
    for name in "abc":
        assert smtp_sink.mail_to(f"{name}@example.org")["To"] == f"{name}@example.org"


def test_what_cannot_be_made_ahead_is_said_when_it_is_its_turn(wave, smtp_sink):
    queue(wave, "a@example.org", "ñ@example.org", "c@example.org")
    assert delivery.run() == {"sent": 2, "failed": 1}
    assert states() == {"a@example.org": "sent", "ñ@example.org": "failed", "c@example.org": "sent"}
    assert row("ñ@example.org").reason == outbox.Reason.UNSENDABLE


def test_a_database_that_goes_away_at_the_fence_leaves_no_doubt(wave, smtp_sink, monkeypatch):
    """What was taken before is recorded when it is back; the mail at the fence was not handed over."""
    queue(wave, "a@example.org", "b@example.org", "c@example.org")
    monkeypatch.setattr(delivery, "BRISK_SECONDS", 60)
    fence = outbox.fence
    fences: list[int] = []

    def away_at_the_second(*args):
        fences.append(1)
        held = fence(*args)
        if len(fences) == 2:
            # It was committed, and the answer never came.
            raise OperationalError("server closed the connection")
        return held

    monkeypatch.setattr(outbox, "fence", away_at_the_second)
    assert delivery.run() == {"sent": 3, "queued": 1}
    assert set(states().values()) == {"sent"}
    assert len(smtp_sink.message_ids()) == len(set(smtp_sink.message_ids())) == 3
