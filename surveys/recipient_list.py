"""The recipients of a wave as a list: each with how far the mail and the answer got."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from surveys.contacts import masked
from surveys.funnel import NOT_SENT, ON_THE_WAY, REFUSED
from surveys.models import Contact, Invitation, MailState, OutgoingMail, Response, Wave
from surveys.outbox import reason_text

PER_PAGE = 12


class Progress(models.TextChoices):
    """How far a recipient got, as the filter of the list names it."""

    NEW = "new", pgettext_lazy("state of recipient", "Not sent yet")
    WAITING = "waiting", pgettext_lazy("state of recipient", "Waiting")
    SENT = "sent", pgettext_lazy("state of recipient", "Sent")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("state of recipient", "Unconfirmed")
    REFUSED = "refused", pgettext_lazy("state of recipient", "Refused")
    NOT_SENT = "not_sent", pgettext_lazy("state of recipient", "Not sent")
    OPENED = "opened", pgettext_lazy("state of recipient", "Opened the link")
    ANSWERED = "answered", pgettext_lazy("state of recipient", "Answered")
    OPTED_OUT = "opted_out", pgettext_lazy("state of recipient", "Opted out")
    STARTED = "started", pgettext_lazy("state of recipient", "Started")
    BOUNCED = "bounced", pgettext_lazy("state of recipient", "Bounced")
    CAPPED = "capped", pgettext_lazy("state of recipient", "Spared: asked lately")
    REMINDED = "reminded", pgettext_lazy("state of recipient", "Reminded")


TONES = {
    Progress.ANSWERED: "good",
    Progress.REFUSED: "bad",
    Progress.BOUNCED: "bad",
    Progress.CAPPED: "warn",
    Progress.UNCONFIRMED: "warn",
    Progress.OPTED_OUT: "warn",
}


@dataclass(frozen=True)
class Recipient:
    contact: Contact
    # As much of the address as the reader may see.
    address: str
    progress: Progress
    reason: str
    removable: bool
    # How far the last reminder got, if there was one.
    reminder: str = ""

    @property
    def tone(self) -> str:
        return TONES.get(self.progress, "")


def recipients_of(wave: Wave) -> QuerySet[Contact]:
    """Gathered for the wave, or invited to it."""
    gathered = Wave.recipients.through.objects.filter(wave=wave, contact=OuterRef("pk"))
    invited = Invitation.objects.filter(wave=wave, contact=OuterRef("pk"))
    return Contact.objects.filter(Exists(gathered) | Exists(invited)).order_by("name", "email", "pk")


def with_progress(contacts: QuerySet[Contact], wave: Wave) -> QuerySet[Contact]:
    """How far the mail and the answer of each got: what `recipient` and `FILTERS` read."""
    invited = Invitation.objects.filter(wave=wave, contact=OuterRef("pk"))
    mail = OutgoingMail.objects.filter(invitation__wave=wave, invitation__contact=OuterRef("pk"), round=0)
    answer = Response.objects.filter(wave=wave, invitation__contact=OuterRef("pk"))
    reminder = OutgoingMail.objects.filter(
        invitation__wave=wave, invitation__contact=OuterRef("pk"), round__gt=0
    ).order_by("-round")
    return contacts.annotate(
        invited=Exists(invited),
        mail_state=Subquery(mail.values("state")[:1]),
        reason=Subquery(mail.values("reason")[:1]),
        relay_reply=Subquery(mail.values("relay_reply")[:1]),
        opened=Exists(invited.filter(opened_at__isnull=False)),
        started=Exists(invited.filter(started_at__isnull=False)),
        # Of an anonymous survey the invitation keeps that somebody answered, and nothing else.
        answered=Exists(answer) | Exists(invited.filter(answered_on__isnull=False)),
        reminder_round=Subquery(reminder.values("round")[:1]),
        reminder_state=Subquery(reminder.values("state")[:1]),
        reminder_reason=Subquery(reminder.values("reason")[:1]),
    )


FILTERS: dict[str, Q] = {
    Progress.NEW: Q(mail_state=None, invited=False, opted_out_at=None),
    Progress.WAITING: Q(mail_state__in=ON_THE_WAY),
    Progress.SENT: Q(mail_state=MailState.SENT),
    Progress.UNCONFIRMED: Q(mail_state=MailState.UNCONFIRMED),
    Progress.REFUSED: Q(mail_state__in=REFUSED),
    Progress.NOT_SENT: Q(mail_state__in=NOT_SENT),
    Progress.OPENED: Q(opened=True) | Q(started=True) | Q(answered=True),
    Progress.STARTED: Q(started=True) | Q(answered=True),
    Progress.BOUNCED: Q(mail_state=MailState.BOUNCED),
    Progress.CAPPED: Q(mail_state=MailState.CAPPED),
    Progress.REMINDED: Q(reminder_round__gt=0, reminder_state__in=[MailState.SENT, MailState.UNCONFIRMED]),
    Progress.ANSWERED: Q(answered=True),
    Progress.OPTED_OUT: Q(opted_out_at__isnull=False),
}


@dataclass(frozen=True)
class RecipientList:
    """`page` has the keys: how far each of a few got is asked, not of all to put those few in order."""

    wave: Wave
    page: Page[int]
    query: str
    progress: str
    with_addresses: bool

    @cached_property
    def rows(self) -> list[Recipient]:
        keys = list(self.page)
        found = with_progress(Contact.objects.all(), self.wave).in_bulk(keys)
        return [recipient(found[pk], with_addresses=self.with_addresses) for pk in keys if pk in found]

    @property
    def any_removable(self) -> bool:
        return any(row.removable for row in self.rows)

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def filtered(self) -> bool:
        return bool(self.query or self.progress)


def recipient_list(
    wave: Wave, query: str = "", progress: str = "", page: str | int = 1, *, with_addresses: bool = True
) -> RecipientList:
    """Who may not see addresses does not find by them either: looking for one would be asking for it."""
    contacts = recipients_of(wave)
    # NUL never stands in a name, and PostgreSQL would rather fail than look for it.
    query = query.replace("\x00", "").strip()[:120]
    for word in query.split():
        found = Q(name__icontains=word)
        if with_addresses:
            found |= Q(email__icontains=word) | Q(external_id__icontains=word)
        contacts = contacts.filter(found)
    progress = progress if progress in FILTERS else ""
    if progress:
        contacts = with_progress(contacts, wave).filter(FILTERS[progress])
    if not with_addresses:
        # By the address those without a name would stand in the order of the alphabet.
        contacts = contacts.order_by("name", "pk")
    shown = Paginator(contacts.values_list("pk", flat=True), PER_PAGE).get_page(page)
    return RecipientList(wave, shown, query, progress, with_addresses)


def recipient(contact: Contact, *, with_addresses: bool = True) -> Recipient:
    """The furthest a contact got; what stands in the way comes before what went well."""
    state: str | None = contact.mail_state  # type: ignore[attr-defined]
    reason: str = reason_text(contact.reason or "") or contact.relay_reply or ""  # type: ignore[attr-defined]
    progress = _progress(contact, state)
    if progress is Progress.OPTED_OUT and not reason:
        reason = _("Will get no more mail.")
    if progress is Progress.NOT_SENT and not reason:
        reason = _("Cancelled before it was sent.")
    if progress is Progress.UNCONFIRMED and not reason:
        reason = pgettext("mail in doubt", "The mail server did not answer.")
    shown = progress in (
        Progress.REFUSED,
        Progress.UNCONFIRMED,
        Progress.NOT_SENT,
        Progress.OPTED_OUT,
        Progress.WAITING,
        Progress.BOUNCED,
        Progress.CAPPED,
    )
    address = contact.email if with_addresses else masked(contact.email)
    # What a mail server replied often names the address.
    reason = reason if shown and (with_addresses or "@" not in reason) else ""
    removable = not contact.invited  # type: ignore[attr-defined]
    return Recipient(contact, address, progress, reason, removable, _reminder(contact))


def _reminder(contact: Contact) -> str:
    state: str | None = contact.reminder_state  # type: ignore[attr-defined]
    if state is None:
        return ""
    said = {"n": contact.reminder_round, "state": MailState(state).label}  # type: ignore[attr-defined]
    told = _("Reminder %(n)d: %(state)s") % said
    why = reason_text(contact.reminder_reason or "")  # type: ignore[attr-defined]
    return f"{told}. {why}" if why and "@" not in why else told


def _progress(contact: Contact, state: str | None) -> Progress:
    if contact.answered:  # type: ignore[attr-defined]
        return Progress.ANSWERED
    if contact.opted_out_at is not None:
        return Progress.OPTED_OUT
    if state in REFUSED:
        return Progress.BOUNCED if state == MailState.BOUNCED else Progress.REFUSED
    if contact.started:  # type: ignore[attr-defined]
        return Progress.STARTED
    if contact.opened:  # type: ignore[attr-defined]
        return Progress.OPENED
    if state is None:
        return Progress.SENT if contact.invited else Progress.NEW  # type: ignore[attr-defined]
    if state in ON_THE_WAY:
        return Progress.WAITING
    if state in NOT_SENT:
        return Progress.NOT_SENT
    return Progress(state)
