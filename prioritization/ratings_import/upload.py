"""From an uploaded file to CSV in UTF-8. Files come from anybody: bounded memory, nothing executed.

Line numbers stay those of the file that was uploaded.
"""

import csv
import hashlib
import io
import logging
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from django.core.files import File
from django.utils.translation import gettext as _

from prioritization.ratings_file.faults import refuse
from surveys.contact_table import BINARY_BEGINNINGS

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
# Respondents.
MAX_ROWS = 100_000
MAX_COLUMNS = 300
# Of a workbook: what may come out of it, looked at before anything is unpacked.
MAX_UNPACKED = 60 * MEGABYTE
MAX_ENTRIES = 200
MAX_RATIO = 100
MAX_CELL = 10_000
TELL_EVERY = 500
# A workbook may claim a million rows with nothing in them.
MAX_BLANK = 10_000
# Cells that hold something or stand before one that does.
MAX_SHEET_CELLS = 12_000_000
# What a request reads while somebody waits, about a second of work; the rest is read by a worker.
QUICK_TEXT = 8 * MEGABYTE
QUICK_WORKBOOK = 3 * MEGABYTE
ZIP = b"PK\x03\x04"


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


def is_workbook(data: bytes) -> bool:
    return data.startswith(ZIP)


def too_large() -> str:
    return _("The file is larger than %d MB.") % (MAX_BYTES // MEGABYTE)


def unpacked(table: bytes | memoryview) -> str:
    return zlib.decompress(bytes(table)).decode()


def from_text(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else Western."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise refuse(not_a_table()) from error
    elif data.startswith(BINARY_BEGINNINGS) or b"\0" in data:
        raise refuse(not_a_table())
    else:
        text = western(data)
    if "\0" in text or sum(map(text.count, CONTROLS)) > len(text) / 100:
        raise refuse(not_a_table())
    if not text.strip("\ufeff \t\r\n"):
        raise refuse(_("The file is empty."))
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


CONTROLS = [chr(code) for code in range(1, 32) if chr(code) not in "\t\r\n"]


def western(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("latin-1")


def not_a_table() -> str:
    return _("This is neither a CSV file nor an Excel workbook (XLSX). Save it as one of them.")


# --- Workbooks -----------------------------------------------------------------------------------


def from_workbook(data: bytes, told: Told | None = None) -> str:
    """The first sheet as CSV, a row a line."""
    check_archive(data)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    width = blank = cells = 0
    try:
        for number, row in enumerate(sheet_rows(data), 1):
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


def check_archive(data: bytes) -> int:
    """How many bytes it unpacks to. What it says of that binds: no entry is read beyond it."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise refuse(not_a_table()) from error
    names = [entry.filename for entry in entries]
    if not any(name.startswith("xl/") for name in names):
        raise refuse(not_a_table())
    size = sum(entry.file_size for entry in entries)
    dense = any(entry.file_size > MAX_RATIO * max(1, entry.compress_size) + MEGABYTE for entry in entries)
    if size > MAX_UNPACKED or dense or len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
        raise refuse(too_much())
    return size


def too_much() -> str:
    return _("There is far more packed into this workbook than a table of answers needs. Save it as CSV.")


def sheet_rows(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
        for row in rows:
            yield [cell_text(value) for value in row]
        book.close()
    except (MemoryError, SoftTimeLimitExceeded):
        raise
    # A broken workbook makes the reader raise whatever comes: there is no list to name.
    except Exception as error:
        log.info("a workbook could not be read: %r", error)
        raise refuse(
            _("This workbook cannot be read. Open it in your spreadsheet and save it anew.")
        ) from error


def cell_text(value: Any) -> str:
    """As CSV has it: one line, numbers without a needless fraction, days as 2018-05-31."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return " ".join(str(value)[:MAX_CELL].split())
