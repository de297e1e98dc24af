"""A table on its way: it travels in its form, signed, so nothing is kept of a file that is not imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core import signing

from cycles.exchange.table_file import Table
from cycles.models import Cycle

DAY = 24 * 60 * 60
SAMPLE = 3


def packed(purpose: str, cycle: Cycle, table: Table) -> str:
    return signing.dumps([table.header, table.rows, table.lines], salt=salt(purpose, cycle), compress=True)


def unpacked(purpose: str, cycle: Cycle, text: str) -> Table:
    """signing.BadSignature: not what we gave, for another purpose or cycle, or of another day."""
    return Table(*signing.loads(text, salt=salt(purpose, cycle), max_age=DAY))


def salt(purpose: str, cycle: Cycle) -> str:
    return f"cycles.{purpose}.{cycle.pk}"


@dataclass(frozen=True)
class ColumnLine:
    """One column of the file, as the page asks what it holds."""

    place: int
    heading: str
    sample: list[str]
    key: str
    fault: str


def column_lines(table: Table, chosen: Sequence[str], faults: Mapping[str, str]) -> list[ColumnLine]:
    return [
        ColumnLine(
            place,
            heading,
            [row[place] for row in table.rows if row[place].strip()][:SAMPLE],
            chosen[place],
            faults.get(f"column_{place}", ""),
        )
        for place, heading in enumerate(table.header)
    ]
