"""From cells to recipients: what each column holds, which rows can be used, why the others cannot.

Pure: no database. surveys/contact_table.py reads the cells, surveys/contact_import.py writes the customers.
"""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cyclemap.text import bare_letters
from surveys.contact_table import CONTROL, Table, UnreadableError
from surveys.dates import read_dates
from surveys.models import Why
from surveys.suppression import Barred

MAX_LENGTH = 120
MAX_EMAIL = 254


class Column(models.TextChoices):
    EMAIL = "email", pgettext_lazy("column of a contact file", "E-mail")
    NAME = "name", pgettext_lazy("column of a contact file", "Name")
    LANGUAGE = "language", pgettext_lazy("column of a contact file", "Language")
    SERVICE_ON = "service_on", pgettext_lazy("column of a contact file", "Date of the service")
    EXTERNAL_ID = "external_id", pgettext_lazy("column of a contact file", "External id")
    SEGMENT = "segment", pgettext_lazy("column of a contact file", "Segment")
    OPTED_OUT = "opted_out", pgettext_lazy("column of a contact file", "Opted out")
    IGNORE = "ignore", pgettext_lazy("column of a contact file", "Do not import")


# Words of a heading, without accents and in small letters, that tell what the column holds.
HEADINGS = {
    Column.EMAIL: {
        "email",
        "e-mail",
        "mail",
        "correo",
        "correo electronico",
        "email address",
        "direccion de correo",
    },
    Column.NAME: {
        "name",
        "nombre",
        "full name",
        "first name",
        "nombre completo",
        "cliente",
        "customer",
        "contacto",
    },
    Column.LANGUAGE: {"language", "lang", "idioma", "lengua", "locale"},
    Column.SERVICE_ON: {
        "date",
        "fecha",
        "service date",
        "service_on",
        "date of the service",
        "purchase date",
        "visit date",
    },
    Column.EXTERNAL_ID: {
        "id",
        "external id",
        "customer id",
        "client id",
        "codigo",
        "code",
        "numero de cliente",
        "referencia",
    },
    Column.OPTED_OUT: {
        "baja",
        "dado de baja",
        "no contactar",
        "no molestar",
        "no enviar",
        "lista robinson",
        "opt out",
        "opt-out",
        "opted out",
        "unsubscribed",
        "do not contact",
        "do not mail",
        "do not e-mail",
        "do not email",
    },
}
# What a cell of that column holds where the customer has not opted out; whatever else stands there counts.
NOT_OPTED_OUT = {"", "no", "n", "0", "false", "falso", "-", "–"}
BEGINNINGS = {Column.SERVICE_ON: ("fecha ", "date "), Column.EMAIL: ("correo ", "e-mail ", "email ")}
LANGUAGES = {
    "es": "es", "espanol": "es", "castellano": "es", "spanish": "es",
    "en": "en", "ingles": "en", "english": "en",
    "pt": "pt", "portugues": "pt", "portuguese": "pt",
    "fr": "fr", "frances": "fr", "french": "fr", "francais": "fr",
    "de": "de", "aleman": "de", "german": "de", "deutsch": "de",
    "it": "it", "italiano": "it", "italian": "it",
    "ca": "ca", "catalan": "ca", "catala": "ca",
    "eu": "eu", "euskera": "eu", "basque": "eu",
    "gl": "gl", "gallego": "gl", "galego": "gl", "galician": "gl",
}  # fmt: skip
# A survey may be translated into any of them.
KNOWN_CODES = {code for code in LANG_INFO if len(code) == 2}


