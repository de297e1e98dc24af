"""What a list holds and what would become of it, before anything is written.

Kept as JSON where a worker has looked, so that nobody waits for a long list twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.translation import get_language_info

from accounts.models import Client
from surveys.contact_merge import Difference, differences
from surveys.contact_table import Table, Told
from surveys.models import Contact
from surveys.recipients import Column, Fault, Recipient, guess_mapping, sort_out
from surveys.suppression import Barred

# As many addresses as one statement looks up or one INSERT writes.
BATCH = 500
SAMPLE = 5
# What of each kind is shown.
SHOWN = 200


@dataclass(frozen=True)
class Line:
    """A line that is left out, or of which something is."""

    line: int
    value: str
    reason: str


@dataclass(frozen=True)
class Change:
    """A field of a contact of which list and contact say different things."""

    label: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Conflict:
    line: int
    email: str
    changes: list[Change]


@dataclass
class Look:
    headings: list[str] = field(default_factory=list)
    mapping: list[str] = field(default_factory=list)
    sample: list[list[str]] = field(default_factory=list)
    rows: int = 0
    # None as long as no column is the e-mail address
    valid: int | None = None
    new: int = 0
    same: int = 0
    # Contacts that would learn something, and those about which list and contact disagree.
    filled: int = 0
    differing: int = 0
    repeated: int = 0
    barred: int = 0
    unusable: int = 0
    left_out: list[Line] = field(default_factory=list)
    remarks: list[Line] = field(default_factory=list)
    n_remarks: int = 0
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def n_left_out(self) -> int:
        return self.repeated + self.barred + self.unusable

    @property
    def columns(self) -> list[tuple[str, Column]]:
        return [
            (heading, Column(column)) for heading, column in zip(self.headings, self.mapping, strict=True)
        ]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        conflicts = [
            Conflict(c["line"], c["email"], [Change(**change) for change in c["changes"]])
            for c in kept["conflicts"]
        ]
        lines = {name: [Line(**line) for line in kept[name]] for name in ("left_out", "remarks")}
        return cls(**{**kept, **lines, "conflicts": conflicts})


def mapping_of(table: Table, chosen: Sequence[str]) -> list[str]:
    """As chosen, if it fits the list, else as guessed."""
    guessed = [str(column) for column in guess_mapping(table)]
    fits = len(chosen) == len(guessed) and all(column in Column.values for column in chosen)
    return list(chosen) if fits else guessed


def look(client: Client, table: Table, chosen: Sequence[str], told: Told | None = None) -> Look:
    mapping = mapping_of(table, chosen)
    found = Look(
        headings=[table.heading(index)[:80] for index in range(len(mapping))],
        mapping=mapping,
        sample=[_padded(row, len(mapping)) for row in table.rows[:SAMPLE]],
        rows=len(table.rows),
    )
    if Column.EMAIL not in mapping:
        return found
    sorted_out = sort_out(table, mapping, Barred(client))
    found.valid = len(sorted_out.recipients)
    found.repeated, found.barred = len(sorted_out.duplicates), len(sorted_out.opted_out)
    found.unusable, found.n_remarks = len(sorted_out.unusable), len(sorted_out.remarks)
    found.left_out = _lines(sorted_out.left_out)
    found.remarks = _lines(sorted_out.remarks)
    for number, batch in enumerate(batches(sorted_out.recipients), 1):
        known = known_contacts(client, batch)
        for recipient in batch:
            _compare(found, known.get(recipient.email), recipient)
        if told:
            told(min(number * BATCH, found.valid))
    return found


def batches(rows: Sequence[Recipient]) -> Iterator[Sequence[Recipient]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def known_contacts(client: Client, recipients: Sequence[Recipient]) -> dict[str, Contact]:
    emails = [recipient.email for recipient in recipients]
    contacts = Contact.objects.filter(client=client).annotate(small=Lower("email")).filter(small__in=emails)
    return {contact.email.lower(): contact for contact in contacts}


def _compare(found: Look, contact: Contact | None, recipient: Recipient) -> None:
    if contact is None:
        found.new += 1
        return
    told = list(differences(contact, recipient))
    conflicts = [one for one in told if one.is_conflict]
    found.same += not told
    found.filled += len(told) > len(conflicts)
    found.differing += bool(conflicts)
    if conflicts and len(found.conflicts) < SHOWN:
        found.conflicts.append(Conflict(recipient.line, recipient.email, [_change(one) for one in conflicts]))


def _change(one: Difference) -> Change:
    return Change(one.label, _said(one, one.ours), _said(one, one.theirs))


def _said(one: Difference, value: Any) -> str:
    if one.field == "service_on" and not one.is_attribute:
        return date_format(value)
    if one.field == "language" and not one.is_attribute:
        return language_name(value)
    return str(value)


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _lines(faults: Sequence[Fault]) -> list[Line]:
    return [Line(fault.line, fault.value[:80], fault.reason) for fault in faults[:SHOWN]]


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [cell[:80] for cell in [*row, *[""] * (width - len(row))][:width]]
