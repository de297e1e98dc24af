"""Tells people by e-mail that a report is ready: a link, the file only where somebody chose so; never twice.

A mail is a row with a state, claimed before it goes out. Only a failure that proves that the mail server did
not take it puts it back; what a dead worker left is in doubt and stays unsent.
"""

import logging
from datetime import timedelta
from smtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.invitations import MAIL_TIMEOUT, one_line
from accounts.models import Client, Membership, User
from cyclemap.letters import html_of
from prioritization.models import JobState, MailingState, Report, ReportMail
from prioritization.reports.filename import download_name
from prioritization.reports.kinds import file_type

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # longer than any mail takes
ATTEMPTS = 8
A_LOOK = 50
# A larger file is told of by its link alone: mail servers refuse it.
LARGEST = 8 * 1024 * 1024
# Nothing will come of these any more.
OVER = (JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED)


def due() -> list[int]:
    """Of reports that are made, or that the person waits for in vain."""
    # A monthly report that failed may be made again by the consultant: its mails wait for that.
    ready = Q(report__state=JobState.DONE) | Q(report__state__in=OVER, occasion="")
    found = ReportMail.objects.filter(ready, state=MailingState.WAITING, due_at__lte=timezone.now())
    return list(found.order_by("pk").values_list("pk", flat=True)[:A_LOOK])


def mail_due() -> int:
    """Answers how many mails the server took."""
    dead = ReportMail.objects.filter(
        state=MailingState.SENDING, claimed_at__lt=timezone.now() - LEASE
    ).update(state=MailingState.DOUBTFUL)
    if dead:
        log.warning("mails about reports of dead workers: %s in doubt", dead)
    return sum(mail(pk) for pk in due())


def mail(pk: int) -> bool:
    claim = uuid4().hex
    waiting = ReportMail.objects.filter(pk=pk, state=MailingState.WAITING)
    if not waiting.update(
        state=MailingState.SENDING, claim=claim, claimed_at=timezone.now(), attempts=F("attempts") + 1
    ):
        return False
    row = ReportMail.objects.select_related("person", "report__cycle__client__workspace", "report__wave").get(
        pk=pk
    )
    state = send(row) if wanted(row) else MailingState.DROPPED
    later: dict[str, Any] = {}
    if state == MailingState.WAITING:
        if row.attempts >= ATTEMPTS:
            state = MailingState.DROPPED
        later["due_at"] = timezone.now() + timedelta(minutes=2**row.attempts)
    ReportMail.objects.filter(pk=pk, claim=claim, state=MailingState.SENDING).update(state=state, **later)
    return state == MailingState.SENT


def wanted(row: ReportMail) -> bool:
    """Asked again when it goes out: the person may have left, the cycle may be in the bin."""
    report = row.report
    if report.cycle.deleted_at or not may_see(row.person, report.cycle.client):
        return False
    # Whoever asked is told of a failure as well, but not of what somebody cancelled.
    return report.state in (JobState.DONE, JobState.FAILED)


def may_see(person: User, client: Client) -> bool:
    return person.is_active and people_of(client).filter(pk=person.pk).exists()


def people_of(client: Client) -> QuerySet[User]:
    """Everybody with an account who may see the client."""
    members = Membership.objects.filter(
        Q(client=client) | Q(client=None), workspace=client.workspace_id
    ).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name", "email")


def send(row: ReportMail) -> MailingState:
    """WAITING: certainly not taken, try again. DOUBTFUL: nobody knows."""
    connection = get_connection(timeout=MAIL_TIMEOUT)
    try:
        connection.open()
    except (OSError, SMTPConnectError, SMTPHeloError, SMTPException) as error:
        log.warning("mail %s about a report waits for the mail server: %s", row.pk, error)
        return MailingState.WAITING
    try:
        letter(row, connection).send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        return MailingState.DROPPED if min(codes, default=500) >= 500 else MailingState.WAITING
    except SMTPServerDisconnected as error:
        log.warning("mail %s about a report is in doubt: %s", row.pk, error)
        return MailingState.DOUBTFUL
    except SMTPResponseException as error:
        return MailingState.DROPPED if error.smtp_code >= 500 else MailingState.WAITING
    except (OSError, SMTPException) as error:
        log.warning("mail %s about a report is in doubt: %s", row.pk, error)
        return MailingState.DOUBTFUL
    finally:
        connection.close()
    return MailingState.SENT


def letter(row: ReportMail, connection: object) -> EmailMultiAlternatives:
    """In the language of the person."""
    report, person = row.report, row.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        ready = report.state == JobState.DONE
        title = f"{report.cycle}, {report.wave}" if report.wave else str(report.cycle)
        said = _("The report is ready: %(title)s") if ready else _("The report could not be made: %(title)s")
        subject = said % {"title": title}
        context = {
            "subject": subject,
            "title": title,
            "client": str(report.cycle.client),
            "kind": report.get_kind_display(),
            "ready": ready,
            "reason": report.reason_text,
            "monthly": bool(row.occasion),
            "link": link_of(report) if ready else page_of(report),
            "list": page_of(report),
        }
        mail = EmailMultiAlternatives(
            subject=one_line(subject)[:200],
            body=render_to_string("prioritization/mail/report.txt", context),
            to=[person.email],
            connection=connection,  # type: ignore[arg-type]
        )
        mail.attach_alternative(html_of("prioritization/mail/report.html", context), "text/html")
        if row.with_file and ready:
            attach(mail, report)
        return mail


def attach(mail: EmailMultiAlternatives, report: Report) -> None:
    """Where it is small enough, and still there: the link leads to it in any case."""
    if report.size > LARGEST:
        return
    try:
        with report.file.open("rb") as file:
            mail.attach(download_name(report), file.read(), file_type(report.kind).content_type)
    except FileNotFoundError:
        log.warning("the file of report %s is gone; its mail goes out without it", report.pk)


def link_of(report: Report) -> str:
    """To the file: it asks for the log-in, and whether one may."""
    return address("prioritization:report_download", report, report.pk)


def page_of(report: Report) -> str:
    return address("prioritization:reports", report, report.cycle_id)


def address(name: str, report: Report, pk: int) -> str:
    path = reverse(name, args=[report.cycle.client.workspace.slug, pk])
    return f"{settings.SITE_URL}{path}"
