"""What stops sending by itself: a bad list its campaign, a server that turns us away its sender.

All sending is stopped by a person, or by surveys/guard.py after a restore.
"""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from surveys.models import Campaign, MailState, OutgoingMail, SenderPause, SendingState

# So many must have been tried before refusals tell anything about a list.
ENOUGH_TRIED = 40
REFUSALS_IN_A_HUNDRED = 5
REFUSALS = "refusals"

SHORT_REST, LONGEST_SHORT_REST = timedelta(seconds=15), timedelta(minutes=10)
LONG_REST, LONGEST_LONG_REST = timedelta(minutes=5), timedelta(hours=1)


def brake(campaign: int) -> bool:
    """Pause a campaign whose list is bad: more refusals than mail servers forgive. Once: a person who
    resumes it has been told."""
    mails = OutgoingMail.objects.filter(campaign=campaign)
    refused = mails.filter(state__in=[MailState.FAILED, MailState.BOUNCED]).count()
    tried = mails.filter(state=MailState.SENT).count() + refused
    if tried < ENOUGH_TRIED or refused * 100 <= tried * REFUSALS_IN_A_HUNDRED:
        return False
    running = Campaign.objects.filter(pk=campaign, paused_at=None, pause_reason="")
    return bool(running.update(paused_at=Now(), pause_reason=REFUSALS))


def rests(sender: str) -> SenderPause | None:
    """The pause that the sender is in, if it is in one."""
    return SenderPause.objects.filter(sender=sender, until__gt=Now()).first()


def rest(sender: str, reply: str, *, is_final: bool) -> None:
    """All mail of a sender waits: twice as long after each failure, and no row is spent on it."""
    pause, _ = SenderPause.objects.get_or_create(sender=sender, defaults={"until": Now()})
    first, longest = (LONG_REST, LONGEST_LONG_REST) if is_final else (SHORT_REST, LONGEST_SHORT_REST)
    wait = min(first * 2 ** min(pause.failures, 10), longest)
    SenderPause.objects.filter(pk=pause.pk).update(
        until=Now() + wait, failures=F("failures") + 1, relay_reply=reply
    )


def rested(sender: str) -> None:
    """Mail is being taken again."""
    SenderPause.objects.filter(sender=sender, failures__gt=0).update(failures=0, until=Now(), relay_reply="")


def is_stopped() -> bool:
    """All sending is paused, or held after a restore."""
    return SendingState.objects.exclude(held_at=None, paused_at=None).exists()
