"""Ask the relay's own log about mail in doubt.

Understands the logs of Postfix and Exim, and a plain list of Message-IDs. A mail is accepted when
the relay has put it into its own queue: from there it is the relay's to deliver.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.functions import Now

from surveys.models import MailState, OutgoingMail
from surveys.outbox import DOUBT_AFTER, Reason

POSTFIX = re.compile(r"postfix\S*/(?P<part>cleanup|qmgr)\[\d+\]: (?P<queue>[0-9A-Za-z]+): (?P<rest>.*)")
POSTFIX_ID = re.compile(r"message-id=(?P<id><[^<>\s]+>)")
EXIM = re.compile(r" <= \S+ .*\bid=(?P<id>[^\s<>]+@[^\s<>]+)")
PLAIN = re.compile(r"\s*(?P<id><[^<>\s]+@[^<>\s]+>)\s*")


def accepted(lines: Iterable[str]) -> set[str]:
    """The Message-IDs that a log shows as taken. Read line by line: logs are large."""
    taken: set[str] = set()
    by_queue: dict[str, str] = {}
    for line in lines:
        if found := PLAIN.fullmatch(line):
            taken.add(found["id"])
        elif found := EXIM.search(line):
            taken.add(f"<{found['id']}>")
        elif found := POSTFIX.search(line):
            # Seen by cleanup, and then by the queue manager: a milter may refuse in between.
            if found["part"] == "cleanup" and (named := POSTFIX_ID.search(found["rest"])):
                by_queue[found["queue"]] = named["id"]
            elif "queue active" in found["rest"] and found["queue"] in by_queue:
                taken.add(by_queue.pop(found["queue"]))
    return taken


@dataclass(frozen=True)
class Reconciled:
    sent: int
    queued: int
    left: int


def apply(taken: set[str], *, send_missing: bool = False) -> Reconciled:
    """Settle what is in doubt or held: taken is sent. `send_missing` says that the log is whole, so
    what it does not show was never taken, and goes into the queue again.

    Only mail older than any relay's own patience is queued again; newer may still be on its way in.
    """
    doubtful = OutgoingMail.objects.filter(state__in=[MailState.UNCONFIRMED, MailState.HELD])
    sent = queued = 0
    for key, message_id in list(doubtful.values_list("pk", "message_id")):
        row = doubtful.filter(pk=key)
        if message_id in taken:
            sent += row.update(state=MailState.SENT, sent_at=Now(), reason="", claim=None, lease_until=None)
        elif send_missing:
            old = row.filter(state=MailState.UNCONFIRMED, transmitting_at__lt=Now() - DOUBT_AFTER)
            queued += old.exclude(reason=Reason.RESTORED).update(
                state=MailState.QUEUED, reason="", not_before=Now(), claim=None, transmitting_at=None
            )
    return Reconciled(sent, queued, doubtful.count())
