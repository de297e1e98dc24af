"""From an uploaded file to CSV in UTF-8. Files come from anybody: bounded memory, nothing executed.

Line numbers stay those of the file that was uploaded.
"""

import csv
import hashlib
import io
import logging
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

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
# A workbook may claim a million rows with nothing in them.
MAX_BLANK = 10_000
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Upload:
    fingerprint: str
    table: bytes  # compressed

    @property
    def text(self) -> str:
        return unpacked(self.table)


def take(file: File) -> Upload:
    """FileFaultError: too large, not a CSV or a workbook, hostile."""
    if (file.size or 0) > MAX_BYTES:
        raise refuse(_("The file is larger than %d MB.") % (MAX_BYTES // MEGABYTE))
    data = file.read(MAX_BYTES + 1)
    if not data.strip():
        raise refuse(_("The file is empty."))
    text = from_workbook(data) if data.startswith(ZIP) else from_text(data)
    return Upload(hashlib.sha256(data).hexdigest(), zlib.compress(text.encode(), 6))


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


def from_workbook(data: bytes) -> str:
    """The first sheet as CSV, a row a line."""
    check_archive(data)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    width = blank = 0
    try:
        for row in sheet_rows(data):
            while row and not row[-1]:
                row.pop()
            # The first row that holds something says how many columns there are.
            width = width or len(row)
            blank = 0 if row else blank + 1
            writer.writerow([*row, *[""] * (width - len(row))] if any(row) else [])
            if out.tell() > MAX_UNPACKED or blank > MAX_BLANK:
                raise refuse(too_much())
    except (MemoryError, RecursionError) as error:
        raise refuse(too_much()) from error
    if not width:
        raise refuse(_("The file is empty."))
    return out.getvalue()


def check_archive(data: bytes) -> None:
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise refuse(not_a_table()) from error
    names = [entry.filename for entry in entries]
    if not any(name.startswith("xl/") for name in names):
        raise refuse(not_a_table())
    large = sum(entry.file_size for entry in entries) > MAX_UNPACKED
    dense = any(entry.file_size > MAX_RATIO * max(1, entry.compress_size) + MEGABYTE for entry in entries)
    if large or dense or len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
        raise refuse(too_much())


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
    except MemoryError:
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
