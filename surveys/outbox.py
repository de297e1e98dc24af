"""The rows of the outbox, and every step that one may take.

    queued -> claimed -> transmitting -> sent | failed | unconfirmed

A step is one UPDATE that names the state it starts from and, from `claimed` on, the lane that holds
the row: a lane that was frozen, and whose row another has taken since, changes nothing. All times
are the database's, because the clocks of two machines differ.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Exists, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from cyclemap.compiled import KEY, Update, alone, together
from surveys.models import (
    Campaign,
    Contact,
    Invitation,
    MailState,
    OutgoingMail,
    Response,
    SendingState,
    Suppression,
    SurveyStatus,
)
from surveys.suppression import digest

BATCH = 50
LEASE = timedelta(minutes=2)
# Longer than any server may take to answer, so that a frozen sender's connection is dead by then.
DOUBT_AFTER = timedelta(minutes=15)
# What to wait after a "not now", with every later one as the last: 48 hours in all.
WAITS = tuple(timedelta(minutes=n) for n in (2, 10, 30, 60))
MAX_ATTEMPTS = 51


class Reason(models.TextChoices):
    """Why a mail was not sent, where no server said it. Kept as a code, shown in the reader's language."""

    OPTED_OUT = "opted_out", pgettext_lazy("why mail was not sent", "Asked for no more mail.")
    DEAD = "dead", pgettext_lazy("why mail was not sent", "Earlier mail to this address came back.")
    ERASED = "erased", pgettext_lazy("why mail was not sent", "The person was erased.")
    REVOKED = "revoked", pgettext_lazy("why mail was not sent", "The link was withdrawn.")
    ANSWERED = "answered", pgettext_lazy("why mail was not sent", "Had answered already.")
    CLOSED = "closed", pgettext_lazy("why mail was not sent", "The survey had closed.")
    UNSENDABLE = "unsendable", pgettext_lazy("why mail was not sent", "The name or address cannot be sent.")
    REFUSED = "refused", pgettext_lazy("why mail was not sent", "The mail server refused it.")
    TOO_LONG = "too_long", pgettext_lazy("why mail was not sent", "The mail server put it off for two days.")
    NO_ANSWER = "no_answer", pgettext_lazy("why mail was not sent", "The mail server did not answer.")
    RESTORED = "restored", pgettext_lazy("why mail was not sent", "A backup was restored.")
    CAPPED = "capped", pgettext_lazy("why mail was not sent", "Another survey asked them only lately.")
    INTERRUPTED = "interrupted", pgettext_lazy("why mail was not sent", "Sending was interrupted.")


def reason_text(reason: str) -> str:
    """The sentence for a code; a reason that is a sentence already stays one."""
    return str(Reason(reason).label) if reason in Reason.values else reason


def due() -> QuerySet[OutgoingMail]:
    """What may go now: its time has come, and neither its campaign nor its wave holds it back."""
    moving = Campaign.objects.filter(paused_at=None).exclude(wave__status=SurveyStatus.DRAFT)
    free = Q(campaign__in=moving) | Q(case__isnull=False)
    return OutgoingMail.objects.filter(free, state=MailState.QUEUED, not_before__lte=Now())


def claim(lane: UUID) -> list[int]:
    """Take up to BATCH rows that no other lane has; oldest first."""
    with transaction.atomic(durable=True):
        rows = due().select_for_update(skip_locked=True, of=("self",)).order_by("not_before", "pk")
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        taken = OutgoingMail.objects.filter(pk__in=keys, state=MailState.QUEUED)
        taken.update(state=MailState.CLAIMED, claim=lane, lease_until=Now() + LEASE)
        if keys:
            # By this count surveys/guard.py knows an old backup.
            SendingState.objects.filter(pk=1).update(epoch=F("epoch") + 1)
    return keys


def renew(lane: UUID) -> None:
    """A slow server must not cost a lane the rest of its batch."""
    _held(lane).filter(lease_until__gt=Now()).update(lease_until=Now() + LEASE)


def release(lane: UUID) -> int:
    """Give back what was claimed and not begun."""
    return _held(lane).update(state=MailState.QUEUED, claim=None, lease_until=None)


def load(keys: list[int], lane: UUID) -> dict[int, OutgoingMail]:
    """Rows of the lane as they stand now, with all that a mail is made of; what is no longer the lane's
    is not among them. Mails of one campaign share it."""
    campaigns = Campaign.objects.select_related("wave__survey")
    rows = _held(lane).filter(pk__in=keys, lease_until__gt=Now())
    rows = rows.select_related("invitation__contact")
    # A statement of its own only where there are any: nearly all mail is a campaign's.
    whole = rows.prefetch_related(models.Prefetch("campaign", campaigns), "case__contact")
    return {mail.pk: mail for mail in whole}


def fence(mail: OutgoingMail, lane: UUID, taken: "Taken | None" = None) -> bool:
    """The point of no return, made known before it is passed. From here a row that is left alone
    may have been sent, so nothing ever sends it again by itself.

    False where the row is no longer the lane's, or where something has come to stand in its way since it
    was read: a pause, an opt-out, an answer. The same commit records the mail that the server took before.
    """
    contact = mail.addressee
    if contact is None:
        if taken is not None:
            sent(taken.pk, lane, taken.reply)
        return False
    of = {"pk": mail.pk, "lane": lane, "contact": contact.pk, "client": contact.client_id}
    of["digest"] = digest(contact.client_id, contact.email)
    if mail.case_id is not None:
        statement = _fence_of_case.of(**of)
    else:
        statement = _fence.of(**of, invitation=mail.invitation_id, campaign=mail.campaign_id)
    if taken is None:
        return alone(statement) == 1
    return together(_sent.of(pk=taken.pk, lane=lane, reply=taken.reply), statement) == 1


