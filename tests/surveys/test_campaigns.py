"""Starting, pausing, giving up: twice is once, and who opted out is never written to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from surveys import campaigns, instrument
from surveys.models import Campaign, Contact, Invitation, MailState, OutgoingMail, Response, Wave
from surveys.tasks import deliver_mail


@pytest.fixture
def wave(world):
    return instrument.open_wave(Wave.objects.get(survey=instrument.draft_survey(world.cycle)))


@pytest.fixture
def campaign(wave):
    return Campaign.objects.get(wave=wave)


def add(wave, *emails, **fields):
    contacts = [Contact.objects.create(client=wave.survey.cycle.client, email=e, **fields) for e in emails]
    wave.recipients.add(*contacts)
    return contacts


def states(campaign):
    return list(OutgoingMail.objects.filter(campaign=campaign).order_by("pk").values_list("state", flat=True))


def test_starting_queues_one_mail_for_each_recipient(wave, campaign):
    add(wave, "ana@x.example", "eva@x.example")
    assert campaigns.start(campaign) == 2
    campaign.refresh_from_db()
    assert campaign.started_at is not None
    mails = OutgoingMail.objects.filter(campaign=campaign)
    assert {(mail.recipient, mail.state, mail.round) for mail in mails} == {
        ("ana@x.example", "queued", 0),
        ("eva@x.example", "queued", 0),
    }
    assert len({mail.message_id for mail in mails}) == 2
    assert all(mail.message_id.startswith("<") and mail.message_id.endswith(">") for mail in mails)
    assert len({bytes(invitation.nonce) for invitation in Invitation.objects.all()}) == 2


def test_starting_twice_queues_nothing_new(wave, campaign):
    add(wave, "ana@x.example")
    campaigns.start(campaign)
    before = list(OutgoingMail.objects.values()), list(Invitation.objects.values())
    assert campaigns.start(campaign) == 0
    assert (list(OutgoingMail.objects.values()), list(Invitation.objects.values())) == before


def test_later_starts_are_for_the_new_ones(wave, campaign):
    add(wave, "ana@x.example")
    campaigns.start(campaign)
    started_at = Campaign.objects.get(pk=campaign.pk).started_at
    add(wave, "eva@x.example")
    assert campaigns.fresh(campaign).count() == 1
    assert campaigns.start(campaign) == 1
    assert OutgoingMail.objects.count() == 2
    assert Campaign.objects.get(pk=campaign.pk).started_at == started_at


def test_an_invitation_that_is_there_already_keeps_its_link(wave, campaign):
    (ana,) = add(wave, "ana@x.example")
    Invitation.objects.create(wave=wave, contact=ana, nonce=b"k" * 16)
    assert campaigns.start(campaign) == 1
    assert bytes(Invitation.objects.get().nonce) == b"k" * 16


def test_nobody_is_written_to_who_opted_out_answered_or_whose_link_was_revoked(wave, campaign):
    add(wave, "gone@x.example", opted_out_at=timezone.now())
    answered, revoked, _new = add(wave, "answered@x.example", "revoked@x.example", "new@x.example")
    invitation = Invitation.objects.create(wave=wave, contact=answered, nonce=b"a" * 16)
    Response.objects.create(wave=wave, invitation=invitation)
    Invitation.objects.create(wave=wave, contact=revoked, nonce=b"b" * 16, revoked_at=timezone.now())
    assert campaigns.start(campaign) == 1
    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == ["new@x.example"]


def test_many_in_a_few_statements(wave, campaign, django_assert_max_num_queries):
    add(wave, *[f"c{n}@x.example" for n in range(10)])
    with django_assert_max_num_queries(12):
        assert campaigns.start(campaign) == 10
    assert OutgoingMail.objects.values("recipient").distinct().count() == 10


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about how PostgreSQL plans a join")
def test_a_long_list_is_counted_before_it_is_joined(wave, campaign):
    """A hundred thousand imported in the minute before were joined as if they were none: 80 seconds."""
    believed = believed_of(Contact)
    add_many(wave, 1001)
    assert believed_of(Contact) == believed
    campaigns.start(campaign)
    assert believed_of(Contact) == Contact.objects.count()
    # The mails of the first start are known when the next one asks who has none.
    add_many(wave, 1)
    campaigns.start(campaign)
    assert believed_of(OutgoingMail) == 1001


def add_many(wave, many):
    client, before = wave.survey.cycle.client, Contact.objects.count()
    contacts = (Contact(client=client, email=f"c{before + n}@x.example") for n in range(many))
    through = Wave.recipients.through
    through.objects.bulk_create(through(wave=wave, contact=c) for c in Contact.objects.bulk_create(contacts))


def believed_of(model):
    """The rows that PostgreSQL plans with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def test_nothing_is_sent_of_a_draft_or_a_closed_wave(world, wave, campaign):
    add(wave, "ana@x.example")
    instrument.close_wave(wave)
    with pytest.raises(campaigns.NotSendableError, match="Open the survey"):
        campaigns.start(campaign)
    draft = Campaign.objects.get(wave=instrument.next_wave(wave.survey))
    add(draft.wave, "eva@x.example")
    with pytest.raises(campaigns.NotSendableError, match="Open the survey"):
        campaigns.start(draft)
    assert OutgoingMail.objects.count() == Invitation.objects.count() == 0


