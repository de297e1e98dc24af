"""A large file read by a worker, so that nobody waits for it and no web process is held by it.

The row keeps the file as it was given; then the table and what its columns probably hold, or why not.
"""

from datetime import timedelta
from time import monotonic

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import translation

from cycles.models import Cycle
from prioritization.models import ImportFailure, ImportState, RatingsImport
from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_import.choices import Choices, guessed
from prioritization.ratings_import.reading import Opened
from prioritization.ratings_import.upload import table_of

# Renewed while rows come; before the first row the words of a workbook are read, within a minute.
LEASE = timedelta(minutes=4)
TELL_SECONDS = 1.0
MAX_FAULTS = 50


class LostClaimError(Exception):
    """The row was taken over after a lost lease, or is gone."""


def described(table: bytes, cycle: Cycle) -> Choices:
    """FileFaultError: no rows, too many columns, means instead of answers."""
    with Opened(table) as sheet:
        return guessed(sheet, cycle)


def read(found: RatingsImport, ours: QuerySet[RatingsImport]) -> None:
    """From `reading` to `mapping`, or to `refused` with the reasons in the language of who gave it."""
    last = monotonic()

    def told(rows: int) -> None:
        nonlocal last
        if monotonic() - last < TELL_SECONDS:
            return
        last = monotonic()
        if not ours.update(summary={"rows": rows}, lease_until=Now() + LEASE):
            raise LostClaimError

    giver = found.uploaded_by
    with translation.override((giver and giver.language) or found.cycle.language):
        try:
            table = table_of(bytes(found.table), told)
            choices = described(table, found.cycle)
        except FileFaultError as error:
            refuse(ours, error.lines())
            return
    done = ours.update(
        state=ImportState.MAPPING,
        table=table,
        choices=choices.as_json(),
        summary={},
        attempts=0,
        stage=0,
        lease_until=None,
    )
    if not done:
        raise LostClaimError


def refuse(ours: QuerySet[RatingsImport], faults: list[str]) -> None:
    ours.update(
        state=ImportState.REFUSED,
        summary={"faults": faults[:MAX_FAULTS]},
        table=b"",
        finished_at=Now(),
        lease_until=None,
    )


def give_up(ours: QuerySet[RatingsImport], reason: ImportFailure) -> None:
    """Not the fault of the file, as far as we know."""
    ours.update(
        state=ImportState.REFUSED, reason=reason, table=b"", finished_at=Now(), lease_until=None, summary={}
    )
