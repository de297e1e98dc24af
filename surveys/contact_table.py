"""From bytes or pasted text to cells: files of any maker, any usual separator. Pure: no database."""

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap.sheets import BINARY_BEGINNINGS

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60

# A list of addresses may have one of these above it.
ADDRESS_HEADINGS = ("mail", "correo")


class UnreadableError(ValueError):
    """The whole list cannot be read; the message is a sentence for the person who gave it."""


@dataclass(frozen=True)
class Table:
    """Cells as read. `header` is empty where the list has none; `lines` are the lines rows began at."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    @property
    def width(self) -> int:
        return max((len(row) for row in [self.header, *self.rows[:200]]), default=0)

    def column(self, index: int) -> list[str]:
        return [row[index] if index < len(row) else "" for row in self.rows]

    def heading(self, index: int) -> str:
        known = self.header[index] if index < len(self.header) else ""
        return known or _("Column %(number)d") % {"number": index + 1}


def decode(data: bytes) -> str:
    """The text of an uploaded file: UTF-8 with or without mark, UTF-16 with mark, else Western."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(_("The file is larger than 2 MB. Split it into smaller files."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableError(_not_a_text()) from error
    if data.startswith(BINARY_BEGINNINGS) or b"\x00" in data:
        raise UnreadableError(_not_a_text())
    text = _in_first(data, "utf-8-sig", "cp1252", "latin-1")
    if sum(c < " " and c not in "\t\r\n" for c in text) > len(text) / 100:
        raise UnreadableError(_not_a_text())
    return text


def _in_first(data: bytes, *encodings: str) -> str:
    """The text in the first encoding that fits; Latin-1, the last, fits anything."""
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise UnreadableError(_not_a_text())


def _not_a_text() -> str:
    return _("This is not a text file. In your spreadsheet choose “Save as” and then CSV.")


def read_table(text: str) -> Table:
    """Cells of a pasted list or of a file, with the separator found out."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableError(_("The list is empty."))
    if len(text) > MAX_BYTES:
        raise UnreadableError(_("The list is longer than 2 MB. Split it into smaller ones."))
    table = _address_lines(text) or _columns(text)
    if len(table.rows) > MAX_ROWS:
        raise UnreadableError(
            ngettext(
                "A list may have %(limit)d row.", "A list may have %(limit)d rows; split this one.", MAX_ROWS
            )
            % {"limit": MAX_ROWS}
        )
    if table.width > MAX_COLUMNS:
        raise UnreadableError(_("The list has more than %(limit)d columns.") % {"limit": MAX_COLUMNS})
    if not table.rows:
        raise UnreadableError(_("The list has a heading but no customers below it."))
    return table


def _address_lines(text: str) -> Table | None:
    """`Name <mail>` or bare addresses, one or several a line; None where the lines are columns."""
    rows: list[list[str]] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found, rest = _named_addresses(line)
        bare = [part.strip("\"' ") for part in re.split(r"[,;\s]", rest) if part.strip("\"' ")]
        if not all("@" in part for part in bare):
            if not found and re.search(r"[,;\s|]", line.strip()):
                return None
            # A line that is no address: kept whole, so that it is reported with its number.
            found, bare = [], [line.strip()]
        found += [[part, ""] for part in bare]
        rows += found
        lines += [number] * len(found)
    if not any("@" in row[0] for row in rows):
        return None
    heading = rows[0][0].lower()
    if "@" not in heading and any(word in heading for word in ADDRESS_HEADINGS):
        return Table([rows[0][0]], rows[1:], lines[1:])
    return Table([], rows, lines)


def _named_addresses(line: str) -> tuple[list[list[str]], str]:
    """`Name <mail>` as often as it stands in the line, and what is left after the last."""
    found = []
    while "<" in line and ">" in line:
        before, _bracket, rest = line.partition("<")
        email, closed, after = rest.partition(">")
        if not closed:
            break
        found.append([email.strip(), before.strip("\t ,;\"'")])
        line = after
    return found, line


def _columns(text: str) -> Table:
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    while True:
        began = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnreadableError(
                _("Line %(line)d cannot be read: a quotation mark is opened and not closed.")
                % {"line": began}
            ) from error
        if row is None:
            break
        if any(cell.strip() for cell in row):
            rows.append([cell.strip(" \u00a0") for cell in row])
            lines.append(began)
        if len(rows) > MAX_ROWS + 1:
            break
    if rows and not any("@" in cell for cell in rows[0]):
        return Table(rows[0], rows[1:], lines[1:])
    return Table([], rows, lines)


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most even columns."""
    sample = "\n".join(text.split("\n")[:30])

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if row]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    best = max(";\t,|", key=score)
    return best if score(best) > (0, 0) else ","