def test_nothing_is_sent_after_the_closing_day(wave, campaign):
    add(wave, "ana@x.example")
    Wave.objects.filter(pk=wave.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(campaigns.NotSendableError):
        campaigns.start(campaign)


def test_starting_for_nobody_does_not_freeze_the_message(campaign):
    with pytest.raises(campaigns.NotSendableError, match="nobody"):
        campaigns.start(campaign)
    campaign.refresh_from_db()
    assert campaign.started_at is None


def test_the_first_start_keeps_the_words_as_they_are(wave, campaign):
    add(wave, "ana@x.example")
    campaign.texts = {"en": {"subject": "Own subject"}}
    campaign.save()
    said = campaigns.texts_of(campaign)
    campaigns.start(campaign)
    campaign.refresh_from_db()
    assert campaign.texts == said
    assert campaign.texts["en"]["subject"] == "Own subject"
    assert campaign.texts["es"]["body"]


def test_the_hint_follows_the_commit(wave, campaign, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(deliver_mail, "apply_async", lambda *args, **kwargs: woken.append(args))
    add(wave, "ana@x.example")
    with django_capture_on_commit_callbacks() as callbacks:
        campaigns.start(campaign)
    assert not woken
    for callback in callbacks:
        callback()
    assert woken


def test_pausing_and_resuming(wave, campaign):
    assert not campaigns.pause(campaign), "what has not started cannot pause"
    add(wave, "ana@x.example")
    campaigns.start(campaign)
    assert campaigns.pause(campaign)
    at = Campaign.objects.get(pk=campaign.pk).paused_at
    assert at is not None
    assert not campaigns.pause(campaign)
    assert Campaign.objects.get(pk=campaign.pk).paused_at == at
    assert campaigns.resume(campaign)
    assert not campaigns.resume(campaign)
    assert Campaign.objects.get(pk=campaign.pk).paused_at is None


def test_giving_up_the_rest_leaves_what_has_left(wave, campaign):
    add(wave, *[f"c{n}@x.example" for n in range(5)])
    campaigns.start(campaign)
    kept = [MailState.SENT, MailState.CLAIMED, MailState.TRANSMITTING, MailState.UNCONFIRMED]
    for mail, state in zip(OutgoingMail.objects.order_by("pk"), kept, strict=False):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
    assert campaigns.cancel_rest(campaign) == 1
    assert states(campaign) == [*kept, MailState.CANCELLED]
    assert campaigns.cancel_rest(campaign) == 0
    assert campaigns.start(campaign) == 0, "who was given up is not new"
    assert campaigns.requeue_cancelled(campaign) == 1
    assert states(campaign) == [*kept, MailState.QUEUED]
    OutgoingMail.objects.filter(state=MailState.QUEUED).update(state=MailState.CANCELLED, reason="answered")
    assert campaigns.requeue_cancelled(campaign) == 0, "the worker would only give it up again"


def test_closing_gives_up_what_has_not_left(wave, campaign):
    add(wave, "ana@x.example", "eva@x.example")
    campaigns.start(campaign)
    OutgoingMail.objects.filter(recipient="ana@x.example").update(state=MailState.SENT)
    for _press in range(2):
        assert campaigns.close_wave(wave).status == "closed"
    assert sorted(states(campaign)) == [MailState.CANCELLED, MailState.SENT]


def test_a_mail_in_doubt_goes_again_only_when_a_person_says_so(wave, campaign):
    add(wave, "ana@x.example")
    campaigns.start(campaign)
    mail = OutgoingMail.objects.get()
    assert not campaigns.send_again(mail), "nothing in doubt, nothing to repeat"
    OutgoingMail.objects.update(state=MailState.UNCONFIRMED, attempts=3, transmitting_at=timezone.now())
    assert list(campaigns.in_doubt(campaign)) == [mail]
    assert campaigns.send_again(mail)
    again = OutgoingMail.objects.get()
    assert (again.state, again.message_id, again.attempts) == ("queued", mail.message_id, 0)
    assert not campaigns.send_again(mail)


def test_a_mail_in_doubt_may_be_left(wave, campaign):
    add(wave, "ana@x.example")
    campaigns.start(campaign)
    OutgoingMail.objects.update(state=MailState.UNCONFIRMED)
    mail = OutgoingMail.objects.get()
    assert campaigns.leave(mail)
    assert not campaigns.leave(mail)
    assert not campaigns.in_doubt(campaign).exists()
    assert OutgoingMail.objects.get().state == MailState.UNCONFIRMED
