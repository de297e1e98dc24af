"""What is written into a cell: numbers as numbers, days as days, and a text never as a formula."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cyclemap.sheets import FORMULA_STARTS

MOST = 32_000  # letters a cell holds
SURROGATES = re.compile("[\ud800-\udfff]")

Value = str | int | float | Decimal | date | datetime | bool | None


def put(cell: Any, value: Value, number_format: str = "") -> None:
    """A text is stored as a text, whatever it begins with; the apostrophe makes a program that reads the file
    by its looks keep it one."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        cell.value = int(value)
    elif isinstance(value, str):
        text = SURROGATES.sub("", ILLEGAL_CHARACTERS_RE.sub("", value))[:MOST]
        cell.value = text
        # openpyxl takes what begins with "=" for a formula; what we are given is never one.
        cell.data_type = "s"
        if text.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
    elif isinstance(value, datetime):
        # A workbook knows no zones: the hour of the house.
        cell.value = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    else:
        cell.value = value
    if number_format:
        cell.number_format = number_format
