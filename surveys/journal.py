"""What the mail server said while the database was away, on disk.

A lane keeps trying to write it down for minutes. If it is killed meanwhile, the next one finds it
here, and a mail that was taken does not count as doubtful.
"""

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models.functions import Now

from surveys.models import MailState, OutgoingMail
from surveys.outbox import Taken

log = logging.getLogger(__name__)


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
