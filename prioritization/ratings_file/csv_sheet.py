"""Rows of a CSV file, in bytes as long as nothing is unusual."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from django.utils.translation import gettext as _

from prioritization.ratings_file.blocks import Block, ByteBlock, RowBlock
from prioritization.ratings_file.faults import Faults, refuse
from prioritization.ratings_file.sheet import ROWS, Sheet, wrong_length

CHUNK = 2 << 20
LONGEST_HEADER = 1 << 20
BOM = b"\xef\xbb\xbf"


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
                        csv.reader(StringIO(chunk.decode(), newline=""), delimiter=self.delimiter), line
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
        finally:
            text.detach()

    def _rows(self, reader: Any, first_line: int) -> Iterator[Block]:
        faults, width = Faults(), len(self.header)
        rows: list[list[str]] = []
        lines: list[int] = []
        before = 0
        for row in _parsed(reader, first_line):
            line, before = first_line + before, reader.line_num
            if not row or not any(cell.strip() for cell in row):
                self.blank += 1
            elif len(row) != width:
                wrong_length(faults, len(row), width, line)
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


def _parsed(reader: Any, first_line: int) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise refuse(_("this is not a CSV file: %s") % error, first_line + reader.line_num - 1) from error


def open_csv(path: Path) -> CsvSheet:
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
