"""What the mail server said while the database was away, on disk.

A lane keeps trying to write it down for minutes. If it is killed meanwhile, the next one finds it
here, and a mail that was taken does not count as doubtful.
"""

import contextlib
import fcntl
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from surveys.models import MailState, OutgoingMail
from surveys.outbox import Taken

log = logging.getLogger(__name__)

# How long a result is kept in memory while the database is away.
RECORD_SECONDS = 15 * 60


def note(taken: Taken) -> None:
    """The server has this mail. On disk when this returns."""
    with _file() as file:
        # What a crash cut short stays a line of its own.
        file.write("\n" + json.dumps({"message_id": taken.message_id, "reply": taken.reply}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def replay() -> int:
    """Write down what is noted, and forget it; say how many mails are now known to be sent."""
    if not _path().exists():
        return 0
    known = 0
    with _file() as file:
        file.seek(0)
        for line in filter(str.strip, file):
            try:
                known += _sent(json.loads(line))
            except json.JSONDecodeError:
                # Cut short by a crash: its mail counts as doubtful, and stands in that list.
                log.warning("a note of a sent mail is cut short: %s letters", len(line))
        file.seek(0)
        file.truncate()
    return known


def _sent(noted: dict[str, str]) -> int:
    rows = OutgoingMail.objects.filter(
        message_id=noted["message_id"], state__in=[MailState.TRANSMITTING, MailState.UNCONFIRMED]
    )
    return rows.update(
        state=MailState.SENT,
        sent_at=Now(),
        relay_reply=noted["reply"],
        reason="",
        claim=None,
        lease_until=None,
    )


def _path() -> Path:
    return Path(settings.SENDING_JOURNAL)


@contextlib.contextmanager
def _file() -> Iterator[IO[str]]:
    _path().parent.mkdir(parents=True, exist_ok=True)
    with _path().open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def surely(record: Callable[[], None], if_away: Callable[[], None] = lambda: None) -> None:
    """Write down what the server said, even if the database is away just now.

    A restart of the database must not turn a sent mail into a doubtful one, nor must our own end
    while we wait for it: `if_away` leaves a note on disk.
    """
    until, wait, is_noted = time.monotonic() + RECORD_SECONDS, 0.2, False
    while True:
        try:
            return record()
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > until:
                raise
            log.warning("the database is away, the result is kept: %s", type(error).__name__)
            if not is_noted:
                if_away()
                is_noted = True
            connection.close()
            time.sleep(wait)
            wait = min(wait * 2, 10)
