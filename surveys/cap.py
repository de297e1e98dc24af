"""How often one person is asked: counted over all surveys of a client.

A contact belongs to one client, so whatever was sent to a contact was sent by that client. A campaign
that spares people (`Campaign.cap_days`) sends nothing to whom another survey of the client has asked
within so many days; its own mails do not count against its reminders.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from surveys.models import Campaign, MailState, OutgoingMail

# Mail that has reached a person, as far as anybody knows.
ARRIVED = (MailState.SENT, MailState.UNCONFIRMED, MailState.TRANSMITTING)
WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.HELD)


def asked_lately(campaign: Campaign, contact: str) -> Q | None:
    """Holds for whom another survey has asked lately or is about to; None where nobody is spared.

    `contact`: how the question leads to the contact.
    """
    if not campaign.cap_days:
        return None
    others = _others(campaign, OuterRef(contact))
    return Q(Exists(others.filter(_arrived_since(campaign) | Q(state__in=WAITING))))


def is_capped(mail: OutgoingMail) -> bool:
    """At the moment of sending: only what has left counts, or two that wait would wait for each other."""
    if mail.campaign is None or mail.invitation is None:
        return False
    contact = mail.invitation.contact_id
    if not mail.campaign.cap_days or contact is None:
        return False
    return _others(mail.campaign, contact).filter(_arrived_since(mail.campaign)).exists()


def _others(campaign: Campaign, contact: Any) -> QuerySet[OutgoingMail]:
    mails = OutgoingMail.objects.filter(invitation__contact=contact)
    return mails.exclude(invitation__wave=campaign.wave_id)


def _arrived_since(campaign: Campaign) -> Q:
    since = timezone.now() - timedelta(days=campaign.cap_days)
    return Q(state__in=ARRIVED) & (Q(sent_at__gte=since) | Q(sent_at=None, transmitting_at__gte=since))
