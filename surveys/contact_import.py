"""Writing customers: a list is kept, shown, and then imported; importing it again changes nothing."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Client
from surveys.contact_look import Look, batches, known_contacts, look
from surveys.contact_merge import Wins, take_over
from surveys.contact_table import QUICK_ROWS, Table, read_table
from surveys.models import Contact, ContactFile, Wave
from surveys.recipients import Recipient, sort_out
from surveys.suppression import Barred, bar

WRITTEN = ["name", "language", "external_id", "service_on", "attributes"]


def keep(wave: Wave, text: str, name: str = "") -> ContactFile:
    """Keep a list for its preview; it takes the place of the last. Raises UnreadableError."""
    # What cannot be read is refused before it replaces what can.
    read_table(text, QUICK_ROWS)
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


def preview(kept: ContactFile) -> Look:
    return look(kept.wave.survey.cycle.client, read_table(kept.text, QUICK_ROWS), kept.mapping)


def import_kept(kept: ContactFile, wins: str = Wins.OURS) -> ContactFile:
    """Write what the preview showed. A list is imported once; the same one again changes nothing."""
    with transaction.atomic():
        kept = (
            ContactFile.objects.select_for_update(of=("self",))
            .select_related("wave__survey__cycle__client")
            .get(pk=kept.pk)
        )
        if kept.imported_at is not None:
            return kept
        table = read_table(kept.text, QUICK_ROWS)
        shown = look(kept.wave.survey.cycle.client, table, kept.mapping)
        recipients = usable(kept.wave.survey.cycle.client, table, shown.mapping)
        kept.summary = add_recipients(kept.wave, recipients, wins) | {
            "left_out": shown.n_left_out,
            "rows": shown.rows,
        }
        kept.text, kept.imported_at = "", timezone.now()
        kept.save()
    return kept


def usable(client: Client, table: Table, mapping: Sequence[str]) -> list[Recipient]:
    """The customers of a list that may be written; whoever it says opted out is never written to again.

    UnreadableError where no column is the address.
    """
    found = sort_out(table, mapping, Barred(client))
    bar(client, found.said_out)
    return found.recipients


def add_recipients(wave: Wave, recipients: Sequence[Recipient], wins: str = Wins.OURS) -> dict[str, int]:
    """Write customers and make them recipients of the wave; say how many were new, changed, and joined."""
    before = wave.recipients.count()
    counts = {"added": 0, "changed": 0}
    for batch in batches(recipients):
        for name, more in add_batch(wave.survey.cycle.client, batch, wins, wave).items():
            counts[name] += more
    return counts | {"joined": wave.recipients.count() - before}


def add_batch(
    client: Client, batch: Sequence[Recipient], wins: str, wave: Wave | None = None
) -> dict[str, int]:
    """A few hundred customers in a handful of statements; how many were new, and how many changed."""
    known = known_contacts(client, batch)
    new = [_contact(client, recipient) for recipient in batch if recipient.email not in known]
    changed = [
        contact
        for recipient in batch
        if (contact := known.get(recipient.email)) is not None and take_over(contact, recipient, wins)
    ]
    # Somebody may import the same customer in this very moment: the constraint decides.
    Contact.objects.bulk_create(new, ignore_conflicts=True)
    Contact.objects.bulk_update(changed, WRITTEN, batch_size=100)
    if wave is not None:
        there = known_contacts(client, batch)
        wave.recipients.add(*[contact for contact in there.values() if contact.may_be_asked])
    return {"added": len(new), "changed": len(changed)}


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


def add_contacts(wave: Wave, contacts: QuerySet[Contact]) -> int:
    """Make those of them who may be asked recipients of the wave; how many were not before."""
    before = wave.recipients.count()
    through = Wave.recipients.through
    may_be_asked = contacts.filter(opted_out_at=None, bounced_at=None).order_by()
    keys = may_be_asked.exclude(pk__in=wave.recipients.values("pk")).values_list("pk", flat=True)
    through.objects.bulk_create(
        (through(wave_id=wave.pk, contact_id=pk) for pk in list(keys)), batch_size=1000, ignore_conflicts=True
    )
    return wave.recipients.count() - before


def add_last_wave(wave: Wave) -> int:
    """Make whoever was asked in the last wave, and did not opt out, a recipient of this one."""
    last = Wave.objects.filter(survey=wave.survey_id, number__lt=wave.number).last()
    if last is None:
        return 0
    return add_contacts(wave, Contact.objects.filter(invitations__wave=last))
