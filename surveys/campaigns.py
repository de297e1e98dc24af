"""A wave's mail: who gets it, starting, pausing, giving up, and what to do about mail in doubt.

Everything is rows: what is to be sent is inserted in the transaction that decides it, and the
worker finds it there (surveys/delivery.py). Pressing a button twice inserts nothing twice, because
the database holds one invitation a contact and wave and one mail an invitation and round.
"""

from collections.abc import Iterator
from email.utils import parseaddr
from itertools import islice
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cyclemap.celery import hint
from surveys import instrument
from surveys.links import current_key_version, new_nonce
from surveys.models import Campaign, Contact, Invitation, MailState, OutgoingMail, SurveyStatus, Wave
from surveys.tasks import deliver_mail
from surveys.wording import default_texts

# Rows of one INSERT: few statements, little memory.
BATCH = 1000
INVITATION = "invitation"


class NotSendableError(ValueError):
    """The message is a sentence for the person who pressed the button."""


def campaign_of(wave: Wave) -> Campaign:
    """The wave's campaign; an unsaved one where there is none yet."""
    known = wave.campaigns.last()
    return known or Campaign(wave=wave, sender_name=wave.survey.brand)


def texts_of(campaign: Campaign) -> dict[str, dict[str, str]]:
    """Subject and body by language: as written, else the usual ones in the survey's form of address."""
    usual = default_texts(campaign.wave.survey.address)
    return {language: texts | campaign.texts.get(language, {}) for language, texts in usual.items()}


def fresh(wave: Wave) -> QuerySet[Contact]:
    """Recipients to whom nothing was ever queued in this wave and who may be written to."""
    mailed = OutgoingMail.objects.filter(
        invitation__wave=wave, invitation__contact=OuterRef("pk"), kind=INVITATION, round=0
    )
    barred = Invitation.objects.filter(wave=wave, contact=OuterRef("pk")).exclude(
        revoked_at=None, response=None
    )
    return wave.recipients.filter(~Exists(mailed), ~Exists(barred), opted_out_at=None, bounced_at=None)


def start(campaign: Campaign) -> int:
    """Queue a mail for every recipient who has none yet; say how many that were.

    The first start freezes the mail's words. Later starts are for recipients added since.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        if not campaign.wave.is_open:
            raise NotSendableError(_("Open the survey before you send it."))
        queued = sum(_queue(campaign, addresses) for addresses in _batches(fresh(campaign.wave)))
        if campaign.started_at is None:
            if not queued:
                raise NotSendableError(_("There is nobody to send to yet. Add recipients first."))
            campaign.started_at = timezone.now()
            # From here the mail says for ever what it says now, also where it says the usual.
            campaign.texts = texts_of(campaign)
            campaign.save(update_fields=["started_at", "texts"])
        hint(deliver_mail)
    return queued


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("wave__survey")
    return rows.get(pk=campaign.pk)


def _batches(contacts: QuerySet[Contact]) -> Iterator[dict[int, str]]:
    """Addresses by contact. All at once first: what is inserted must not move the rows still to come."""
    addresses = iter(list(contacts.order_by("pk").values_list("pk", "email")))
    while batch := dict(islice(addresses, BATCH)):
        yield batch


def _queue(campaign: Campaign, addresses: dict[int, str]) -> int:
    wave, key, domain = campaign.wave_id, current_key_version(), mail_domain()
    Invitation.objects.bulk_create(
        [
            Invitation(wave_id=wave, contact_id=contact, nonce=new_nonce(), key_version=key)
            for contact in addresses
        ],
        ignore_conflicts=True,
    )
    invitations = Invitation.objects.filter(wave=wave, contact__in=list(addresses))
    mails = [
        OutgoingMail(
            campaign_id=campaign.pk,
            invitation_id=invitation,
            kind=INVITATION,
            recipient=addresses[contact],
            message_id=new_message_id(domain),
        )
        for invitation, contact in invitations.values_list("pk", "contact")
        if contact is not None
    ]
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
    return len(mails)


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
        resumed = Campaign.objects.filter(pk=campaign.pk, paused_at__isnull=False).update(paused_at=None)
        hint(deliver_mail)
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
    return wave


def requeue_cancelled(campaign: Campaign) -> int:
    """Queue once more what was cancelled: it never left, so it cannot arrive twice."""
    with transaction.atomic():
        if not _locked(campaign).wave.is_open:
            raise NotSendableError(_("Open the survey before you send it."))
        return _back_in_queue(cancelled(campaign))


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
    hint(deliver_mail)
    return queued
