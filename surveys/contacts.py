"""The contacts of a client as a list: found, filtered, sorted, a page at a time."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, F, OrderBy, Q
from django.utils.translation import pgettext_lazy

from accounts.models import Client
from cyclemap.folding import Folded, fold
from surveys.models import Contact, Segment
from surveys.segments import READY, condition

PER_PAGE = 50
QUERY_LENGTH = 120


class ContactState(models.TextChoices):
    """Whether a contact may be written to; if not, why."""

    READY = "ready", pgettext_lazy("state of contact", "May be asked")
    OPTED_OUT = "opted_out", pgettext_lazy("state of contact", "Opted out")
    DEAD = "dead", pgettext_lazy("state of contact", "Address dead")
    COMPLAINED = "complained", pgettext_lazy("state of contact", "Complained")


STATES: dict[str, Q] = {
    ContactState.READY: READY,
    ContactState.OPTED_OUT: Q(opted_out_at__isnull=False, complained_at=None),
    ContactState.DEAD: Q(bounced_at__isnull=False),
    ContactState.COMPLAINED: Q(complained_at__isnull=False),
}
TONES = {
    ContactState.READY: "",
    ContactState.OPTED_OUT: "warn",
    ContactState.DEAD: "bad",
    ContactState.COMPLAINED: "bad",
}
SORTS: dict[str, list[str | OrderBy]] = {
    "name": ["name", "email", "pk"],
    "email": ["email", "pk"],
    "service": [F("service_on").desc(nulls_last=True), "name", "email", "pk"],
    "added": ["-created_at", "-pk"],
}
USUAL = "name"


def state_of(contact: Contact) -> ContactState:
    """A complaint says more than an opt-out, and both more than a dead address."""
    if contact.complained_at:
        return ContactState.COMPLAINED
    if contact.opted_out_at:
        return ContactState.OPTED_OUT
    return ContactState.DEAD if contact.bounced_at else ContactState.READY


def masked(email: str) -> str:
    """For those who may know that somebody was asked, not where to reach them: c…@example.org"""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}…{at}{domain}"


@dataclass(frozen=True)
class Row:
    contact: Contact
    state: ContactState

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def attributes(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in sorted(self.contact.attributes.items())]


@dataclass(frozen=True)
class ContactList:
    page: Page[Contact]
    query: str
    state: str
    segment: Segment | None
    sort: str

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(contact, state_of(contact)) for contact in self.page]

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def filtered(self) -> bool:
        return bool(self.query or self.state or self.segment)


def contact_list(
    client: Client,
    query: str = "",
    state: str = "",
    segment: Segment | None = None,
    sort: str = USUAL,
    page: str | int = 1,
) -> ContactList:
    contacts = Contact.objects.filter(client=client)
    # NUL never stands in a name, and PostgreSQL would rather fail than look for it.
    query = query.replace("\x00", "").strip()[:QUERY_LENGTH]
    if query:
        contacts = contacts.annotate(folded=Folded("name", "email", "external_id"))
        for word in query.split():
            contacts = contacts.filter(folded__contains=fold(word))
    state = state if state in STATES else ""
    if state:
        contacts = contacts.filter(STATES[state])
    if segment is not None:
        contacts = contacts.filter(condition(segment.rules))
    sort = sort if sort in SORTS else USUAL
    found = Paginator(contacts.order_by(*SORTS[sort]), PER_PAGE).get_page(page)
    return ContactList(found, query, state, segment, sort)


def figures(client: Client) -> dict[str, int]:
    """How many there are, and how many of each state."""
    named = {str(state): Count("pk", filter=q) for state, q in STATES.items()}
    return Contact.objects.filter(client=client).aggregate(total=Count("pk"), **named)
