"""At most two reminders, to those who have not answered.

A reminder is a row like the invitation (kind, round 1 or 2), and the database holds one of each
round: two clocks that tick at once, or one that was killed half-way, insert nothing twice. Whether it
still may go is looked up again in the moment of sending (surveys/delivery.py).
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from surveys import cap, guard, queueing
from surveys.campaigns import INVITATION, mail_domain
from surveys.models import Campaign, Invitation, MailState, OutgoingMail, SurveyStatus

REMINDER = "reminder"
MOST = 2
ROUNDS = range(1, MOST + 1)
# After these a person has had the mail, or may have had it.
HAD = (MailState.SENT, MailState.UNCONFIRMED)
# A round that came to nothing does not hold back the next one; one that was refused does.
OVER = (*HAD, MailState.CAPPED, MailState.CANCELLED)


def queue_due() -> int:
    """Queue every reminder whose day has come; say how many that were."""
    # While an old backup is being looked at nobody knows who was reminded.
    if not guard.may_send():
        return 0
    running = Campaign.objects.filter(
        started_at__isnull=False, paused_at=None, wave__status=SurveyStatus.OPEN
    ).exclude(reminder_days=[])
    queued = 0
    for campaign in running.select_related("wave__survey"):
        if campaign.wave.is_open:
            queued += sum(queue(campaign, round) for round in ROUNDS[: len(campaign.reminder_days)])
    return queued


def queue(campaign: Campaign, round: int) -> int:
    capped = cap.asked_lately(campaign, "contact")
    return queueing.mail(campaign, due(campaign, round), REMINDER, round, capped, mail_domain())


def due(campaign: Campaign, round: int) -> QuerySet[Invitation]:
    """Whose turn it is: asked so many days ago, not reminded in this round, and nothing heard."""
    days = campaign.reminder_days
    now = timezone.now()
    mails = OutgoingMail.objects.filter(invitation=OuterRef("pk"))
    invited = _by(mails.filter(kind=INVITATION, state__in=HAD), now - timedelta(days=days[round - 1]))
    waiting = open_invitations(campaign).filter(
        Exists(invited), ~Exists(mails.filter(kind=REMINDER, round=round))
    )
    if round == 1:
        return waiting
    # However late the one before was, the next keeps its distance.
    gap = timedelta(days=days[round - 1] - days[round - 2])
    before = mails.filter(kind=REMINDER, round=round - 1, state__in=OVER)
    return waiting.filter(Exists(_by(before, now - gap)))


def open_invitations(campaign: Campaign) -> QuerySet[Invitation]:
    """Of people who may be written to and have not answered; of an anonymous survey no more is known."""
    return Invitation.objects.filter(
        wave=campaign.wave_id,
        revoked_at=None,
        response=None,
        answered_on=None,
        contact__isnull=False,
        contact__opted_out_at=None,
        contact__bounced_at=None,
    )


def _by(mails: QuerySet[OutgoingMail], latest: datetime) -> QuerySet[OutgoingMail]:
    at = Coalesce("sent_at", "transmitting_at", "created_at")
    return mails.alias(at=at).filter(at__lte=latest)
