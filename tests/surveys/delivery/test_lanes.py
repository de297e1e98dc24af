"""Lanes that stand still, die, or meet."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from surveys import delivery, outbox, relay
from surveys.models import MailState, OutgoingMail
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
