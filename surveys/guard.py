"""What keeps all sending back: a restored backup, or a person who pressed pause for everything.

A backup holds mail as it was queued then. Much of it has left since, and would leave again. So the
database counts the batches it has handed out (`SendingState.epoch`), and every machine that sends
keeps the highest count it has seen in a file outside the database. A database that counts less than
a file remembers is an old one: all that waits is held until a person has looked.

A machine without a file for this database (a new worker, or a new server with a restored database)
believes the count if another machine gave a sign of life lately, or if nothing waits; else it holds.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from surveys.models import MailState, OutgoingMail, SendingState
from surveys.outbox import Reason

log = logging.getLogger(__name__)

# Machines that send look at the count every 15 seconds (surveys/tasks.py).
SIGN_OF_LIFE = timedelta(minutes=2)
# A machine may have served other databases before; their counts are not kept for ever.
KEPT = 20


def state() -> SendingState:
    return SendingState.objects.get_or_create(pk=1)[0]


def seen() -> SendingState:
    """For a page that shows it: looking writes nothing."""
    return SendingState.objects.filter(pk=1).first() or SendingState()


def may_send() -> bool:
    """Look at the count, hold what waits if the database is an old one; False while anything is held."""
    found = state()
    if found.held_at is None and is_restored(found):
        hold()
        return False
    if found.held_at is not None or found.paused_at is not None:
        return False
    remember(found)
    stale = Q(seen_at=None) | Q(seen_at__lt=Now() - SIGN_OF_LIFE / 4)
    SendingState.objects.filter(stale, pk=1).update(seen_at=Now())
    return True


def is_restored(found: SendingState) -> bool:
    known = remembered(found)
    if known is not None:
        # `found` was read before the file: another lane may have counted and remembered meanwhile. What the
        # file says was in the database before, so a database that is asked after it must know as much.
        return known > found.epoch and known > state().epoch
    if found.epoch == 0 or not waiting().exists():
        return False
    others = SendingState.objects.filter(pk=1, seen_at__gt=Now() - SIGN_OF_LIFE)
    return not others.exists()


def hold() -> int:
    """Nothing leaves until a person releases it. Say how much is held.

    What was being handed over when the backup was made has long been handed over or lost: in doubt.
    """
    state()
    with transaction.atomic():
        # The mails first, as a claim does: two that wait for each other would be cut off.
        queued = OutgoingMail.objects.filter(state__in=[MailState.QUEUED, MailState.CLAIMED])
        held = queued.update(state=MailState.HELD, reason=Reason.RESTORED, claim=None, lease_until=None)
        OutgoingMail.objects.filter(state=MailState.TRANSMITTING).update(
            state=MailState.UNCONFIRMED, reason=Reason.RESTORED, claim=None, lease_until=None
        )
        SendingState.objects.filter(pk=1).update(held_at=Now())
    log.error("the database is older than the mail that was sent: %s mails are held", held)
    return held


def release() -> int:
    """A person has looked: what was held goes out; say how much that is."""
    with transaction.atomic():
        known = remembered(state()) or 0
        SendingState.objects.filter(pk=1).update(held_at=None, seen_at=Now())
        # Above every file that may still remember the time before the restore.
        SendingState.objects.filter(pk=1, epoch__lte=known).update(epoch=known + 1)
        found = SendingState.objects.get(pk=1)
        freed = held().update(state=MailState.QUEUED, reason="", not_before=Now())
    remember(found)
    return freed


def discard() -> int:
    """A person has looked: what was held is given up; say how much that was. Sending goes on."""
    given_up = held().update(state=MailState.CANCELLED, reason=Reason.RESTORED)
    release()
    return given_up


def held() -> models.QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=MailState.HELD, reason=Reason.RESTORED)


def waiting() -> models.QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        state__in=[MailState.QUEUED, MailState.CLAIMED, MailState.TRANSMITTING]
    )


def pause() -> None:
    """Nothing of anybody leaves until `resume`."""
    state()
    SendingState.objects.filter(pk=1, paused_at=None).update(paused_at=Now())


def resume() -> None:
    SendingState.objects.filter(pk=1).update(paused_at=None)


# --- The file outside the database -----------------------------------------------------------------


def remembered(found: SendingState) -> int | None:
    """The highest count that this machine has seen of this database."""
    with _file() as file:
        return _counts(file).get(str(found.key))


def remember(found: SendingState) -> None:
    """On disk before any mail of the batch leaves: a count that is forgotten holds nothing back."""
    with _file() as file:
        counts = _counts(file)
        key = str(found.key)
        if counts.get(key, -1) >= found.epoch:
            return
        counts.pop(key, None)
        counts[key] = found.epoch
        lines = [f"{name} {count}\n" for name, count in list(counts.items())[-KEPT:]]
        file.seek(0)
        file.truncate()
        file.write("".join(lines))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _file() -> Iterator[IO[str]]:
    path = Path(settings.SENDING_EPOCHS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _counts(file: IO[str]) -> dict[str, int]:
    file.seek(0)
    counts = {}
    for line in file:
        key, _, count = line.strip().partition(" ")
        # A line cut short by a full disk counts for nothing.
        if count.isdigit() and line.endswith("\n"):
            counts[key] = int(count)
    return counts
