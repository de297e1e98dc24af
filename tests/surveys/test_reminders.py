"""Reminders: to whom, when, and each once, whatever ticks twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from surveys import campaigns, delivery, guard, reminders
from surveys.mail import compose, letter_for
from surveys.models import Campaign, Contact, Invitation, MailState, OutgoingMail, Response, Survey, Wave
from tests.surveys.asking import open_survey, queue


@pytest.fixture
def wave(world):
    return open_survey(world.cycle)


def ask(wave, *emails, days=5, state=MailState.SENT, **campaign):
    """Mail that left so many days ago, of a campaign that reminds after 4 and 9."""
    at = timezone.now() - timedelta(days=days)
    mails = queue(wave, *emails, state=state, sent_at=at if state == MailState.SENT else None)
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(transmitting_at=at)
    Campaign.objects.filter(wave=wave).update(**{"reminder_days": [4, 9], **campaign})
    return mails


def reminded(round=1):
    rows = OutgoingMail.objects.filter(kind="reminder", round=round).order_by("recipient")
    return list(rows.values_list("recipient", flat=True))


def test_those_who_have_not_answered_are_reminded_when_their_day_has_come(wave):
    ask(wave, "due@x.example", days=4)
    ask(wave, "later@x.example", days=3)
    assert reminders.queue_due() == 1
    assert reminded() == ["due@x.example"]
    row = OutgoingMail.objects.get(kind="reminder")
    assert (row.state, row.round, row.campaign.wave) == (MailState.QUEUED, 1, wave)
    assert row.invitation.mails.count() == 2
    assert row.message_id not in OutgoingMail.objects.filter(round=0).values_list("message_id", flat=True)


def test_ticking_twice_reminds_once(wave):
    ask(wave, "a@x.example", "b@x.example")
    assert reminders.queue_due() == 2
    assert reminders.queue_due() == 0
    assert OutgoingMail.objects.filter(kind="reminder").count() == 2


def test_nobody_is_reminded_who_answered_opted_out_bounced_or_lost_the_link(wave):
    names = ("answered", "noted", "out", "bounced", "revoked", "erased", "open")
    mails = dict(zip(names, ask(wave, *[f"{name}@x.example" for name in names]), strict=True))
    Response.objects.create(wave=wave, invitation=mails["answered"].invitation)
    # Of an anonymous survey the invitation knows only the day.
    Invitation.objects.filter(pk=mails["noted"].invitation_id).update(answered_on=timezone.localdate())
    Contact.objects.filter(email="out@x.example").update(opted_out_at=timezone.now())
    Contact.objects.filter(email="bounced@x.example").update(bounced_at=timezone.now())
    Invitation.objects.filter(pk=mails["revoked"].invitation_id).update(revoked_at=timezone.now())
    Invitation.objects.filter(pk=mails["erased"].invitation_id).update(contact=None)
    reminders.queue_due()
    assert reminded() == ["open@x.example"]


@pytest.mark.parametrize(
    ("state", "is_reminded"),
    [
        (MailState.SENT, True),
        (MailState.UNCONFIRMED, True),
        (MailState.QUEUED, False),
        (MailState.FAILED, False),
        (MailState.BOUNCED, False),
        (MailState.CANCELLED, False),
        (MailState.CAPPED, False),
        (MailState.HELD, False),
    ],
)
def test_who_may_have_had_the_mail_is_reminded(wave, state, is_reminded):
    ask(wave, "a@x.example", state=state)
    reminders.queue_due()
    assert bool(reminded()) is is_reminded


def test_the_second_reminder_keeps_its_distance_from_the_first(wave):
    ask(wave, "a@x.example", days=30)
    reminders.queue_due()
    reminders.queue_due()
    assert (reminded(1), reminded(2)) == (["a@x.example"], []), "the first has not left yet"
    first = OutgoingMail.objects.filter(round=1)
    first.update(state=MailState.SENT, sent_at=timezone.now() - timedelta(days=4))
    assert reminders.queue_due() == 0
    first.update(sent_at=timezone.now() - timedelta(days=5))
    assert reminders.queue_due() == 1
    assert reminded(2) == ["a@x.example"]


def test_after_a_refused_reminder_comes_no_other(wave):
    ask(wave, "a@x.example", days=30)
    reminders.queue_due()
    long_ago = timezone.now() - timedelta(days=20)
    OutgoingMail.objects.filter(round=1).update(state=MailState.FAILED, sent_at=long_ago, created_at=long_ago)
    assert reminders.queue_due() == 0


@pytest.mark.parametrize(
    "stopped",
    [
        {"paused_at": timezone.now()},
        {"reminder_days": []},
        {"started_at": None},
    ],
)
def test_a_campaign_that_does_not_run_reminds_nobody(wave, stopped):
    ask(wave, "a@x.example")
    Campaign.objects.update(**stopped)
    assert reminders.queue_due() == 0


def test_none_after_closing_or_the_last_day(wave):
    ask(wave, "a@x.example")
    Wave.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    assert reminders.queue_due() == 0
    Wave.objects.update(closes_on=None)
    campaigns.close_wave(Wave.objects.get(pk=wave.pk))
    assert reminders.queue_due() == 0


def test_closing_gives_up_reminders_that_wait(wave):
    ask(wave, "a@x.example")
    reminders.queue_due()
    campaigns.close_wave(Wave.objects.get(pk=wave.pk))
    assert OutgoingMail.objects.get(kind="reminder").state == MailState.CANCELLED


def test_none_while_an_old_backup_is_looked_at(wave):
    ask(wave, "a@x.example")
    guard.state()
    guard.hold()
    assert reminders.queue_due() == 0
    guard.release()
    assert reminders.queue_due() == 1


@pytest.mark.django_db(transaction=True)
def test_who_answers_while_the_reminder_waits_does_not_get_it(wave, smtp_sink):
    [mail] = ask(wave, "a@x.example")
    reminders.queue_due()
    Invitation.objects.filter(pk=mail.invitation_id).update(answered_on=timezone.localdate())
    delivery.run()
    row = OutgoingMail.objects.get(kind="reminder")
    assert (row.state, row.reason) == (MailState.CANCELLED, "answered")


@pytest.mark.parametrize(
    ("language", "address", "round", "subject", "sentence"),
    [
        ("es", "tu", 1, "¿Nos cuentas cómo te fue en Lunaria?", "Si prefieres no responder"),
        ("es", "usted", 1, "¿Nos cuenta cómo le fue en Lunaria?", "Si prefiere no responder"),
        ("es", "usted", 2, "Todavía puede contarnos cómo le fue en Lunaria", "última vez que le escribimos"),
        ("en", "tu", 1, "Would you tell us how it went at Lunaria?", "If you would rather not answer"),
        ("en", "tu", 2, "You can still tell us how it went at Lunaria", "the last time we write"),
    ],
)
def test_each_round_has_words_of_its_own(wave, language, address, round, subject, sentence):
    Survey.objects.update(address=address, language=language)
    ask(wave, "a@x.example", texts={})
    mail = OutgoingMail.objects.select_related("campaign__wave__survey", "invitation__contact").get()
    letter = letter_for(mail.campaign, mail.invitation, round)
    assert letter.subject == subject
    assert sentence in letter.text
    assert sentence in letter.html


def test_a_reminder_says_what_was_written_for_it(wave):
    ask(
        wave,
        "a@x.example",
        texts={"en": {"subject": "Asked", "subject_1": "Once more, {name}", "body_1": "B"}},
    )
    reminders.queue_due()
    raw = compose(OutgoingMail.objects.get(kind="reminder"))
    assert b"Subject: Once more, Carmen\r\n" in raw


def test_a_hundred_cost_no_more_statements_than_one(wave, django_assert_max_num_queries):
    ask(wave, *[f"c{n}@x.example" for n in range(100)])
    with django_assert_max_num_queries(12):
        assert reminders.queue_due() == 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once")
def test_two_clocks_at_once_insert_once(world):
    ask(open_survey(world.cycle), *[f"c{n}@x.example" for n in range(200)])
    barrier, counts = threading.Barrier(4), []

    def tick():
        barrier.wait()
        counts.append(reminders.queue_due())
        connection.close()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 200
    rows = OutgoingMail.objects.filter(kind="reminder")
    assert rows.count() == rows.values("invitation").distinct().count() == 200
