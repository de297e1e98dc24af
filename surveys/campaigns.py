"""A wave's mail: who gets it, starting, pausing, giving up, and what to do about mail in doubt.

Everything is rows: what is to be sent is inserted in the transaction that decides it, and the
worker finds it there (surveys/delivery.py). Pressing a button twice inserts nothing twice, because
the database holds one invitation a contact and wave and one mail an invitation and round.
"""

from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cyclemap.celery import hint
from cyclemap.compiled import ByKey
from surveys import brakes, cap, instrument, queueing, tasks
from surveys.languages import offered
from surveys.models import Campaign, Contact, Invitation, MailState, OutgoingMail, SurveyStatus, Wave
from surveys.segments import contacts_of
from surveys.wording_mail import mail_words

INVITATION = "invitation"
# Why sending paused by itself, once a person has seen it and gone on.
SEEN = "seen"
# What is written for each language: of the invitation, and of each reminder.
PARTS = ("subject", "body", "subject_1", "body_1", "subject_2", "body_2")


class NotSendableError(ValueError):
    """The message is a sentence for the person who pressed the button."""


class NothingToSendError(NotSendableError):
    pass


def campaign_of(wave: Wave) -> Campaign:
    """The wave's campaign; an unsaved one where there is none yet."""
    known = OF_WAVE.first(wave.pk)
    if known is None:
        return Campaign(wave=wave, sender_name=wave.survey.brand)
    known.wave = wave
    return known


# Each section of a wave's page has one of its own, so that a refused form spoils no other's.
OF_WAVE = ByKey(lambda wave: Campaign.objects.filter(wave=wave).order_by("-pk")[:1])


def texts_of(campaign: Campaign) -> dict[str, dict[str, str]]:
    """What is written by language: as written, else the usual words in the survey's form of address."""
    usual = usual_texts(campaign.wave)
    return {language: texts | campaign.texts.get(language, {}) for language, texts in usual.items()}


def usual_texts(wave: Wave) -> dict[str, dict[str, str]]:
    survey = wave.survey
    said = {language: mail_words(survey, language) for language, _name in offered(survey)}
    return {language: {part: say[f"mail_{part}"] for part in PARTS} for language, say in said.items()}


def gathered(campaign: Campaign) -> QuerySet[Contact]:
    """The recipients: those gathered for the wave, and whoever is in the segment at this moment."""
    listed = Wave.recipients.through.objects.filter(wave=campaign.wave_id, contact=OuterRef("pk"))
    who = Q(Exists(listed))
    segment = campaign.segment
    if segment is not None and segment.deleted_at is None:
        who |= Q(pk__in=contacts_of(segment).order_by().values("pk"))
    return Contact.objects.filter(who, client=campaign.wave.survey.cycle.client_id)


def fresh(campaign: Campaign) -> QuerySet[Contact]:
    """Recipients to whom nothing was ever queued in this wave and who may be written to."""
    invitations = Invitation.objects.filter(wave=campaign.wave_id, contact=OuterRef("pk"))
    mailed = OutgoingMail.objects.filter(
        invitation__wave=campaign.wave_id, invitation__contact=OuterRef("pk"), kind=INVITATION, round=0
    )
    barred = invitations.exclude(revoked_at=None, response=None, answered_on=None)
    return gathered(campaign).filter(~Exists(mailed), ~Exists(barred), opted_out_at=None, bounced_at=None)


