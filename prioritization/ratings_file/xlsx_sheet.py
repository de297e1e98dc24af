"""Rows of the first sheet of a workbook."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from prioritization.ratings_file.blocks import Block, RowBlock
from prioritization.ratings_file.faults import Faults, refuse
from prioritization.ratings_file.sheet import ROWS, Sheet, wrong_length


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
                wrong_length(faults, len(row), width, line)
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


def open_xlsx(path: Path) -> XlsxSheet:
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
