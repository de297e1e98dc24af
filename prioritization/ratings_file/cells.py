"""The cells of a CSV or XLSX file, a block of rows at a time.

A block of a CSV without quotes is never cut into Python strings: separators are found in the bytes, and
ratings, which are one or two characters, are looked up by them. Anything unusual (quotes, a row of
another length, a blank line) goes the slow way, cell by cell, with the same result.
"""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from prioritization.analysis.ratings import Ints
from prioritization.ratings_file.faults import Faults, refuse

NONE, NOT_EXPERIENCED, ODD = -1, -2, -3
CHUNK = 2 << 20
ROWS = 20_000
WIDEST = 64
LONGEST_HEADER = 1 << 20
BOM = b"\xef\xbb\xbf"

Codes = NDArray[np.int16]
Texts = NDArray[Any]


def _lookup() -> Codes:
    """Value of a cell by its first two bytes (second 0 when there is one): rating, NONE, NE, or ODD."""
    table = np.full(1 << 16, ODD, dtype=np.int16)
    table[0] = NONE
    for digit in range(10):
        table[48 + digit] = digit
    for number in range(10, 100):
        tens, ones = divmod(number, 10)
        table[48 + tens + (48 + ones << 8)] = number
    table[ord("N") + (ord("E") << 8)] = NOT_EXPERIENCED
    return table


LOOKUP = _lookup()
BYTES_OF = np.array([0, 0xFF, 0xFFFF], dtype=np.uint16)


def code_of(text: str) -> int:
    """A rating as written by people and spreadsheets: `4`, ` 4`, `4.0`, `ne`; ODD for anything else."""
    text = text.strip()
    if not text:
        return NONE
    if text.upper() == "NE":
        return NOT_EXPERIENCED
    whole, _dot, rest = text.partition(".")
    if whole.isascii() and whole.isdigit() and not rest.strip("0") and len(whole) <= 4:
        return int(whole)
    return ODD


class Block(Protocol):
    """Rows of cells. `lines` (rows,) are their numbers in the file."""

    lines: Ints

    def __len__(self) -> int: ...

    def codes(self, columns: Sequence[int]) -> Codes:
        """(rows, columns) ratings, NONE, NOT_EXPERIENCED or ODD."""
        ...

    def texts(self, column: int) -> Texts:
        """(rows,) the cells as bytes, without blanks around."""
        ...


class ByteBlock:
    """Rows found in bytes: where each cell starts and how long it is, (rows, columns)."""

    def __init__(self, data: NDArray[np.uint8], starts: Ints, lengths: Ints, first_line: int) -> None:
        self.data, self.starts, self.lengths = data, starts, lengths
        self.lines: Ints = first_line + np.arange(len(starts))
        self.pairs = data.astype(np.uint16)
        self.pairs[:-1] |= self.pairs[1:] << 8

    def __len__(self) -> int:
        return len(self.starts)

    def codes(self, columns: Sequence[int]) -> Codes:
        length = _across(self.lengths, columns)
        # Two bytes at once; of a cell of one or none the bytes that are not its own are masked away.
        key = self.pairs[_across(self.starts, columns)]
        key &= BYTES_OF[np.minimum(length, 2)]
        found = LOOKUP[key]
        found[length > 2] = ODD
        odd = np.argwhere(found == ODD)
        known: dict[bytes, int] = {}
        for row, place in odd.tolist():
            cell = self._cell(row, columns[place])
            if cell not in known:
                known[cell] = code_of(cell.decode())
            found[row, place] = known[cell]
        return found

    def texts(self, column: int) -> Texts:
        first, length = self.starts[:, column], self.lengths[:, column]
        widest = max(1, int(length.max(initial=0)))
        if widest > WIDEST:
            return np.array([self._cell(row, column).strip() for row in range(len(self))], dtype=object)
        at = np.minimum(first[:, None] + np.arange(widest), self.data.size - 1)
        cells = np.where(np.arange(widest) < length[:, None], self.data[at], 0).astype(np.uint8)
        texts = np.ascontiguousarray(cells).view(f"S{widest}").ravel()
        blank = (cells[:, 0] <= 32) & (length > 0)
        last = cells[np.arange(len(cells)), np.maximum(length - 1, 0)]
        if blank.any() or ((last <= 32) & (length > 0)).any():
            texts = np.char.strip(texts)
        return texts

    def _cell(self, row: int, column: int) -> bytes:
        start = self.starts[row, column]
        return bytes(self.data[start : start + self.lengths[row, column]])


