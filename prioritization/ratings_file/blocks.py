"""Cells of a block of rows, as ratings and as texts.

A block of a CSV without quotes is never cut into Python strings: separators are found in the bytes, and
ratings, which are one or two characters, are looked up by them. Anything unusual (quotes, a row of
another length, a blank line) goes the slow way, cell by cell, with the same result.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from prioritization.analysis.ratings import Ints

NONE, NOT_EXPERIENCED, ODD = -1, -2, -3
# Cells longer than this are kept as separate strings, not in a rectangle of bytes.
WIDEST = 64

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
    """Those columns, without a copy where they stand side by side or at even distances."""
    step = columns[1] - columns[0] if len(columns) > 1 else 1
    if step > 0 and list(columns) == list(range(columns[0], columns[-1] + 1, step)):
        return array[:, columns[0] : columns[-1] + 1 : step]
    return array[:, list(columns)]
