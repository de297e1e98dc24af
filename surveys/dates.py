"""Dates as spreadsheets write them."""

import re
from collections.abc import Sequence
from datetime import date

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ].*)?$")


def read_dates(cells: Sequence[str]) -> list[date | None]:
    """The dates of one column. 15/11/2025 and 11/15/2025 are told apart by the column as a whole.

    The day comes first unless some date of the column makes no sense so, and every one does the other way.
    """
    day_first = [_read(cell, day_first=True) for cell in cells]
    month_first = [_read(cell, day_first=False) for cell in cells]
    return month_first if month_first.count(None) < day_first.count(None) else day_first


def _read(cell: str, *, day_first: bool) -> date | None:
    if found := ISO.match(cell.strip()):
        year, month, day = (int(part) for part in found.groups())
    elif found := SHORT.match(cell.strip()):
        first, second, year = (int(part) for part in found.groups())
        day, month = (first, second) if day_first else (second, first)
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