@dataclass(frozen=True)
class Recipient:
    """One customer read from a list, ready to be written."""

    line: int
    email: str
    name: str = ""
    language: str = ""
    external_id: str = ""
    service_on: date | None = None
    segments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Why a line is left out, or what of it is (`kept`: the customer is taken all the same)."""

    line: int
    value: str
    reason: str
    kept: bool = False


@dataclass(frozen=True)
class SortedOut:
    recipients: list[Recipient]
    faults: list[Fault]
    duplicates: list[Fault]
    opted_out: list[Fault]
    # Addresses of whom the list itself says so.
    said_out: list[str] = field(default_factory=list)

    @property
    def unusable(self) -> list[Fault]:
        return [fault for fault in self.faults if not fault.kept]

    @property
    def left_out(self) -> list[Fault]:
        out = self.unusable + self.duplicates + self.opted_out
        return sorted(out, key=lambda fault: fault.line)

    @property
    def remarks(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.kept]


def plain(text: str) -> str:
    """Small letters, no accents, single spaces: how headings are compared."""
    return " ".join(bare_letters(text.replace("_", " ")).split())


def guess_heading(heading: str) -> Column | None:
    words = plain(heading)
    for column, known in HEADINGS.items():
        if words in known or words.startswith(BEGINNINGS.get(column, ("\x00",))):
            return column
    return None


def guess_mapping(table: Table) -> list[Column]:
    """What each column holds, from its heading in Spanish or English, else from what is in it."""
    mapping: list[Column] = []
    for index in range(table.width):
        guess = guess_heading(table.header[index]) if index < len(table.header) else None
        if guess is None or guess in mapping:
            guess = _guess_content(table, index, mapping)
        mapping.append(guess)
    if Column.EMAIL not in mapping:
        at = [sum("@" in cell for cell in table.column(index)[:200]) for index in range(table.width)]
        if any(at):
            mapping[at.index(max(at))] = Column.EMAIL
    return mapping


def _guess_content(table: Table, index: int, taken: Sequence[Column]) -> Column:
    cells = [cell for cell in table.column(index)[:500] if cell]
    if Column.EMAIL not in taken and cells and sum("@" in cell for cell in cells) > len(cells) / 2:
        return Column.EMAIL
    if not table.header and Column.NAME not in taken and any(not cell.isdigit() for cell in cells):
        return Column.NAME
    # A few values that come again and again are a segment; anything else is not asked for.
    different = len(set(cells))
    few = bool(cells) and different <= 20 and (different <= len(cells) / 2 or len(cells) < 6)
    return (
        Column.SEGMENT if few and table.header and not any("@" in cell for cell in cells) else Column.IGNORE
    )


def sort_out(table: Table, mapping: Sequence[str], opted_out: Container[str] = frozenset()) -> SortedOut:
    """Rows that can be used, and for the others a sentence with the number of the line.

    `opted_out` holds addresses in small letters: whoever may not be written to.
    """
    if Column.EMAIL not in mapping:
        raise UnreadableError(_("Say which column holds the e-mail address."))
    result = SortedOut([], [], [], [])
    dates: dict[int, Sequence[date | None]] = {
        index: read_dates(table.column(index))
        for index, column in enumerate(mapping)
        if column == Column.SERVICE_ON
    }
    seen: dict[str, int] = {}
    for number, (line, cells) in enumerate(zip(table.lines, table.rows, strict=True)):
        row = _Row(line, cells, mapping, {index: column[number] for index, column in dates.items()})
        reason = row.refusal()
        email = row.email
        if reason:
            result.faults.append(Fault(line, email or " ".join(cells)[:80], reason))
        elif row.says_out:
            result.opted_out.append(Fault(line, email, _("The list says that they opted out.")))
            result.said_out.append(email)
        elif email in opted_out:
            result.opted_out.append(Fault(line, email, _why_barred(opted_out, email)))
        elif email in seen:
            result.duplicates.append(
                Fault(line, email, _("Already in line %(line)d.") % {"line": seen[email]})
            )
        else:
            seen[email] = line
            result.recipients.append(row.recipient(table))
            result.faults.extend(row.remarks())
    gone = set(result.said_out)
    if gone & seen.keys():  # said in a later line of the same list
        result.recipients[:] = [one for one in result.recipients if one.email not in gone]
    return result


def _why_barred(barred: Container[str], email: str) -> str:
    if isinstance(barred, Barred) and barred.why(email) is Why.BOUNCED:
        return _("Earlier mail to this address came back.")
    return _("Asked for no more mail.")


class _Row:
    """One line's cells, by what they hold."""

    def __init__(
        self, line: int, cells: Sequence[str], mapping: Sequence[str], dates: dict[int, date | None]
    ) -> None:
        self.line, self.dates = line, dates
        self.cells = [
            (index, column, cells[index]) for index, column in enumerate(mapping) if index < len(cells)
        ]
        self.email = self.first(Column.EMAIL).lower()

    def first(self, column: Column) -> str:
        return next((cell for _index, held, cell in self.cells if held == column and cell), "")

    @property
    def says_out(self) -> bool:
        return plain(self.first(Column.OPTED_OUT)) not in NOT_OPTED_OUT

    def used(self) -> Iterable[tuple[int, str, str]]:
        return (entry for entry in self.cells if entry[1] != Column.IGNORE)

    def refusal(self) -> str:
        """Why the line cannot be used; empty if it can."""
        if any(CONTROL.search(cell) for _index, _column, cell in self.used()):
            return _("It holds a line break or another invisible character.")
        if not self.email:
            return _("No e-mail address.")
        try:
            validate_email(self.email)
        except ValidationError:
            return _("This is not an e-mail address.")
        if len(self.email) > MAX_EMAIL:
            return _("The address is longer than %(limit)d characters.") % {"limit": MAX_EMAIL}
        if any(len(cell) > MAX_LENGTH for _index, column, cell in self.used() if column != Column.EMAIL):
            return _("A field is longer than %(limit)d characters.") % {"limit": MAX_LENGTH}
        return ""

    def recipient(self, table: Table) -> Recipient:
        segments = {
            table.heading(index): cell
            for index, column, cell in self.cells
            if column == Column.SEGMENT and cell
        }
        return Recipient(
            line=self.line,
            email=self.email,
            name=self.first(Column.NAME),
            language=read_language(self.first(Column.LANGUAGE)),
            external_id=self.first(Column.EXTERNAL_ID),
            service_on=next((day for day in self.dates.values() if day), None),
            segments=segments,
        )

    def remarks(self) -> list[Fault]:
        """What of a good line could not be understood."""
        found = []
        language = self.first(Column.LANGUAGE)
        if language and not read_language(language):
            reason = _("“%(language)s” is not a language; that of the survey is used.") % {
                "language": language
            }
            found.append(Fault(self.line, self.email, reason, kept=True))
        written = self.first(Column.SERVICE_ON)
        if written and not any(self.dates.values()):
            reason = _("“%(date)s” is not a date; the customer is taken without it.") % {"date": written}
            found.append(Fault(self.line, self.email, reason, kept=True))
        return found


def read_language(text: str) -> str:
    """The code of a language from a word, a code or a locale; empty where there is no such language."""
    words = plain(text[:MAX_LENGTH])
    first = re.split(r"[- ]", words)[0]
    return LANGUAGES.get(words) or LANGUAGES.get(first) or (first if first in KNOWN_CODES else "")
