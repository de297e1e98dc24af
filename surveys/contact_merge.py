"""A customer in a list who is a contact already: what is the same, what is new, what the two disagree on.

Pure: no database. An empty cell never erases anything, and an empty field of the contact is filled in
whoever wins; only where both say something, and not the same, is there a question.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from surveys.models import Contact
from surveys.recipients import Column, Recipient

FIELDS = {
    "name": Column.NAME,
    "language": Column.LANGUAGE,
    "external_id": Column.EXTERNAL_ID,
    "service_on": Column.SERVICE_ON,
}


class Wins(models.TextChoices):
    """Whose value stays where list and contact differ."""

    FILE = "file", pgettext_lazy("whose value stays", "What the list says")
    OURS = "ours", pgettext_lazy("whose value stays", "What is here already")


@dataclass(frozen=True)
class Difference:
    """One field of which list and contact say something; `ours` is empty where only the list does."""

    field: str
    is_attribute: bool
    ours: Any
    theirs: Any

    @property
    def is_conflict(self) -> bool:
        return self.ours not in (None, "")

    @property
    def label(self) -> str:
        return self.field if self.is_attribute else str(Column(FIELDS[self.field]).label)


def differences(contact: Contact, recipient: Recipient) -> Iterator[Difference]:
    for field in FIELDS:
        ours, theirs = getattr(contact, field), getattr(recipient, field)
        if theirs and theirs != ours:
            yield Difference(field, False, ours, theirs)
    for name, theirs in recipient.segments.items():
        ours = contact.attributes.get(name)
        if theirs != ours:
            yield Difference(name, True, ours, theirs)


def take_over(contact: Contact, recipient: Recipient, wins: str) -> bool:
    """Take over what is to be taken over; whether anything was."""
    changed = False
    for one in differences(contact, recipient):
        if one.is_conflict and wins != Wins.FILE:
            continue
        if one.is_attribute:
            contact.attributes = {**contact.attributes, one.field: one.theirs}
        else:
            setattr(contact, one.field, one.theirs)
        changed = True
    return changed
