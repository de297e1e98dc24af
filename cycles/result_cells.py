"""What people write for a period and for a value, in a form or in a cell of a table."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from cycles.agreements import period_name
from cycles.choices import Every
from cycles.exchange.columns import CellError, folded

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "enero ene january jan",
            "febrero feb february",
            "marzo mar march",
            "abril abr april apr",
            "mayo may",
            "junio jun june",
            "julio jul july",
            "agosto ago august aug",
            "septiembre setiembre sep sept set september",
            "octubre oct october",
            "noviembre nov november",
            "diciembre dic december dec",
        ],
        1,
    )
    for name in names.split()
}
EARLIEST = 2000
MOST = Decimal("9999999999")


def period_of(cell: str, every: str, today: date) -> date:
    """The first day of the period. CellError: not to be read, too early, or not begun yet."""
    day = day_of(cell.strip(), every)
    if day is None:
        raise CellError(
            _("write the month, as 2026-03 or 03/2026")
            if every == Every.MONTH
            else _("write the day, as 2026-03-15 or 15/03/2026")
        )
    if day.year < EARLIEST:
        raise CellError(_("nothing before the year %d is kept") % EARLIEST)
    day = day.replace(day=1) if every == Every.MONTH else day
    if day > today:
        raise CellError(_("%(period)s has not begun yet") % {"period": period_name(day, every)})
    return day


def day_of(text: str, every: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    for pattern, names in SPELLINGS:
        if match := re.fullmatch(pattern, text):
            said = dict(zip(names, map(int, match.groups()), strict=True))
            return made(said, every)
    words = folded(text.replace(".", " ").replace("-", " ").replace("/", " ")).split()
    words = [word for word in words if word not in ("de", "del", "of")]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 4]
    if len(months) == 1 and len(words) == len(numbers) + 1 and numbers:
        year, *rest = sorted(numbers, reverse=True) if max(numbers) > 31 else numbers[::-1]
        if len(rest) <= 1 and (rest or every == Every.MONTH):
            return made({"y": year, "m": months[0], "d": rest[0] if rest else 1}, every)
    return None


# 2026-03, 2026/3, 03/2026, 3-2026, 15/03/2026, 2026/03/15.
SPELLINGS = (
    (r"(\d{4})[-/.](\d{1,2})", ("y", "m")),
    (r"(\d{1,2})[-/.](\d{4})", ("m", "y")),
    (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", ("d", "m", "y")),
    (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", ("y", "m", "d")),
)


def made(said: dict[str, int], every: str) -> date | None:
    """A month alone says no day, so it is none for what is measured every day."""
    if "d" not in said and every == Every.DAY:
        return None
    year = said["y"] + 2000 if said["y"] < 100 else said["y"]
    try:
        return date(year, said["m"], said.get("d", 1))
    except ValueError:
        return None


def value_of(cell: str) -> Decimal:
    """4.5, 4,5, 1.234,5, 1,234.5, 92 %; CellError where it is no number."""
    text = cell.strip().replace("\N{MINUS SIGN}", "-").removesuffix("%").strip()
    text = re.sub(r"[\s\u00a0\u202f']", "", text)
    if not re.fullmatch(r"-?[0-9][0-9.,]*", text):
        raise CellError(_("a number is expected"))
    last = max(text.rfind("."), text.rfind(","))
    marks = {mark for mark in ".," if mark in text}
    if len(marks) == 2:
        if text.count(text[last]) > 1:
            raise CellError(_("a number is expected"))
        whole, part = re.sub(r"[.,]", "", text[:last]), text[last + 1 :]
    elif marks and text.count(next(iter(marks))) > 1:
        if not re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", text):
            raise CellError(_("a number is expected"))
        whole, part = re.sub(r"[.,]", "", text), ""
    else:
        whole, part = (text[:last], text[last + 1 :]) if last >= 0 else (text, "")
    try:
        value = Decimal(f"{whole}.{part or 0}")
    except InvalidOperation as error:
        raise CellError(_("a number is expected")) from error
    if abs(value) > MOST:
        raise CellError(_("the number is too large"))
    return value.quantize(Decimal("0.0001"))
