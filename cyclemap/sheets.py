"""Tables that people upload: text of any usual encoding, and workbooks. Bounded memory, nothing executed.

Line numbers stay those of the file that was uploaded.
"""

import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from django.utils.translation import gettext as _

from cyclemap.faults import refuse

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
# Of a workbook: what may come out of it, looked at before anything is unpacked.
MAX_UNPACKED = 60 * MEGABYTE
MAX_ENTRIES = 200
MAX_RATIO = 100
MAX_CELL = 10_000
ZIP = b"PK\x03\x04"
BINARY_BEGINNINGS = (
    ZIP,
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
)
# A cell that begins so would be run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(text: str) -> str:
    """A text that no spreadsheet runs: with an apostrophe before what would be a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def as_written(cell: str) -> str:
    """The text that `inert` made this cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def is_workbook(data: bytes) -> bool:
    return data.startswith(ZIP)


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


def check_archive(data: bytes, most: int = MAX_UNPACKED) -> int:
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
    if size > most or dense or len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
        raise refuse(too_much())
    return size


def too_much() -> str:
    return _("There is far more packed into this workbook than a table needs. Save it as CSV.")


def sheet_rows(data: bytes, columns: int, *, lines: bool = False) -> Iterator[list[str]]:
    """The first sheet, a row of texts after the other. `lines`: cells keep their line ends."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=columns + 1, values_only=True)
        for row in rows:
            yield [cell_text(value, lines) for value in row]
        book.close()
    except (MemoryError, SoftTimeLimitExceeded):
        raise
    # A broken workbook makes the reader raise whatever comes: there is no list to name.
    except Exception as error:
        log.info("a workbook could not be read: %r", error)
        raise refuse(
            _("This workbook cannot be read. Open it in your spreadsheet and save it anew.")
        ) from error


def cell_text(value: Any, lines: bool = False) -> str:
    """As CSV has it: numbers without a needless fraction, days as 2018-05-31."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    text = str(value)[:MAX_CELL]
    return text.replace("\r\n", "\n").replace("\r", "\n") if lines else " ".join(text.split())
