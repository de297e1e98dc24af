"""From a file of any maker to the rows of a table of moments. Bounded, whatever the file holds."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyclemap.faults import FileFaultError, refuse
from cyclemap.sheets import MEGABYTE, as_written, check_archive, from_text, is_workbook, sheet_rows, too_much

MAX_BYTES = 5 * MEGABYTE
# Of a workbook, unpacked.
MAX_UNPACKED = 25 * MEGABYTE
MAX_TEXT = 2_000_000
MAX_ROWS = 500
MAX_COLUMNS = 60
MAX_BLANK = 2_000


@dataclass(frozen=True)
class Bounds:
    """How much of what a table is to hold, and what is said where it holds more."""

    rows: int
    too_many: Any  # lazy, with %d for the number
    too_long: Any


MOMENTS = Bounds(
    MAX_ROWS,
    gettext_lazy("At most %d moments can be imported at once. Split the file."),
    gettext_lazy("The table holds more text than a map of moments can."),
)


@dataclass(frozen=True)
class Table:
    """Cells as written; `lines` are the lines (of a workbook: the rows) they began at."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(file: File, bounds: Bounds = MOMENTS) -> Table:
    """FileFaultError: too large, not a table, hostile, without rows."""
    if (file.size or 0) > MAX_BYTES:
        raise refuse(_("The file is larger than %d MB.") % (MAX_BYTES // MEGABYTE))
    data = file.read(MAX_BYTES + 1)
    if not data.strip():
        raise refuse(_("The file is empty."))
    return table_from(
        workbook_lines(data) if is_workbook(data) else text_lines(from_text(data), bounds), bounds
    )


Lines = Iterator[tuple[int, list[str]]]


def workbook_lines(data: bytes) -> Lines:
    check_archive(data, MAX_UNPACKED)
    try:
        yield from enumerate(sheet_rows(data, MAX_COLUMNS, lines=True), 1)
    except (MemoryError, RecursionError) as error:
        raise refuse(too_much()) from error


def text_lines(text: str, bounds: Bounds = MOMENTS) -> Lines:
    if len(text) > MAX_TEXT:
        raise refuse(str(bounds.too_long))
    skipped = 0
    first, _end, rest = text.partition("\n")
    # Excel says the separator in a line of its own.
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) == 5:
        separator, text, skipped = first.strip().strip('"')[4], rest, 1
    else:
        separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for row in reader:
            yield skipped + before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise refuse(_("this is not a CSV file: %s") % error, skipped + before + 1) from error


def separator_of(text: str) -> str:
    """The one that stands most often in the first line that says something, outside of quotes."""
    line = next((line for line in text.split("\n") if line.strip()), "")
    outside = "".join(line.split('"')[::2])
    return max(";,\t|", key=outside.count)


def table_from(lines: Lines, bounds: Bounds = MOMENTS) -> Table:
    header: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    blank = size = 0
    for number, cells in lines:
        row = [as_written(cell) for cell in cells]
        while row and not row[-1].strip():
            row.pop()
        if not row:
            blank += 1
            if blank > MAX_BLANK:
                raise refuse(_("The table has more empty rows than rows."))
            continue
        size += sum(map(len, row))
        check_size(row, size, number, bounds)
        if not header:
            header = [" ".join(cell.split()) for cell in row]
            continue
        if len(rows) == bounds.rows:
            raise refuse(str(bounds.too_many) % bounds.rows, number)
        rows.append(row)
        numbers.append(number)
    if not header:
        raise refuse(_("The file is empty."))
    if not rows:
        raise refuse(_("Below the headings there is no row."))
    width = max(len(header), *map(len, rows))
    header += [""] * (width - len(header))
    return Table(header, [row + [""] * (width - len(row)) for row in rows], numbers)


def check_size(row: list[str], size: int, number: int, bounds: Bounds) -> None:
    if len(row) > MAX_COLUMNS:
        raise refuse(_("The table has more than %d columns.") % MAX_COLUMNS, number)
    if size > MAX_TEXT:
        raise refuse(str(bounds.too_long), number)


__all__ = ["FileFaultError", "Table", "read_table"]
