"""The tasks find their work in the database, whatever became of the messages that woke them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.utils import timezone

from surveys import outbox
from surveys.models import OutgoingMail
from surveys.tasks import deliver_mail, sweep_mail
from tests.surveys.asking import open_survey, queue

pytestmark = pytest.mark.django_db(transaction=True)


def test_delivering_five_times_is_delivering_once(world, smtp_sink):
    queue(open_survey(world.cycle), "a@example.org", "b@example.org")
    for _ in range(5):
        deliver_mail()
    assert sorted(smtp_sink.recipients()) == ["a@example.org", "b@example.org"]


def test_no_more_lanes_than_the_mail_server_is_to_see(world, smtp_sink, settings):
    queue(open_survey(world.cycle), *(f"c{n}@example.org" for n in range(120)))
    settings.MAIL_LANES = 1
    other = uuid4()
    outbox.claim(other)
    deliver_mail()
    assert smtp_sink.lines() == []
    settings.MAIL_LANES = 2
    deliver_mail()
    assert len(smtp_sink.lines()) == 70
    assert OutgoingMail.objects.filter(claim=other).count() == 50


def test_the_sweeper_brings_back_what_a_dead_worker_held(world, smtp_sink):
    queue(open_survey(world.cycle), "a@example.org")
    outbox.claim(uuid4())
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    deliver_mail()
    assert smtp_sink.lines() == []
    sweep_mail()
    deliver_mail()
    assert len(smtp_sink.lines()) == 1


def test_the_clock_calls_tasks_that_exist():
    from cyclemap.celery import app

    app.loader.import_default_modules()
    called = {entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()}
    assert {"surveys.tasks.deliver_mail", "surveys.tasks.sweep_mail"} <= called
    assert called <= set(app.tasks)
