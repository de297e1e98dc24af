"""From an uploaded file to CSV in UTF-8. Files come from anybody: bounded memory, nothing executed.

Line numbers stay those of the file that was uploaded.
"""

import csv
import hashlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files import File
from django.utils.translation import gettext as _

from cyclemap.faults import refuse
from cyclemap.sheets import (
    MAX_UNPACKED,
    MEGABYTE,
    check_archive,
    from_text,
    is_workbook,
    sheet_rows,
    too_much,
)

MAX_BYTES = 20 * MEGABYTE
# Respondents.
MAX_ROWS = 100_000
MAX_COLUMNS = 300
TELL_EVERY = 500
# A workbook may claim a million rows with nothing in them.
MAX_BLANK = 10_000
# Cells that hold something or stand before one that does.
MAX_SHEET_CELLS = 12_000_000
# What a request reads while somebody waits, about a second of work; the rest is read by a worker.
QUICK_TEXT = 8 * MEGABYTE
QUICK_WORKBOOK = 3 * MEGABYTE


@dataclass(frozen=True)
class Upload:
    fingerprint: str
    table: bytes  # compressed

    @property
    def text(self) -> str:
        return unpacked(self.table)


@dataclass(frozen=True)
class Given:
    """A file within bounds that has not been read yet."""

    data: bytes
    unpacked: int

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def is_quick(self) -> bool:
        return self.unpacked <= (QUICK_WORKBOOK if is_workbook(self.data) else QUICK_TEXT)


Told = Callable[[int], None]


def take(file: File) -> Upload:
    """FileFaultError: too large, not a CSV or a workbook, hostile."""
    found = given(file)
    return Upload(found.fingerprint, table_of(found.data))


def given(file: File) -> Given:
    """Looked at from outside only: cheap, whatever the file holds."""
    if (file.size or 0) > MAX_BYTES:
        raise refuse(too_large())
    data = file.read(MAX_BYTES + 1)
    if not data.strip():
        raise refuse(_("The file is empty."))
    return Given(data, check_archive(data) if is_workbook(data) else len(data))


def table_of(data: bytes, told: Told | None = None) -> bytes:
    """The table, compressed. `told` hears now and then how many rows of a workbook have been read."""
    text = from_workbook(data, told) if is_workbook(data) else from_text(data)
    return zlib.compress(text.encode(), 6)


def too_large() -> str:
    return _("The file is larger than %d MB.") % (MAX_BYTES // MEGABYTE)


def unpacked(table: bytes | memoryview) -> str:
    return zlib.decompress(bytes(table)).decode()


def from_workbook(data: bytes, told: Told | None = None) -> str:
    """The first sheet as CSV, a row a line."""
    check_archive(data)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    width = blank = cells = 0
    try:
        for number, row in enumerate(sheet_rows(data, MAX_COLUMNS), 1):
            if told and not number % TELL_EVERY:
                told(number)
            while row and not row[-1]:
                row.pop()
            # The first row that holds something says how many columns there are.
            width = width or len(row)
            blank = 0 if row else blank + 1
            writer.writerow([*row, *[""] * (width - len(row))] if any(row) else [])
            cells += max(width, len(row))
            if out.tell() > MAX_UNPACKED or blank > MAX_BLANK or cells > MAX_SHEET_CELLS:
                raise refuse(too_much())
    except (MemoryError, RecursionError) as error:
        raise refuse(too_much()) from error
    if not width:
        raise refuse(_("The file is empty."))
    return out.getvalue()
