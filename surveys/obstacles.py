"""Why a mail may not be sent, or not yet: looked up when it is about to be, not when it was queued."""

from surveys import cap
from surveys.models import MailState, OutgoingMail, Response, SurveyStatus
from surveys.outbox import Reason
from surveys.suppression import is_suppressed


def waits(mail: OutgoingMail) -> bool:
    """Its campaign was paused since it was claimed, or its wave is not open yet."""
    campaign = mail.campaign
    return campaign is not None and (
        campaign.paused_at is not None or campaign.wave.status == SurveyStatus.DRAFT
    )


def in_its_row(mail: OutgoingMail) -> tuple[MailState, Reason] | None:
    """Why it may not be sent any more, as far as its row and those it leads to say."""
    invitation, contact = mail.invitation, mail.addressee
    if contact is None:
        return MailState.CANCELLED, Reason.ERASED
    if not contact.may_be_asked:
        return MailState.SUPPRESSED, Reason.OPTED_OUT if contact.bounced_at is None else Reason.DEAD
    if invitation is None or mail.campaign is None:
        return None
    if invitation.revoked_at is not None:
        return MailState.CANCELLED, Reason.REVOKED
    if invitation.answered_on is not None:
        return MailState.CANCELLED, Reason.ANSWERED
    if not mail.campaign.wave.is_open:
        return MailState.CANCELLED, Reason.CLOSED
    if cap.is_capped(mail):
        return MailState.CAPPED, Reason.CAPPED
    return None


def elsewhere(mail: OutgoingMail) -> tuple[MailState, Reason] | None:
    """What takes questions of its own, and is seldom so: an address never to be written to again, whatever
    the row of the person says; an answer that came meanwhile."""
    contact = mail.addressee
    if contact is not None and is_suppressed(contact.client_id, contact.email):
        return MailState.SUPPRESSED, Reason.OPTED_OUT
    if mail.invitation_id is not None and Response.objects.filter(invitation=mail.invitation_id).exists():
        return MailState.CANCELLED, Reason.ANSWERED
    return None
