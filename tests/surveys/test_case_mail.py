"""Mail to those responsible for cases: one an assignment, one digest a day, whatever the workers do."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.member_mail import LetterState
from cycles.models import Action, ActionPlan
from surveys.cases import moving, owner_mail
from surveys.cases.opening import open_case
from surveys.models import Assignment, Case, DigestDay


@pytest.fixture
def morning():
    """Eight o'clock, here."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), datetime.min.time())) + timedelta(
        hours=8
    )


def late(world, morning, **fields):
    case = open_case(world.cycle, by=world.owner, at=morning - timedelta(days=9), **fields).case
    Assignment.objects.update(state=LetterState.SENT)
    return case


def test_who_becomes_responsible_gets_one_mail(world, mailoutbox):
    case = open_case(world.cycle, owner=world.manager, by=world.owner, title="Torn seam").case
    other = open_case(world.cycle, owner=world.manager, by=world.owner, title="Long queue").case
    assert owner_mail.mail_due() == 1
    assert owner_mail.mail_due() == 0
    (mail,) = mailoutbox
    assert mail.to == [world.manager.email]
    assert mail.subject == "2 casos a su cargo" or mail.subject == "You are responsible for 2 cases"
    assert f"/cases/{case.pk}/" in mail.body
    assert "Long queue" in mail.body
    # Nobody is told of what they gave themselves, or of what is somebody else's by now.
    moving.assign(case, world.consultant, world.consultant, case.version)
    moving.assign(other, world.consultant, world.owner, other.version)
    moving.assign(other, world.owner, world.owner, other.version)
    assert owner_mail.mail_due() == 0
    assert len(mailoutbox) == 1


def test_who_has_left_meanwhile_is_told_nothing(world, mailoutbox):
    open_case(world.cycle, owner=world.manager, by=world.owner)
    world.manager.memberships.all().delete()
    assert owner_mail.mail_due() == 0
    assert Assignment.objects.get().state == LetterState.DROPPED
    assert not mailoutbox


def test_one_digest_a_person_and_day_however_often_the_job_runs(world, morning, mailoutbox):
    for n in range(3):
        late(world, morning, owner=world.manager, title=f"Late {n}")
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    yesterday = morning.date() - timedelta(days=1)
    for owner in (world.manager, world.consultant):
        Action.objects.create(
            plan=plan, number=owner.pk, name=f"Second till {owner.pk}", due_on=yesterday, owner_member=owner
        )
    for hour in range(3):
        at = morning + timedelta(hours=hour)
        owner_mail.prepare_digests(at)
        owner_mail.mail_due(at)
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([world.manager.email, world.consultant.email])
    to_manager = next(mail for mail in mailoutbox if mail.to == [world.manager.email])
    for word in ("Late 0", "Late 1", "Late 2", f"Second till {world.manager.pk}"):
        assert word in to_manager.body
    assert f"Second till {world.consultant.pk}" not in to_manager.body
    # Tomorrow is another day.
    tomorrow = morning + timedelta(days=1)
    assert owner_mail.prepare_digests(tomorrow) == 2
    assert owner_mail.mail_due(tomorrow) == 2


def test_nothing_overdue_is_no_mail(world, morning, mailoutbox):
    case = late(world, morning, owner=world.manager)
    owner_mail.prepare_digests(morning)
    moving.move(case, "presented", world.manager, case.version)
    assert owner_mail.mail_due(morning) == 0
    assert DigestDay.objects.get().state == LetterState.DROPPED
    for hour in (-2, 5):
        DigestDay.objects.all().delete()
        Case.objects.update(solved_at=None)
        assert owner_mail.prepare_digests(morning + timedelta(hours=hour)) == 0
    assert not mailoutbox


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_the_same_time_send_one_digest(world, morning, mailoutbox):
    late(world, morning, owner=world.manager)
    start = threading.Barrier(2)

    def job():
        try:
            start.wait()
            owner_mail.prepare_digests(morning)
            owner_mail.mail_due(morning)
        finally:
            connection.close()

    jobs = [threading.Thread(target=job) for _ in range(2)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    assert [mail.to for mail in mailoutbox] == [[world.manager.email]]


def test_what_a_dead_worker_held_is_not_sent_again(world, morning, mailoutbox):
    late(world, morning, owner=world.manager)
    owner_mail.prepare_digests(morning)
    DigestDay.objects.update(state=LetterState.SENDING, claim="x", claimed_at=morning - timedelta(hours=1))
    assert owner_mail.mail_due(morning) == 0
    assert DigestDay.objects.get().state == LetterState.DOUBTFUL
    assert not mailoutbox


def test_a_mail_server_that_is_away_is_asked_again(world, morning, mailoutbox, settings):
    late(world, morning, owner=world.manager)
    owner_mail.prepare_digests(morning)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert owner_mail.mail_due(morning) == 0
    row = DigestDay.objects.get()
    assert (row.state, row.attempts) == (LetterState.WAITING, 1)
    settings.EMAIL_BACKEND = backend
    assert owner_mail.mail_due(morning + timedelta(minutes=1)) == 0
    assert owner_mail.mail_due(morning + timedelta(minutes=3)) == 1
