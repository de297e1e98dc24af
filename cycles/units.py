"""A figure and the unit that somebody typed for it."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MINUS = "\N{MINUS SIGN}"
# Of the units typed most, in both languages: of one, and of any other number. The rest stays as typed.
PLURALS = {
    "second": "seconds",
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
    "working day": "working days",
    "business day": "business days",
    "week": "weeks",
    "month": "months",
    "segundo": "segundos",
    "minuto": "minutos",
    "hora": "horas",
    "día": "días",
    "día hábil": "días hábiles",
    "día laborable": "días laborables",
    "semana": "semanas",
    "mes": "meses",
}
SINGULARS = {many: one for one, many in PLURALS.items()}


def figure(value: Decimal | None) -> str:
    """As the reader's language writes it, without zeros that say nothing."""
    if value is None:
        return "–"
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return number_format(text).replace("-", MINUS) if text not in ("-0", "") else "0"


def with_unit(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "%":
        return _("%(n)s%%") % {"n": figure(value)}
    unit = (SINGULARS if value == 1 else PLURALS).get(unit, unit)
    return f"{figure(value)} {unit}".rstrip()