def sent(pk: int, lane: UUID, reply: str) -> None:
    """The server has it. True even where the sweeper has come to doubt it meanwhile."""
    _sent(pk=pk, lane=lane, reply=reply)


@dataclass(frozen=True)
class Taken:
    """A mail that the server has taken, and its words."""

    pk: int
    message_id: str
    reply: str


def _fenced(pk: int, lane: UUID, *free: Q | Exists) -> tuple[QuerySet[OutgoingMail], dict[str, object]]:
    leased = OutgoingMail.objects.filter(pk=pk, claim=lane, state=MailState.CLAIMED, lease_until__gt=Now())
    return leased.filter(*free), {"state": MailState.TRANSMITTING, "transmitting_at": Now()}


def _may_be_written_to(contact: int, client: int, digest: str) -> Q:
    """Each table is asked by a key of its own, not by the mail's row: so PostgreSQL looks up one row of each
    first, and no join takes from it the conditions on the mail, which it must look at again after a wait."""
    person = Contact.objects.filter(pk=contact, opted_out_at=None, bounced_at=None)
    barred = Suppression.objects.filter(client=client, digest=digest)
    stopped = SendingState.objects.exclude(held_at=None, paused_at=None)
    return Q(Exists(person), ~Exists(barred), ~Exists(stopped))


# The statements of every mail, worked out once a process (cyclemap/compiled.py).
_WHOM: dict[str, object] = {
    "pk": KEY,
    "lane": UUID(int=1),
    "contact": KEY - 1,
    "client": KEY - 2,
    "digest": "whom a client never writes to",
}
_fence = Update(
    lambda pk, lane, invitation, campaign, **whom: _fenced(
        pk,
        lane,
        _may_be_written_to(**whom),
        Exists(Invitation.objects.filter(pk=invitation, revoked_at=None, answered_on=None)),
        Q(~Exists(Response.objects.filter(invitation=invitation))),
        Exists(Campaign.objects.filter(pk=campaign, paused_at=None, wave__status=SurveyStatus.OPEN)),
    ),
    **_WHOM,
    invitation=KEY - 3,
    campaign=KEY - 4,
)
_fence_of_case = Update(
    lambda pk, lane, **whom: _fenced(pk, lane, _may_be_written_to(**whom)),
    **_WHOM,
)
_sent = Update(
    lambda pk, lane, reply: (
        OutgoingMail.objects.filter(
            pk=pk, claim=lane, state__in=[MailState.TRANSMITTING, MailState.UNCONFIRMED]
        ),
        {
            "state": MailState.SENT,
            "sent_at": Now(),
            "relay_reply": reply,
            "reason": "",
            "claim": None,
            "lease_until": None,
        },
    ),
    pk=KEY,
    lane=UUID(int=1),
    reply="what the server says",
)


def give_up(pk: int, lane: UUID, state: MailState, reason: Reason, reply: str = "") -> None:
    _ours(pk, lane).update(state=state, reason=reason, relay_reply=reply, claim=None, lease_until=None)


def put_back(pk: int, lane: UUID, wait: timedelta = timedelta(0)) -> None:
    """Not sent, and not the row's fault."""
    _ours(pk, lane).update(
        state=MailState.QUEUED,
        not_before=Now() + wait,
        claim=None,
        lease_until=None,
        transmitting_at=None,
    )


def put_off(mail: OutgoingMail, lane: UUID, reply: str) -> None:
    """Not now, said the server of this mail: later, less and less often, for two days."""
    attempts = mail.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        give_up(mail.pk, lane, MailState.FAILED, Reason.TOO_LONG, reply)
        return
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    # Spread by a fifth, so that what was put off together does not come back together.
    wait *= 0.9 + secrets.randbelow(201) / 1000
    _ours(mail.pk, lane).update(
        state=MailState.QUEUED,
        attempts=attempts,
        not_before=Now() + wait,
        relay_reply=reply,
        claim=None,
        lease_until=None,
        transmitting_at=None,
    )


def doubt(pk: int, lane: UUID, reply: str) -> None:
    """Handed over, and nobody said whether it was taken."""
    rows = OutgoingMail.objects.filter(pk=pk, claim=lane, state=MailState.TRANSMITTING)
    rows.update(state=MailState.UNCONFIRMED, reason=Reason.NO_ANSWER, relay_reply=reply, lease_until=None)


def sweep() -> tuple[int, int]:
    """Take up what dead lanes left: how many went back into the queue, and how many are in doubt.

    A claimed row cannot have been sent: the fence was not reached. Of a transmitting one nobody knows.
    """
    released = OutgoingMail.objects.filter(state=MailState.CLAIMED, lease_until__lt=Now()).update(
        state=MailState.QUEUED, claim=None, lease_until=None
    )
    doubtful = OutgoingMail.objects.filter(
        state=MailState.TRANSMITTING, transmitting_at__lt=Now() - DOUBT_AFTER
    ).update(state=MailState.UNCONFIRMED, reason=Reason.INTERRUPTED, lease_until=None)
    return released, doubtful


def lanes() -> int:
    """How many lanes hold rows at this moment."""
    held = OutgoingMail.objects.filter(state=MailState.CLAIMED, lease_until__gt=Now())
    return held.values("claim").distinct().count()


def _held(lane: UUID) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(claim=lane, state=MailState.CLAIMED)


def _ours(pk: int, lane: UUID) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        pk=pk, claim=lane, state__in=[MailState.CLAIMED, MailState.TRANSMITTING]
    )


def make_durable() -> None:
    """What is committed must outlast a power cut here: a fence that is forgotten is a mail sent twice."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET synchronous_commit = on")
        elif connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = FULL")
