"""Tells people by e-mail that a comment calls them: one mail for all of some minutes, and never twice.

A mention is a row with a state. It is claimed before the mail goes out; only a failure that proves that
the mail server did not take the mail puts it back. What a dead worker left is in doubt and stays unsent.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from smtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.invitations import MAIL_TIMEOUT, one_line
from accounts.models import User
from cyclemap.letters import html_of
from cycles.comments import PAGES
from cycles.discussion import MentionState, new_key
from cycles.mentions import people_of
from cycles.models import Comment, Mention

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # longer than any mail takes
ATTEMPTS = 8
A_LOOK = 50  # people


def mail_due() -> int:
    """Mail everybody who has a mention that is due. Answers how many mails the server took."""
    sweep()
    due = Mention.objects.filter(state=MentionState.WAITING, due_at__lte=timezone.now())
    people = due.order_by("person_id").values_list("person_id", flat=True).distinct()[:A_LOOK]
    return sum(mail_person(person_id) for person_id in list(people))


def sweep() -> None:
    """A worker died with a mail in its hands: nobody knows whether it went out."""
    dead = Mention.objects.filter(state=MentionState.SENDING, claimed_at__lt=timezone.now() - LEASE)
    if n := dead.update(state=MentionState.DOUBTFUL):
        log.warning("mentions of dead workers: %s in doubt", n)


def mail_person(person_id: int) -> bool:
    claim = new_key()
    waiting = Mention.objects.filter(person=person_id, state=MentionState.WAITING)
    waiting.update(
        state=MentionState.SENDING, claim=claim, claimed_at=timezone.now(), attempts=F("attempts") + 1
    )
    claimed = Mention.objects.filter(claim=claim, state=MentionState.SENDING)
    rows = list(
        claimed.select_related(
            "person",
            "comment__cycle__client__workspace",
            "comment__moment",
            "comment__requirement__moment",
            "comment__action",
        ).order_by("comment__created_at", "pk")
    )
    shown = [row for row in rows if may_read(row)]
    claimed.exclude(pk__in=[row.pk for row in shown]).update(state=MentionState.DROPPED)
    if not shown:
        return False
    state = send(shown[0].person, [row.comment for row in shown])
    if state == MentionState.WAITING:
        attempts = max(row.attempts for row in shown)
        if attempts >= ATTEMPTS:
            state = MentionState.DROPPED
        claimed.update(state=state, due_at=timezone.now() + timedelta(minutes=2**attempts))
    else:
        claimed.update(state=state)
    return state == MentionState.SENT


def may_read(mention: Mention) -> bool:
    """Asked again when the mail goes out: much may have happened in the minutes between."""
    comment = mention.comment
    thing = thing_of(comment)
    gone = comment.deleted_at or thing.deleted_at or comment.cycle.deleted_at
    return not gone and mention.person in people_of(comment.cycle.client)


def thing_of(comment: Comment):  # type: ignore[no-untyped-def]
    return comment.moment or comment.requirement or comment.action


def send(person: User, comments: list[Comment]) -> MentionState:
    return hand_over(lambda connection: letter(person, comments, connection), f"mentions of {person.pk}")


def hand_over(make: Callable[[object], EmailMultiAlternatives], what: str) -> MentionState:
    """WAITING: certainly not taken, try again. DOUBTFUL: nobody knows."""
    connection = get_connection(timeout=MAIL_TIMEOUT)
    try:
        connection.open()
    except (OSError, SMTPConnectError, SMTPHeloError, SMTPException) as error:
        log.warning("%s wait for the mail server: %s", what, error)
        return MentionState.WAITING
    try:
        make(connection).send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        return MentionState.DROPPED if min(codes, default=500) >= 500 else MentionState.WAITING
    except SMTPServerDisconnected as error:
        log.warning("%s are in doubt: %s", what, error)
        return MentionState.DOUBTFUL
    except SMTPResponseException as error:
        return MentionState.DROPPED if error.smtp_code >= 500 else MentionState.WAITING
    except (OSError, SMTPException) as error:
        log.warning("%s are in doubt: %s", what, error)
        return MentionState.DOUBTFUL
    finally:
        connection.close()
    return MentionState.SENT


def letter(person: User, comments: list[Comment], connection: object) -> EmailMultiAlternatives:
    """In the language of the person."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        said = [
            {
                "who": comment.author_name,
                "thing": str(thing_of(comment)),
                "cycle": str(comment.cycle),
                "text": comment.text,
                "link": link_of(comment),
            }
            for comment in comments
        ]
        n = len(said)
        subject = (
            _("%(who)s mentions you: %(thing)s") % said[0]
            if n == 1
            else ngettext("%(n)d comment mentions you", "%(n)d comments mention you", n) % {"n": n}
        )
        context = {"said": said, "subject": subject}
        mail = EmailMultiAlternatives(
            subject=one_line(subject)[:200],
            body=render_to_string("cycles/mail/mentions.txt", context),
            to=[person.email],
            connection=connection,  # type: ignore[arg-type]
        )
        mail.attach_alternative(html_of("cycles/mail/mentions.html", context), "text/html")
        return mail


def link_of(comment: Comment) -> str:
    kind = next(kind for kind in PAGES if getattr(comment, f"{kind}_id"))
    slug = comment.cycle.client.workspace.slug
    path = reverse(PAGES[kind], args=[slug, getattr(comment, f"{kind}_id")])
    return f"{settings.SITE_URL}{path}#c{comment.pk}"
