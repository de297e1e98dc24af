"""Mail that came back: reports by other mail servers, read and taken into account.

A delivery report (RFC 3464) names the mail by the headers it returns; a complaint (RFC 5965) too. Our
Message-IDs cannot be guessed, so a report that names one was caused by that mail.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from enum import Enum

from django.db import transaction
from django.db.models.functions import Now

from surveys.models import MailState, OutgoingMail, Why
from surveys.suppression import suppress

log = logging.getLogger(__name__)

# Status codes (RFC 3463) that say of the address itself that it is dead: bad mailbox, bad domain,
# moved without a trace, mailbox disabled. Full mailboxes, policy and time-outs are of the day.
DEAD_ADDRESS = ("5.0.0", "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
ON_THE_WAY = (MailState.SENT, MailState.UNCONFIRMED, MailState.TRANSMITTING)


class What(Enum):
    DELIVERED = "delivered"
    DELAYED = "delayed"
    FAILED = "failed"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Report:
    """What a server says about one mail."""

    what: What
    message_id: str
    recipient: str
    status: str = ""
    words: str = ""

    @property
    def is_dead(self) -> bool:
        return self.what is What.FAILED and self.status in DEAD_ADDRESS


def read(raw: bytes) -> list[Report]:
    """The reports in one message; none if it is anything else (an answer, an out-of-office note)."""
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    if message.get_content_type() != "multipart/report":
        return []
    message_id = _returned_id(message)
    if not message_id:
        return []
    kind = str(message.get_param("report-type") or "").lower()
    if kind == "feedback-report":
        return [Report(What.COMPLAINT, message_id, _complaint_about(message))]
    return list(_deliveries(message, message_id))


def _returned_id(message: Message) -> str:
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return _id(inner[0])
        elif kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _id(BytesParser(policy=policy.compat32).parsebytes(payload, headersonly=True))
    return ""


def _id(message: Message) -> str:
    return str(message.get("Message-ID", "")).strip()


def _blocks(message: Message, kind: str) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() != kind:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (block for block in payload if isinstance(block, Message))
        elif isinstance(payload, str):
            yield BytesParser(policy=policy.compat32).parsebytes(payload.encode("utf-8", "replace"))


def _deliveries(message: Message, message_id: str) -> Iterator[Report]:
    for block in _blocks(message, "message/delivery-status"):
        action = str(block.get("Action", "")).strip().lower()
        if action not in {what.value for what in What}:
            # The block about the message as a whole, or "relayed" and "expanded", which decide nothing.
            continue
        yield Report(
            What(action),
            message_id,
            _address(str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")),
            str(block.get("Status", "")).strip().split(" ")[0],
            " ".join(str(block.get("Diagnostic-Code", "")).split())[:250],
        )


def _complaint_about(message: Message) -> str:
    for block in _blocks(message, "message/feedback-report"):
        return _address(str(block.get("Original-Rcpt-To", "")))
    return ""


def _address(text: str) -> str:
    """rfc822; carmen@example.org -> carmen@example.org"""
    return text.rpartition(";")[2].strip().strip("<>").lower()


def take(raw: bytes) -> int:
    """Take one message into account; say how many of our mails it was about."""
    return sum(apply(report) for report in read(raw))


def apply(report: Report) -> bool:
    """Whether the report was about a mail of ours, now or earlier: the same report twice changes nothing."""
    mail = (
        OutgoingMail.objects.filter(message_id=report.message_id)
        .select_related("invitation__contact", "case__contact")
        .first()
    )
    if mail is None:
        return False
    settle(mail, report)
    return True


def settle(mail: OutgoingMail, report: Report) -> None:
    contact = mail.addressee
    with transaction.atomic():
        row = OutgoingMail.objects.filter(pk=mail.pk)
        if report.what in (What.DELIVERED, What.DELAYED):
            # Whoever reports about it has it: no longer in doubt.
            row.filter(state=MailState.UNCONFIRMED).update(
                state=MailState.SENT, sent_at=Now(), reason="", lease_until=None
            )
        elif report.what is What.FAILED:
            words = " ".join(part for part in (report.status, report.words) if part)[:300]
            row.filter(state__in=ON_THE_WAY).update(state=MailState.BOUNCED, reason="", relay_reply=words)
            if report.is_dead and contact is not None:
                suppress(contact, Why.BOUNCED)
        elif contact is not None:
            suppress(contact, Why.COMPLAINED)
    log.info("mail %s: %s %s", mail.pk, report.what.value, report.status)
