"""A restored backup must not mail, nor anything while a person has paused it all."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from surveys import delivery, guard, outbox
from surveys.models import MailState, OutgoingMail, SendingState
from surveys.outbox import Reason
from surveys.tasks import sweep_mail
from tests.surveys.asking import open_survey, queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def epochs(settings, tmp_path):
    settings.SENDING_EPOCHS = tmp_path / "machine-a" / "epochs"
    return settings.SENDING_EPOCHS


@pytest.fixture
def wave(world):
    return open_survey(world.cycle)


def restore_backup(state: SendingState, rows: list[OutgoingMail]) -> None:
    """The database as it was when these were read."""
    SendingState.objects.filter(pk=1).update(epoch=state.epoch, seen_at=state.seen_at, held_at=None)
    for row in rows:
        row.save(force_update=True)


def a_backup() -> tuple[SendingState, list[OutgoingMail]]:
    return guard.state(), list(OutgoingMail.objects.all())


def states() -> set[str]:
    return set(OutgoingMail.objects.values_list("state", flat=True))


def test_what_left_since_the_backup_does_not_leave_again(wave, smtp_sink):
    queue(wave, "first@example.org")
    delivery.run()
    queue(wave, *(f"c{n}@example.org" for n in range(5)))
    backup = a_backup()
    assert delivery.run() == {"sent": 5}
    restore_backup(*backup)
    assert delivery.run() == {}
    assert len(smtp_sink.message_ids()) == 6
    held = OutgoingMail.objects.filter(state=MailState.HELD)
    assert held.count() == 5
    assert {mail.reason for mail in held} == {Reason.RESTORED}


def test_a_count_that_another_lane_raises_meanwhile_is_no_restored_backup(wave, smtp_sink):
    """One lane has read the database and stands still before it reads the file."""
    queue(wave, *(f"c{n}@example.org" for n in range(3)))
    guard.may_send()
    read_before = guard.state()
    delivery.run()
    queue(wave, "later@example.org")
    assert guard.remembered(read_before) > read_before.epoch
    assert not guard.is_restored(read_before)
    # The test can fail: a database that goes back is held though the same row was read.
    SendingState.objects.filter(pk=1).update(epoch=read_before.epoch)
    assert guard.is_restored(read_before)


def test_without_the_guard_they_would(wave, smtp_sink, settings, tmp_path):
    """The test above can fail: a machine that remembers nothing, beside others that live, sends."""
    queue(wave, "first@example.org")
    delivery.run()
    backup = a_backup()
    queue(wave, "second@example.org")
    delivery.run()
    rows = list(OutgoingMail.objects.all())
    for row in rows:
        row.state = MailState.QUEUED
    restore_backup(backup[0], rows)
    settings.SENDING_EPOCHS = tmp_path / "machine-b" / "epochs"
    SendingState.objects.update(seen_at=timezone.now())
    assert delivery.run() == {"sent": 2}
    assert len(smtp_sink.message_ids()) == 4


def test_what_was_being_handed_over_then_is_in_doubt(wave, smtp_sink):
    mails = queue(wave, "first@example.org", "second@example.org")
    delivery.run()
    OutgoingMail.objects.filter(pk=mails[1].pk).update(
        state=MailState.TRANSMITTING, transmitting_at=timezone.now()
    )
    SendingState.objects.update(epoch=0)
    assert not guard.may_send()
    mails[1].refresh_from_db()
    assert (mails[1].state, mails[1].reason) == (MailState.UNCONFIRMED, Reason.RESTORED)


def test_what_is_held_before_anything_was_ever_sent_stays_held(wave, smtp_sink):
    queue(wave, "first@example.org")
    assert guard.hold() == 1
    assert delivery.run() == {}
    assert guard.state().held_at is not None


def test_released_mail_goes_out_and_the_guard_goes_on_watching(wave, smtp_sink):
    queue(wave, "first@example.org")
    delivery.run()
    queue(wave, "second@example.org")
    SendingState.objects.update(epoch=0)
    assert delivery.run() == {}
    assert guard.release() == 1
    assert delivery.run() == {"sent": 1}
    queue(wave, "third@example.org")
    SendingState.objects.update(epoch=0)
    assert delivery.run() == {}


def test_discarded_mail_is_given_up_and_new_mail_leaves(wave, smtp_sink):
    queue(wave, "first@example.org")
    delivery.run()
    [old] = queue(wave, "second@example.org")
    SendingState.objects.update(epoch=0)
    guard.may_send()
    assert guard.discard() == 1
    queue(wave, "third@example.org")
    assert delivery.run() == {"sent": 1}
    old.refresh_from_db()
    assert old.state == MailState.CANCELLED
    assert [mail["To"] for mail in smtp_sink.mails()] == ["first@example.org", "third@example.org"]


def test_a_new_server_with_a_restored_database_holds_what_waits(wave, smtp_sink, settings, tmp_path):
    queue(wave, "first@example.org")
    delivery.run()
    queue(wave, "second@example.org")
    settings.SENDING_EPOCHS = tmp_path / "machine-b" / "epochs"
    SendingState.objects.update(seen_at=timezone.now() - timedelta(hours=8))
    assert delivery.run() == {}
    assert states() == {MailState.SENT, MailState.HELD}


def test_a_new_worker_beside_a_living_one_sends(wave, smtp_sink, settings, tmp_path):
    queue(wave, "first@example.org")
    delivery.run()
    queue(wave, "second@example.org")
    settings.SENDING_EPOCHS = tmp_path / "machine-b" / "epochs"
    assert delivery.run() == {"sent": 1}


def test_a_new_server_where_nothing_waits_just_begins(wave, smtp_sink, settings, tmp_path):
    queue(wave, "first@example.org")
    delivery.run()
    SendingState.objects.update(seen_at=timezone.now() - timedelta(hours=8))
    settings.SENDING_EPOCHS = tmp_path / "machine-b" / "epochs"
    sweep_mail()
    queue(wave, "second@example.org")
    assert delivery.run() == {"sent": 1}


def test_a_machine_that_only_watches_keeps_up(wave, smtp_sink, settings, tmp_path, epochs):
    watcher = tmp_path / "machine-b" / "epochs"
    queue(wave, "first@example.org")
    delivery.run()
    settings.SENDING_EPOCHS = watcher
    sweep_mail()
    queue(wave, "second@example.org")
    backup = a_backup()
    settings.SENDING_EPOCHS = epochs
    delivery.run()
    settings.SENDING_EPOCHS = watcher
    sweep_mail()
    restore_backup(*backup)
    assert delivery.run() == {}


def test_databases_of_one_machine_do_not_mix(epochs):
    guard.remember(SendingState(epoch=9))
    found = guard.state()
    assert guard.remembered(found) is None
    assert guard.may_send()
    assert guard.remembered(found) == 0


def test_a_line_cut_short_counts_for_nothing(epochs):
    found = guard.state()
    guard.remember(found)
    with epochs.open("a") as file:
        file.write(f"{found.key} 99")
    assert guard.remembered(found) == 0


def test_old_databases_are_forgotten(epochs):
    for epoch in range(guard.KEPT + 5):
        guard.remember(SendingState(epoch=epoch))
    assert len(epochs.read_text().splitlines()) == guard.KEPT


def test_a_pause_of_everything_holds_the_rest_of_a_batch_too(wave, smtp_sink):
    queue(wave, *(f"c{n}@example.org" for n in range(5)))
    lane = delivery.Lane(lambda: False, 60)
    keys = outbox.claim(lane.me)
    lane.deliver(keys[:2])
    guard.pause()
    lane.deliver(keys[2:])
    assert len(smtp_sink.message_ids()) == 2
    assert delivery.run() == {}
    guard.resume()
    OutgoingMail.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    assert delivery.run() == {"sent": 3}


def command(*words: str) -> str:
    out = StringIO()
    call_command("sending", *words, stdout=out)
    return out.getvalue()


def test_the_command_says_what_holds_mail_back(wave, smtp_sink):
    queue(wave, "first@example.org")
    delivery.run()
    queue(wave, "second@example.org")
    SendingState.objects.update(epoch=0)
    guard.may_send()
    told = command("status")
    assert "sent                  1" in told
    assert "held                  1" in told
    assert "older than the mail that was sent" in told
    assert command("pause").startswith("paused")
    assert "paused since" in command("status")
    assert command("resume") == "resumed\n"
    assert command("release") == "released: 1 mails are in the queue again\n"
    assert delivery.run() == {"sent": 1}
    assert command("discard").startswith("given up: 0")
