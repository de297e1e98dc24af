"""Workers die by SIGKILL in the middle of a batch, and the mail server with them: nothing is lost,
nothing is sent twice, and every doubt is a row that says so."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from surveys import outbox
from surveys.models import MailState, OutgoingMail, SenderPause
from tests.smtp_sink import SmtpSink
from tests.surveys.asking import open_survey, queue

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

MAILS = 200
SECONDS = 150


def database_url() -> str:
    """The very database of this test, for other processes."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Workers:
    """Sending lanes, each a process of its own."""

    def __init__(self, sink: SmtpSink, folder: Path) -> None:
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(folder),
            "EMAIL_URL": f"smtp://{sink.host}:{sink.port}",
            "LOG_LEVEL": "ERROR",
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        command = [sys.executable, "manage.py", "mail_lane", "--pause", "0.1"]
        self.running.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.env))

    def kill_one(self) -> None:
        victim = self.running.pop(0)
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)

    def end(self) -> list[int]:
        """By SIGTERM; the exit codes."""
        for worker in self.running:
            worker.send_signal(signal.SIGTERM)
        return [worker.wait(30) for worker in self.running]


def wait_for(condition, what: str) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, f"{what}: {count()}"
        time.sleep(0.02)


def count() -> Counter[str]:
    return Counter(OutgoingMail.objects.values_list("state", flat=True))


def let_leases_run_out() -> None:
    """What the clock would do in minutes."""
    past = timezone.now() - timedelta(minutes=16)
    OutgoingMail.objects.filter(state=MailState.CLAIMED).update(lease_until=past)
    OutgoingMail.objects.filter(state=MailState.TRANSMITTING).update(transmitting_at=past)
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=past)
    SenderPause.objects.update(until=past)
    outbox.sweep()


def check_the_promise(sink: SmtpSink) -> None:
    """Nothing twice, nothing lost, every doubt named."""
    accepted = Counter(sink.message_ids())
    rows = dict(OutgoingMail.objects.values_list("message_id", "state"))
    assert max(accepted.values()) == 1, "a mail was sent twice"
    assert set(rows.values()) <= {MailState.SENT, MailState.UNCONFIRMED}
    sent = {key for key, state in rows.items() if state == MailState.SENT}
    doubtful = rows.keys() - sent
    assert sent <= accepted.keys(), "a mail counts as sent that never arrived"
    assert accepted.keys() <= sent | doubtful
    assert all(mail.reason for mail in OutgoingMail.objects.filter(state=MailState.UNCONFIRMED))


@pytest.fixture
def sink(tmp_path):
    with SmtpSink(tmp_path) as sink:
        yield sink


@pytest.fixture
def workers(sink, tmp_path):
    workers = Workers(sink, tmp_path)
    yield workers
    for worker in workers.running:
        if worker.poll() is None:
            worker.kill()
            worker.wait(10)


@pytest.mark.parametrize(("mails", "kills"), [(MAILS, 3), pytest.param(5000, 20, marks=pytest.mark.long)])
def test_workers_killed_in_the_middle(world, sink, workers, mails, kills):
    queue(open_survey(world.cycle), *(f"c{n}@example.org" for n in range(mails)))
    chance = random.Random(2)
    for _ in range(2):
        workers.start()
    for kill in range(kills):
        at = (kill + 1) * mails // (kills + 2) + chance.randrange(10)
        wait_for(lambda at=at: count()[MailState.SENT] >= at, f"{at} mails")
        workers.kill_one()
        workers.start()
    wait_for(lambda: count()[MailState.QUEUED] == 0, "the queue is empty")
    while count()[MailState.CLAIMED] or count()[MailState.TRANSMITTING] or count()[MailState.QUEUED]:
        # Workers alive keep what they are at; only the dead ones' rows are left after a while.
        time.sleep(1)
        let_leases_run_out()
        wait_for(lambda: count()[MailState.QUEUED] == 0, "the rest is sent")
    # Told to stop it ends well; one that was only just started has not yet learned to listen.
    assert set(workers.end()) <= {0, -signal.SIGTERM}
    check_the_promise(sink)
    doubtful = count()[MailState.UNCONFIRMED]
    assert doubtful <= kills, "at most one for each worker killed"


def test_the_mail_server_killed_in_the_middle(world, sink, workers):
    queue(open_survey(world.cycle), *(f"c{n}@example.org" for n in range(MAILS)))
    workers.start()
    wait_for(lambda: len(sink.message_ids()) >= 60, "60 mails")
    sink.kill()
    time.sleep(0.5)
    sink.start()
    deadline = time.monotonic() + SECONDS
    while count()[MailState.SENT] + count()[MailState.UNCONFIRMED] < MAILS:
        assert time.monotonic() < deadline, count()
        # Only what waits is hurried: the worker is alive and at it.
        past = timezone.now() - timedelta(minutes=1)
        SenderPause.objects.update(until=past)
        OutgoingMail.objects.filter(state=MailState.QUEUED).update(not_before=past)
        time.sleep(0.2)
    assert workers.end() == [0]
    check_the_promise(sink)
    assert count()[MailState.UNCONFIRMED] <= 1


def test_told_to_stop_a_worker_leaves_nothing_half_done(world, sink, workers):
    queue(open_survey(world.cycle), *(f"c{n}@example.org" for n in range(MAILS)))
    workers.start()
    wait_for(lambda: len(sink.message_ids()) >= 20, "20 mails")
    assert workers.end() == [0]
    states = count()
    assert states.keys() <= {MailState.SENT, MailState.QUEUED}
    assert states[MailState.SENT] == len(sink.message_ids()) < MAILS
