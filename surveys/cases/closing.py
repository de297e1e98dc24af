"""The end of a case: the customer is told, then asked in two questions whether it was solved."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cyclemap.celery import hint
from surveys.campaigns import new_message_id
from surveys.cases.moving import CannotMoveError, What, change, note
from surveys.links import current_key_version, new_nonce
from surveys.models import Case, CaseStatus, Contact, FollowUp, MailState, OutgoingMail, Told
from surveys.suppression import is_suppressed

MAIL_KIND = "case"
# The mail is not coming any more.
LOST = (MailState.FAILED, MailState.BOUNCED, MailState.SUPPRESSED, MailState.CANCELLED)


def may_be_written_to(contact: Contact | None) -> bool:
    return bool(contact and contact.may_be_asked and not is_suppressed(contact.client_id, contact.email))


def refusal(case: Case, channel: str, on: date | None, text: str) -> str:
    """Why it cannot be closed like that; empty: it can."""
    if not channel or on is None:
        return _("A case is closed when the customer has been told: say how, and on which day.")
    if on > timezone.localdate():
        return _("That day has not come yet.")
    if on < timezone.localdate(case.opened_at):
        return _("The case was not open on that day yet.")
    if channel == Told.PUBLIC and case.contact is not None:
        return _("It is known who this is: tell the customer in person.")
    if channel == Told.MAIL:
        if case.contact is None:
            return _("Nobody knows who this was, so no mail can be sent from here.")
        if not may_be_written_to(case.contact):
            return _("This address gets no more mail from here. Tell the customer in another way.")
        if not text:
            return _("Write what the customer is told.")
    return ""


@transaction.atomic
def close(
    case: Case,
    by: User,
    version: int,
    *,
    channel: str,
    on: date | None,
    text: str = "",
    now: datetime | None = None,
) -> None:
    """Closed and notified. The short survey leaves by mail where one may be sent; once a case."""
    now = now or timezone.now()
    if case.status == CaseStatus.CLOSED or case.status == CaseStatus.SURVEYED:
        return
    if why := refusal(case, channel, on, text):
        raise CannotMoveError(why)
    told_at = now if case.contact_due_at else None
    change(
        case,
        version,
        status=CaseStatus.CLOSED,
        closed_at=now,
        solved_at=case.solved_at or now,
        contacted_at=case.contacted_at or told_at,
        notice_channel=channel,
        notice_on=on,
        notice_text=text,
    )
    note(case, What.STATUS, by, status=CaseStatus.CLOSED, channel=channel, text=text, at=now)
    if case.contact is not None and may_be_written_to(case.contact):
        write(case, case.contact)


def write(case: Case, contact: Contact) -> None:
    """One mail with the notice, if it goes from here, and the link to the two questions.

    A case that was taken up again and is closed once more has another notice, but no second survey.
    """
    FollowUp.objects.get_or_create(
        case=case, defaults={"nonce": new_nonce(), "key_version": current_key_version()}
    )
    before = OutgoingMail.objects.filter(case=case, kind=MAIL_KIND).count()
    if before and case.notice_channel != Told.MAIL:
        return
    OutgoingMail.objects.create(
        case=case, kind=MAIL_KIND, round=before, recipient=contact.email, message_id=new_message_id()
    )
    # Here, because what delivers mail needs the cases.
    from surveys.tasks import deliver_mail

    hint(deliver_mail)


def settle(now: datetime | None = None) -> int:
    """What became of the mails: "survey sent" follows; a notice that nobody got closes nothing."""
    now = now or timezone.now()
    mails = OutgoingMail.objects.filter(case=OuterRef("pk"), kind=MAIL_KIND)
    latest = mails.order_by("-round").values("state")[:1]
    closed = Case.objects.filter(status=CaseStatus.CLOSED).annotate(state=latest)
    n = 0
    for case in closed.filter(state=MailState.SENT):
        n += _step(case, CaseStatus.SURVEYED, now)
    lost = closed.filter(notice_channel=Told.MAIL, state__in=LOST)
    for case in lost.filter(Exists(mails)):
        n += _step(case, CaseStatus.PRESENTED, now)
    return n


@transaction.atomic
def _step(case: Case, status: CaseStatus, now: datetime) -> int:
    back = {"closed_at": None} if status == CaseStatus.PRESENTED else {}
    held = Case.objects.filter(pk=case.pk, version=case.version, status=CaseStatus.CLOSED)
    if not held.update(status=status, version=case.version + 1, **back):
        return 0
    if back:
        note(case, What.UNDELIVERED, None, status=status, at=now)
    else:
        note(case, What.STATUS, None, status=status, at=now)
    return 1