class RowBlock:
    """Rows as lists of text."""

    def __init__(self, rows: list[list[str]], lines: list[int]) -> None:
        self.rows = rows
        self.lines: Ints = np.array(lines, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def codes(self, columns: Sequence[int]) -> Codes:
        known: dict[str, int] = {}

        def code(text: str) -> int:
            found = known.get(text)
            if found is None:
                found = known[text] = code_of(text)
            return found

        flat = [code(row[column]) for row in self.rows for column in columns]
        return np.array(flat, dtype=np.int16).reshape(len(self.rows), len(columns))

    def texts(self, column: int) -> Texts:
        cells = [row[column].strip().encode() for row in self.rows]
        widest = max((len(cell) for cell in cells), default=1)
        return np.array(cells, dtype=object if widest > WIDEST else f"S{max(1, widest)}")


def _across(array: Ints, columns: Sequence[int]) -> Ints:
    """Those columns, without a copy where they stand side by side."""
    low, high = min(columns), max(columns)
    if list(columns) == list(range(low, high + 1)):
        return array[:, low : high + 1]
    return array[:, list(columns)]


@dataclass
class Sheet:
    """A file being read: its header, then its blocks, once. `blank` counts the lines left out."""

    path: Path
    header: list[str]
    comma: bool
    blank: int = 0
    header_line: int = 1

    def blocks(self) -> Iterator[Block]:
        raise NotImplementedError


@dataclass
class CsvSheet(Sheet):
    delimiter: str = ","
    start: int = 0

    def blocks(self) -> Iterator[Block]:
        """Blocks from the first row after the header. FileFaultError: not UTF-8, rows of another length."""
        self.blank = 0
        line, rest = self.header_line + 1, b""
        with self.path.open("rb") as file:
            file.seek(self.start)
            offset = self.start
            while True:
                more = file.read(CHUNK)
                data = rest + more
                if not data:
                    return
                if b'"' in data or (b"\r" in data and b"\n" not in data):
                    file.seek(offset)
                    yield from self._slow(file, line)
                    return
                if not more:
                    kept = data.rstrip(b"\r\n")
                    self.blank += max(0, data.count(b"\n", len(kept)) - 1) if kept else data.count(b"\n")
                    data = kept
                    if not data:
                        return
                end = len(data) if not more else data.rfind(b"\n") + 1
                rest = data[end:]
                if end == 0:
                    if len(rest) > 16 * CHUNK:
                        raise refuse(_("a line of more than 64 million characters"), line)
                    continue
                offset += end
                chunk = data[:end] if data[end - 1 : end] == b"\n" else data[:end] + b"\n"
                _check_text(chunk, line)
                block = self._fast(chunk, line)
                if block is None:
                    yield from self._rows(
                        csv.reader(StringIO(chunk.decode()), delimiter=self.delimiter), line
                    )
                else:
                    yield block
                line += chunk.count(b"\n")

    def _fast(self, chunk: bytes, line: int) -> ByteBlock | None:
        """None when a row has another number of cells than the header."""
        data = np.frombuffer(chunk, dtype=np.uint8)
        ends = np.flatnonzero((data == ord(self.delimiter)) | (data == 10))
        width = len(self.header)
        if ends.size % width:
            return None
        is_line = (data[ends] == 10).reshape(-1, width)
        if not is_line[:, -1].all() or is_line[:, :-1].any():
            return None
        starts = np.concatenate([[0], ends[:-1] + 1]).reshape(-1, width)
        lengths = ends.reshape(-1, width) - starts
        before_end = data[np.maximum(ends[width - 1 :: width] - 1, 0)]
        lengths[:, -1] -= (before_end == 13) & (lengths[:, -1] > 0)
        if width == 1 and (lengths == 0).any():
            return None
        return ByteBlock(data, starts, lengths, line)

    def _slow(self, file: BinaryIO, line: int) -> Iterator[Block]:
        """The rest of the file through the csv module, which knows quotes."""
        text = TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield from self._rows(csv.reader(text, delimiter=self.delimiter), line)
        except UnicodeDecodeError as error:
            raise refuse(_not_utf8(error.object[error.start])) from error
        except csv.Error as error:
            raise refuse(_("this is not a CSV file: %s") % error) from error
        finally:
            text.detach()

    def _rows(self, reader: Any, first_line: int) -> Iterator[Block]:
        faults, width = Faults(), len(self.header)
        rows: list[list[str]] = []
        lines: list[int] = []
        before = 0
        for row in reader:
            line, before = first_line + before, reader.line_num
            if not row or not any(cell.strip() for cell in row):
                self.blank += 1
            elif len(row) != width:
                faults.add(
                    _("%(found)d cells; expected %(expected)d, as many as the header has")
                    % {"found": len(row), "expected": width},
                    line,
                )
            else:
                rows.append(row)
                lines.append(line)
                if len(rows) == ROWS:
                    faults.check()
                    yield RowBlock(rows, lines)
                    rows, lines = [], []
        faults.check()
        if rows:
            yield RowBlock(rows, lines)


@dataclass
class XlsxSheet(Sheet):
    def blocks(self) -> Iterator[Block]:
        self.blank = 0
        faults, width = Faults(), len(self.header)
        rows: list[list[str]] = []
        lines: list[int] = []
        for line, values in enumerate(_xlsx_rows(self.path), start=1):
            if line == 1:
                continue
            row = [_as_text(value) for value in values]
            while len(row) > width and not row[-1]:
                row.pop()
            row += [""] * (width - len(row))
            if not any(row):
                self.blank += 1
                continue
            if len(row) > width:
                faults.add(
                    _("%(found)d cells; expected %(expected)d, as many as the header has")
                    % {"found": len(row), "expected": width},
                    line,
                )
                continue
            rows.append(row)
            lines.append(line)
            if len(rows) == ROWS:
                faults.check()
                yield RowBlock(rows, lines)
                rows, lines = [], []
        faults.check()
        if rows:
            yield RowBlock(rows, lines)


def open_sheet(path: Path) -> Sheet:
    """By its first bytes a workbook or a CSV. FileFaultError: missing, empty, not UTF-8, no header."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise refuse(_("the file cannot be read: %s") % (error.strerror or error)) from error
    if not magic:
        raise refuse(_("the file is empty"))
    return _open_xlsx(path) if magic == b"PK\x03\x04" else _open_csv(path)


def _open_xlsx(path: Path) -> XlsxSheet:
    first = next(iter(_xlsx_rows(path)), None)
    header = [_as_text(value) for value in first or ()]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise refuse(_("the file is empty"))
    return XlsxSheet(path, header, comma=False)


def _xlsx_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise refuse(_("this is not a workbook that can be read: %s") % error) from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _open_csv(path: Path) -> CsvSheet:
    with path.open("rb") as file:
        head = file.read(LONGEST_HEADER)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse(_("the file is written in UTF-16; save it as UTF-8"), 1)
    used = len(BOM) if head.startswith(BOM) else 0
    lines = head[used:].split(b"\n")
    blank = 0
    while lines and not lines[0].strip():
        used += len(lines.pop(0)) + 1
        blank += 1
    if not lines:
        raise refuse(_("the file is empty"))
    delimiter = max(",;\t", key=lambda char: lines[0].count(char.encode()))
    # A quoted name may hold a line end: physical lines are taken until the quotes are closed.
    count = 1
    while count < len(lines) and b"\n".join(lines[:count]).count(b'"') % 2:
        count += 1
    first = b"\n".join(lines[:count])
    _check_text(first, blank + 1)
    try:
        header = next(csv.reader(StringIO(first.decode(), newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise refuse(_("this is not a CSV file: %s") % error, blank + 1) from error
    return CsvSheet(
        path,
        [name.strip() for name in header],
        comma=delimiter == ";",
        delimiter=delimiter,
        start=used + len(first) + 1,
        header_line=blank + count,
    )


def _check_text(chunk: bytes, line: int) -> None:
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(_not_utf8(chunk[error.start]), line + chunk.count(b"\n", 0, error.start)) from error
    if b"\0" in chunk:
        where = chunk.index(b"\0")
        raise refuse(_("a zero byte: this is not a text file"), line + chunk.count(b"\n", 0, where))


def _not_utf8(byte: int) -> str:
    return _("byte 0x%02X is not UTF-8; save the file as UTF-8") % byte
