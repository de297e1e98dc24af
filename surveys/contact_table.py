"""From bytes or pasted text to cells: files of any maker, any usual separator. Pure: no database."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap.faults import FileFaultError
from cyclemap.sheets import (
    MAX_UNPACKED,
    MEGABYTE,
    check_archive,
    from_text,
    is_workbook,
    sheet_rows,
    too_much,
)

# What is read while somebody waits: about a second of work. The rest is read by a worker.
QUICK_BYTES = 2 * MEGABYTE
QUICK_ROWS = 20_000
MAX_BYTES = 20 * MEGABYTE
MAX_ROWS = 200_000
MAX_COLUMNS = 60
# A heading becomes the name of an attribute.
MAX_HEADING = 60
# A workbook may claim a million rows with nothing in them.
MAX_BLANK = 10_000
# Nobody pastes so many addresses in one line, and no row has so many separators.
MAX_LINE = 20_000
MAX_SEPARATORS = 2_000
SAMPLE = 100_000
TELL_EVERY = 500

# A list of addresses may have one of these above it.
ADDRESS_HEADINGS = ("mail", "correo")

# What could add a header to a mail or turn a line around: C0, DEL, C1, line and paragraph
# separators, the marks that reverse the direction of reading, halves of characters.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Told = Callable[[int], None]


class UnreadableError(ValueError):
    """The whole list cannot be read; the message is a sentence for the person who gave it."""


class TooLongError(UnreadableError):
    """More rows than asked for: a worker may still take it."""


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


def is_quick(data: bytes) -> bool:
    """Whether a request may read it. Raises UnreadableError where a workbook is hostile."""
    if not is_workbook(data):
        return len(data) <= QUICK_BYTES
    try:
        return check_archive(data) <= 2 * QUICK_BYTES
    except FileFaultError as error:
        raise UnreadableError(" ".join(error.lines())) from error


def decode(data: bytes, told: Told | None = None) -> str:
    """The text of an uploaded file, or the first sheet of a workbook as CSV.

    Lines stay those of the file. `told` hears now and then how many rows of a workbook have been read.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(too_large())
    try:
        return _from_workbook(data, told) if is_workbook(data) else from_text(data)
    except FileFaultError as error:
        raise UnreadableError(" ".join(error.lines())) from error


def too_large() -> str:
    return _("The file is larger than %(limit)d MB. Split it into smaller files.") % {
        "limit": MAX_BYTES // MEGABYTE
    }


def _from_workbook(data: bytes, told: Told | None) -> str:
    check_archive(data)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    blank = 0
    try:
        for number, row in enumerate(sheet_rows(data, MAX_COLUMNS), 1):
            if told and not number % TELL_EVERY:
                told(number)
            while row and not row[-1]:
                row.pop()
            blank = 0 if row else blank + 1
            writer.writerow(row)
            if out.tell() > MAX_UNPACKED or blank > MAX_BLANK or number > MAX_ROWS + MAX_BLANK:
                raise UnreadableError(too_much())
    except (MemoryError, RecursionError) as error:
        raise UnreadableError(too_much()) from error
    if not out.getvalue().strip():
        raise UnreadableError(_("The list is empty."))
    return out.getvalue()


def read_table(text: str, most: int = MAX_ROWS) -> Table:
    """Cells of a pasted list or of a file, with the separator found out."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableError(_("The list is empty."))
    table = _address_lines(text) or _columns(text, most)
    if len(table.rows) > most:
        raise TooLongError(
            ngettext(
                "A list may have %(limit)d row.", "A list may have %(limit)d rows; split this one.", most
            )
            % {"limit": most}
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
        # A line that nobody pasted is not taken apart.
        found, rest = _named_addresses(line) if len(line) <= MAX_LINE else ([], "?")
        bare = [part.strip("\"' ") for part in re.split(r"[,;\s]", rest) if part.strip("\"' ")]
        if not all("@" in part for part in bare):
            if not found and re.search(r"[,;\s|]", line[:MAX_LINE].strip()):
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


def _columns(text: str, most: int) -> Table:
    separator = _separator(text)
    if any(line.count(separator) > MAX_SEPARATORS for line in text.split("\n") if len(line) > MAX_SEPARATORS):
        raise UnreadableError(_("The list has more than %(limit)d columns.") % {"limit": MAX_COLUMNS})
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    while True:
        began = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnreadableError(_unread(text) % {"line": began}) from error
        if row is None:
            break
        if any(cell.strip() for cell in row):
            rows.append([cell.strip(" \u00a0") for cell in row])
            lines.append(began)
        if len(rows) > most + 1:
            break
    if rows and not any("@" in cell for cell in rows[0]):
        header = [CONTROL.sub(" ", name).strip()[:MAX_HEADING] for name in rows[0]]
        return Table(header, rows[1:], lines[1:])
    return Table([], rows, lines)


def _unread(text: str) -> str:
    if '"' in text:
        return _("Line %(line)d cannot be read: a quotation mark is opened and not closed.")
    return _("Line %(line)d cannot be read: one of its cells is longer than a table needs.")


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most even columns."""
    sample = "\n".join(text[:SAMPLE].split("\n")[:30])

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if row]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    best = max(";\t,|", key=score)
    return best if score(best) > (0, 0) else ","
