"""Tells people by e-mail that a report is ready: a link, the file only where somebody chose so.

Each mail is a letter to a member (accounts/member_mail.py).
"""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.member_mail import A_LOOK, LetterState, claim, hand_over, letter, settle, sweep
from accounts.models import Client, Membership, User
from prioritization.models import JobState, Report, ReportMail
from prioritization.reports.filename import download_name
from prioritization.reports.kinds import file_type

log = logging.getLogger(__name__)

# A larger file is told of by its link alone: mail servers refuse it.
LARGEST = 8 * 1024 * 1024
# Nothing will come of these any more.
OVER = (JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED)


def due(now: datetime) -> list[int]:
    """Of reports that are made, or that the person waits for in vain."""
    # A monthly report that failed may be made again by the consultant: its mails wait for that.
    ready = Q(report__state=JobState.DONE) | Q(report__state__in=OVER, occasion="")
    found = ReportMail.objects.filter(ready, state=LetterState.WAITING, due_at__lte=now)
    return list(found.order_by("pk").values_list("pk", flat=True)[:A_LOOK])


def mail_due() -> int:
    """Answers how many mails the server took."""
    now = timezone.now()
    sweep(ReportMail, now)
    return sum(mail(pk, now) for pk in due(now))


def mail(pk: int, now: datetime) -> bool:
    claimed = claim(ReportMail.objects.filter(pk=pk), now)
    row = claimed.select_related("person", "report__cycle__client__workspace", "report__wave").first()
    if row is None:
        return False
    sends = wanted(row)
    state = hand_over(lambda: written(row), f"mail {pk} about a report") if sends else LetterState.DROPPED
    return settle(claimed, state, row.attempts, now)


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


def written(row: ReportMail) -> EmailMultiAlternatives:
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
        mail = letter(person.email, subject, "prioritization/mail/report", context)
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
