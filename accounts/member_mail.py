"""Mail to members, never twice: a letter is a row with a state, claimed before it leaves.

Only a failure that proves that the mail server did not take it puts the row back; what a dead worker had in
its hands is in doubt and stays unsent.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import models
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from cyclemap.letters import html_of
from cyclemap.text import one_line

log = logging.getLogger(__name__)

TIMEOUT = 10
LEASE = timedelta(minutes=10)  # longer than any mail takes
ATTEMPTS = 8
A_LOOK = 50  # letters, or people who get one
SUBJECT = 200


class LetterState(models.TextChoices):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    # They may no longer see it, there is nothing to tell any more, or the address is refused.
    DROPPED = "dropped"
    # Nobody knows whether the mail server took it: never sent again, so never sent twice.
    DOUBTFUL = "doubtful"


class Letter(models.Model):
    """What a row needs that is to be mailed to a member."""

    state = models.CharField(max_length=8, choices=LetterState, default=LetterState.WAITING)
    # Not before: the time in which more joins the same mail, later the pause after a failure.
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def sweep(model: type[Letter], now: datetime) -> None:
    """A worker died with a letter in its hands: nobody knows whether it went out."""
    dead = model._default_manager.filter(state=LetterState.SENDING, claimed_at__lt=now - LEASE)
    if n := dead.update(state=LetterState.DOUBTFUL):
        log.warning("%s of dead workers: %s in doubt", model.__name__, n)


def claim(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Those of the rows that wait, ours from now on."""
    ours = uuid4().hex
    rows.filter(state=LetterState.WAITING).update(
        state=LetterState.SENDING, claim=ours, claimed_at=now, attempts=F("attempts") + 1
    )
    held: QuerySet[Any] = rows.model._default_manager.filter(claim=ours, state=LetterState.SENDING)
    return held


def settle(claimed: QuerySet[Any], state: LetterState, attempts: int, now: datetime) -> bool:
    """Write down what became of them; whether they were sent. What waits is tried ever more seldom."""
    if state == LetterState.WAITING:
        state = LetterState.DROPPED if attempts >= ATTEMPTS else state
        claimed.update(state=state, due_at=now + timedelta(minutes=2**attempts))
    else:
        claimed.update(state=state)
    return state == LetterState.SENT


def letter(to: str, subject: str, template: str, context: Mapping[str, object]) -> EmailMultiAlternatives:
    """`template` names a .txt and a .html."""
    mail = EmailMultiAlternatives(
        subject=one_line(subject)[:SUBJECT], body=render_to_string(f"{template}.txt", dict(context)), to=[to]
    )
    mail.attach_alternative(html_of(f"{template}.html", context), "text/html")
    return mail


def hand_over(make: Callable[[], EmailMultiAlternatives], what: str) -> LetterState:
    """WAITING: certainly not taken, try again. DOUBTFUL: nobody knows. `what` is for the log."""
    connection = get_connection(timeout=TIMEOUT)
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("%s: the mail server is away: %s", what, error)
        return LetterState.WAITING
    try:
        mail = make()
        mail.connection = connection
        mail.send()
    except SMTPRecipientsRefused as error:
        return _refused(min((code for code, _text in error.recipients.values()), default=500))
    except SMTPServerDisconnected as error:
        return _doubtful(what, error)
    except SMTPResponseException as error:
        return _refused(error.smtp_code)
    except (OSError, SMTPException) as error:
        return _doubtful(what, error)
    finally:
        connection.close()
    return LetterState.SENT


def _refused(code: int) -> LetterState:
    return LetterState.DROPPED if code >= 500 else LetterState.WAITING


def _doubtful(what: str, error: Exception) -> LetterState:
    log.warning("%s: in doubt: %s", what, error)
    return LetterState.DOUBTFUL
