"""Writing customers: a list is kept, shown, and then imported in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Client
from surveys.contact_table import Table, read_table
from surveys.models import Contact, ContactFile, Wave
from surveys.recipients import Column, Recipient, SortedOut, guess_mapping, sort_out
from surveys.suppression import Barred

# As many addresses as one statement looks up or one INSERT writes.
BATCH = 500
SAMPLE = 5


@dataclass(frozen=True)
class Preview:
    """What a list holds and what would become of it."""

    table: Table
    mapping: list[Column]
    sorted_out: SortedOut | None  # None as long as no column is the e-mail address

    @property
    def columns(self) -> list[tuple[str, Column]]:
        return [(self.table.heading(index), column) for index, column in enumerate(self.mapping)]

    @property
    def sample(self) -> list[list[str]]:
        width = len(self.mapping)
        return [[*row, *[""] * (width - len(row))][:width] for row in self.table.rows[:SAMPLE]]

    @property
    def n_rows(self) -> int:
        return len(self.table.rows)


def keep(wave: Wave, text: str, name: str = "") -> ContactFile:
    """Keep a list for its preview; it takes the place of the last. Raises UnreadableError."""
    # What cannot be read is refused before it replaces what can.
    read_table(text)
    kept, _new = ContactFile.objects.update_or_create(
        wave=wave,
        defaults={
            "name": name[:200],
            "text": text,
            "mapping": [],
            "summary": {},
            "uploaded_at": timezone.now(),
            "imported_at": None,
        },
    )
    return kept


def preview(kept: ContactFile) -> Preview:
    table = read_table(kept.text)
    guessed = guess_mapping(table)
    chosen = [Column(value) for value in kept.mapping if value in Column.values]
    mapping = chosen if len(chosen) == len(guessed) else guessed
    if Column.EMAIL not in mapping:
        return Preview(table, mapping, None)
    return Preview(table, mapping, sort_out(table, mapping, Barred(kept.wave.survey.cycle.client)))


def import_kept(kept: ContactFile) -> ContactFile:
    """Write what the preview showed. A list is imported once; the same one again changes nothing."""
    with transaction.atomic():
        kept = (
            ContactFile.objects.select_for_update(of=("self",))
            .select_related("wave__survey__cycle__client")
            .get(pk=kept.pk)
        )
        if kept.imported_at is not None:
            return kept
        shown = preview(kept)
        # Asked again with the mapping, so that a list without addresses raises its sentence.
        found = shown.sorted_out or sort_out(shown.table, shown.mapping)
        kept.summary = add_recipients(kept.wave, found.recipients) | {
            "left_out": len(found.left_out),
            "rows": shown.n_rows,
        }
        kept.text, kept.imported_at = "", timezone.now()
        kept.save()
    return kept


def add_recipients(wave: Wave, recipients: Sequence[Recipient]) -> dict[str, int]:
    """Write customers and make them recipients of the wave; say how many were new, changed, and joined."""
    client = wave.survey.cycle.client
    counts = {"added": 0, "changed": 0, "joined": 0}
    before = wave.recipients.count()
    for batch in batches(recipients):
        known = _known(client, [recipient.email for recipient in batch])
        new = [_contact(client, recipient) for recipient in batch if recipient.email not in known]
        changed = [
            contact
            for recipient in batch
            if (contact := known.get(recipient.email)) is not None and _take_over(contact, recipient)
        ]
        # Somebody may import the same customer in this very moment: the constraint decides.
        Contact.objects.bulk_create(new, ignore_conflicts=True)
        Contact.objects.bulk_update(
            changed, ["name", "language", "external_id", "service_on", "attributes"], batch_size=100
        )
        counts["added"] += len(new)
        counts["changed"] += len(changed)
        there = _known(client, [recipient.email for recipient in batch])
        wave.recipients.add(*[contact for contact in there.values() if contact.may_be_asked])
    counts["joined"] = wave.recipients.count() - before
    return counts


def batches(rows: Sequence[Recipient]) -> Iterator[Sequence[Recipient]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _known(client: Client, emails: Sequence[str]) -> dict[str, Contact]:
    contacts = Contact.objects.filter(client=client).annotate(small=Lower("email")).filter(small__in=emails)
    return {contact.email.lower(): contact for contact in contacts}


def _contact(client: Client, recipient: Recipient) -> Contact:
    return Contact(
        client=client,
        email=recipient.email,
        name=recipient.name,
        language=recipient.language,
        external_id=recipient.external_id,
        service_on=recipient.service_on,
        attributes=recipient.segments,
    )


def _take_over(contact: Contact, recipient: Recipient) -> bool:
    """Take over what the list says and the contact does not have so; an empty cell erases nothing."""
    changed = False
    for field in ("name", "language", "external_id", "service_on"):
        told = getattr(recipient, field)
        if told and told != getattr(contact, field):
            setattr(contact, field, told)
            changed = True
    merged = contact.attributes | recipient.segments
    if merged != contact.attributes:
        contact.attributes = merged
        changed = True
    return changed


def add_last_wave(wave: Wave) -> int:
    """Make whoever was asked in the last wave, and did not opt out, a recipient of this one."""
    last = Wave.objects.filter(survey=wave.survey_id, number__lt=wave.number).last()
    if last is None:
        return 0
    before = wave.recipients.count()
    wave.recipients.add(*_asked_in(last).exclude(pk__in=wave.recipients.values("pk")))
    return wave.recipients.count() - before


def _asked_in(wave: Wave) -> QuerySet[Contact]:
    return Contact.objects.filter(invitations__wave=wave, opted_out_at=None, bounced_at=None)
