"""Writing results: one a period, whoever is faster; corrections leave their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from cycles.author import who
from cycles.models import Cycle, Measurement, ServiceLevel
from cycles.results import Thing


class AlreadyThereError(Exception):
    """The period has a result, and it is another one."""

    def __init__(self, known: Measurement) -> None:
        super().__init__(str(known.pk))
        self.known = known


def of(thing: Thing) -> dict[str, Thing]:
    return {"service_level": thing} if isinstance(thing, ServiceLevel) else {"indicator": thing}


def record(thing: Thing, day: date, value: Decimal, note: str = "") -> Measurement:
    """AlreadyThereError where the period has another result; the same one again is that one."""
    rows = Measurement.objects.filter(day=day, deleted_at=None, **of(thing))
    known = rows.first()
    if known is None:
        try:
            with transaction.atomic():
                # In bulk, as an import writes them: what is added is no entry of the history.
                return Measurement.objects.bulk_create([made(thing, day, value, note)])[0]
        except IntegrityError:  # somebody else was faster
            known = rows.get()
    if known.value != value:
        raise AlreadyThereError(known)
    return known


def made(thing: Thing, day: date, value: Decimal, note: str) -> Measurement:
    typed_by = str(who() or "")[:120]
    return Measurement(
        cycle_id=thing.cycle_id, day=day, value=value, note=note, typed_by=typed_by, **of(thing)
    )


def bring_back(found: Measurement) -> None:
    """Out of the bin. AlreadyThereError where its period got another result meanwhile."""
    if found.deleted_at is None:
        return
    twin = Measurement.objects.filter(day=found.day, deleted_at=None, **of(found.thing)).first()
    if twin:
        raise AlreadyThereError(twin)
    gone, found.deleted_at = found.deleted_at, None
    try:
        with transaction.atomic():
            found.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        found.deleted_at = gone
        raise AlreadyThereError(found) from error


# --- Many at once --------------------------------------------------------------------------------

NEW, CORRECTED, SAME = "new", "corrected", "same"


@dataclass(frozen=True)
class Entry:
    """One row of a file."""

    line: int
    thing: Thing
    day: date
    value: Decimal
    note: str = ""


@dataclass(frozen=True)
class Weighed:
    """What a row would change."""

    entry: Entry
    what: str
    before: Measurement | None = None


def weigh(cycle: Cycle, entries: Sequence[Entry]) -> list[Weighed]:
    """Each row beside what is there. One query."""
    known = {
        (row.service_level_id, row.indicator_id, row.day): row
        for row in Measurement.objects.filter(cycle=cycle, deleted_at=None)
    }
    found = []
    for entry in entries:
        level = entry.thing.pk if isinstance(entry.thing, ServiceLevel) else None
        before = known.get((level, None if level else entry.thing.pk, entry.day))
        same = before and before.value == entry.value and (not entry.note or before.note == entry.note)
        found.append(Weighed(entry, NEW if before is None else SAME if same else CORRECTED, before))
    return found


@transaction.atomic
def write(cycle: Cycle, entries: Sequence[Entry]) -> tuple[int, int]:
    """How many are new and how many were corrected. What is there already stays as it is."""
    weighed = weigh(cycle, entries)
    fresh = [one.entry for one in weighed if one.what == NEW]
    Measurement.objects.bulk_create(made(one.thing, one.day, one.value, one.note) for one in fresh)
    corrected = [one for one in weighed if one.what == CORRECTED]
    for one in corrected:
        assert one.before
        one.before.value, one.before.note = one.entry.value, one.entry.note or one.before.note
        one.before.save(update_fields=["value", "note"])
    return len(fresh), len(corrected)
