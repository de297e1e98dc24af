"""One tab of the workbook: a head that stays, filters, widths, and rows of cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from cyclemap.svg import INK, LINE
from prioritization.sheet.cells import Value, put

INTEGER, TWO, SHARE, DAY, MONEY = "0", "0.00", "0%", "yyyy-mm-dd", "#,##0.00"
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
NAME_LENGTH = 31


@dataclass(frozen=True)
class Column:
    """`says` is what the tab of definitions says of it."""

    name: str
    width: float = 14
    number_format: str = ""
    says: str = ""
    wrap: bool = False


@dataclass(frozen=True)
class Tab:
    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    # So many columns stay in view when one scrolls to the right.
    fixed: int = 2


def write(book: Workbook, tab: Tab, colour: str) -> Any:
    sheet = book.create_sheet(title_of(book, tab.name))
    sheet.sheet_properties.tabColor = colour
    for number, column in enumerate(tab.columns, 1):
        head = sheet.cell(1, number)
        put(head, column.name)
        head.font = Font(bold=True, color=INK[1:])
        head.fill = PatternFill("solid", fgColor="F1F3EE")
        head.alignment = Alignment(wrap_text=True, vertical="bottom")
        head.border = Border(bottom=Side("thin", color=LINE[1:]))
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for r, row in enumerate(tab.rows, 2):
        for c, (value, column) in enumerate(zip(row, tab.columns, strict=True), 1):
            cell = sheet.cell(r, c)
            put(cell, value, "" if isinstance(value, str) else column.number_format)
            if column.wrap:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = sheet.cell(2, tab.fixed + 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(tab.columns))}{max(len(tab.rows) + 1, 2)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    return sheet


def title_of(book: Workbook, name: str) -> str:
    """What a tab may be called, and nobody else is."""
    short = name.translate(FORBIDDEN).strip("' ")[:NAME_LENGTH] or "-"
    taken = {title.casefold() for title in book.sheetnames}
    number = 2
    found = short
    while found.casefold() in taken:
        found = f"{short[: NAME_LENGTH - 3]} {number}"
        number += 1
    return found


def rounded(value: float | None) -> float | None:
    """Six decimals: what floats differ in on another machine is not part of the file."""
    return None if value is None else round(float(value), 6) + 0.0


def joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)