def start(campaign: Campaign) -> int:
    """Queue a mail for every recipient who has none yet; say how many that were.

    The first start freezes the mail's words. Later starts are for recipients added since.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        if not campaign.wave.is_open:
            raise NotSendableError(_("Open the survey before you send it."))
        queued = _queue(campaign)
        if campaign.started_at is None:
            if not queued:
                raise NothingToSendError(_("There is nobody to send to yet. Add recipients first."))
            campaign.started_at, campaign.starts_at, campaign.pause_reason = timezone.now(), None, ""
            # From here the mail says for ever what it says now, also where it says the usual.
            campaign.texts = texts_of(campaign)
            campaign.save(update_fields=["started_at", "starts_at", "pause_reason", "texts"])
        hint(tasks.deliver_mail)
    return queued


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("wave__survey__cycle", "segment")
    return rows.get(pk=campaign.pk)


def _queue(campaign: Campaign) -> int:
    """A few statements, however many they are."""
    segment = campaign.segment
    if segment is not None and segment.deleted_at is None:
        queueing.gather(campaign.wave, contacts_of(segment))
    queueing.count_anew(campaign.wave)
    capped = cap.asked_lately(campaign, "contact")

    def mail(invitations: QuerySet[Invitation]) -> int:
        return queueing.mail(campaign, invitations, INVITATION, 0, capped, mail_domain())

    # First who was invited and never written to. Of who is invited now nothing needs to be asked any more.
    return mail(_unmailed(campaign)) + mail(queueing.invite(campaign.wave, fresh(campaign)))


def _unmailed(campaign: Campaign) -> QuerySet[Invitation]:
    """Invitations of an earlier hour that `fresh` would write to."""
    listed = Wave.recipients.through.objects.filter(wave=campaign.wave_id, contact=OuterRef("contact"))
    mailed = OutgoingMail.objects.filter(invitation=OuterRef("pk"), kind=INVITATION, round=0)
    return Invitation.objects.filter(
        Exists(listed),
        ~Exists(mailed),
        wave=campaign.wave_id,
        revoked_at=None,
        response=None,
        answered_on=None,
        contact__opted_out_at=None,
        contact__bounced_at=None,
    )


def mail_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def new_message_id(domain: str = "") -> str:
    """Chosen when the row is written and constant for ever: what relays and their logs know a mail by."""
    return f"<{uuid4().hex}@{domain or mail_domain()}>"


def pause(campaign: Campaign) -> bool:
    """No further mail leaves until it is resumed. The worker reads this before each mail."""
    running = Campaign.objects.filter(pk=campaign.pk, started_at__isnull=False, paused_at=None)
    return bool(running.update(paused_at=timezone.now()))


def resume(campaign: Campaign) -> bool:
    with transaction.atomic():
        paused = Campaign.objects.filter(pk=campaign.pk, paused_at__isnull=False)
        # Whoever resumes has been told: it does not pause for that again.
        paused.filter(pause_reason=brakes.REFUSALS).update(pause_reason=SEEN)
        resumed = paused.update(paused_at=None)
        hint(tasks.deliver_mail)
    return bool(resumed)


def cancel_rest(campaign: Campaign) -> int:
    """Give up what has not left yet; say how many that were."""
    waiting = campaign.mails.filter(state__in=[MailState.QUEUED, MailState.HELD])
    return waiting.update(state=MailState.CANCELLED, reason="")


def cancelled(campaign: Campaign) -> QuerySet[OutgoingMail]:
    """What a person gave up; what the worker gave up has a reason, and would be given up again."""
    return OutgoingMail.objects.filter(campaign=campaign, state=MailState.CANCELLED, reason="")


def close_wave(wave: Wave) -> Wave:
    """Take no more answers, and send nothing more that asks for one."""
    with transaction.atomic():
        wave = instrument.close_wave(wave)
        if wave.status == SurveyStatus.CLOSED:
            for campaign in wave.campaigns.all():
                cancel_rest(campaign)
            wave.campaigns.filter(started_at=None).update(starts_at=None)
    return wave


def requeue_cancelled(campaign: Campaign) -> int:
    """Queue once more what was cancelled: it never left, so it cannot arrive twice."""
    with transaction.atomic():
        if not _locked(campaign).wave.is_open:
            raise NotSendableError(_("Open the survey before you send it."))
        return _back_in_queue(cancelled(campaign))


def capped(campaign: Campaign) -> QuerySet[OutgoingMail]:
    """Not sent because another survey had asked the person lately."""
    return OutgoingMail.objects.filter(campaign=campaign, state=MailState.CAPPED)


def no_longer_capped(campaign: Campaign) -> QuerySet[OutgoingMail]:
    still = cap.asked_lately(campaign, "invitation__contact")
    return capped(campaign) if still is None else capped(campaign).exclude(still)


def requeue_capped(campaign: Campaign) -> int:
    """Queue those whose other survey lies long enough back by now."""
    with transaction.atomic():
        campaign = _locked(campaign)
        if not campaign.wave.is_open:
            raise NotSendableError(_("Open the survey before you send it."))
        return _back_in_queue(OutgoingMail.objects.filter(pk__in=no_longer_capped(campaign).values("pk")))


def in_doubt(campaign: Campaign) -> QuerySet[OutgoingMail]:
    """Mail of which nobody knows whether it arrived, and about which nobody has decided."""
    doubtful = OutgoingMail.objects.filter(campaign=campaign, state=MailState.UNCONFIRMED, settled_at=None)
    return doubtful.select_related("invitation__contact").order_by("pk")


def send_again(mail: OutgoingMail) -> bool:
    """A person decides to send a mail in doubt once more: same link, same Message-ID."""
    with transaction.atomic():
        queued = _back_in_queue(OutgoingMail.objects.filter(pk=mail.pk, state=MailState.UNCONFIRMED))
    return bool(queued)


def leave(mail: OutgoingMail) -> bool:
    """A person decides not to send a mail in doubt once more."""
    doubtful = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.UNCONFIRMED, settled_at=None)
    return bool(doubtful.update(settled_at=timezone.now()))


def _back_in_queue(mails: QuerySet[OutgoingMail]) -> int:
    queued = mails.update(
        state=MailState.QUEUED,
        claim=None,
        lease_until=None,
        transmitting_at=None,
        settled_at=None,
        attempts=0,
        not_before=timezone.now(),
        reason="",
    )
    hint(tasks.deliver_mail)
    return queued
