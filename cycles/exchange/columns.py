"""What a column of a table of moments may hold, by which headings it is known, and what its cells say."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from cyclemap.text import bare_letters, unprintable
from cycles.choices import STAGE_COLOURS, Channel, Kind, Mode, Phase
from cycles.forms import COLOUR_NAMES
from cycles.models import Moment, Stage


def folded(text: object) -> str:
    """Without case, accents and what stands around words, so that headings of any maker compare."""
    return " ".join(re.findall(r"\w+|[+−-]?\d+", bare_letters(str(text))))


class CellError(ValueError):
    """Why a cell cannot be taken, as a sentence."""


Read = Callable[[str], Any]
Write = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    key: str
    label: Any  # lazy
    read: Read
    write: Write
    # Other headings by which it is known, in any language.
    known: tuple[str, ...] = ()

    @property
    def of_stage(self) -> bool:
        return self.key in ("stage", "phase", "colour")

    @property
    def headings(self) -> frozenset[str]:
        return headings_of(self)


@cache
def headings_of(column: Column) -> frozenset[str]:
    names = {folded(column.key), *map(folded, column.known)}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(folded(column.label))
    return frozenset(names)


# --- Cells ---------------------------------------------------------------------------------------


def text(length: int, *, lines: bool = False) -> Read:
    def read(cell: str) -> str:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not lines:
            cell = re.sub(r"\s*\n\s*", " ", cell)
        if unprintable(cell, lines=lines):
            raise CellError(str(gettext_lazy("a control character")))
        if len(cell) > length:
            raise CellError(
                str(gettext_lazy("%(n)d characters, and at most %(most)d fit"))
                % {"n": len(cell), "most": length}
            )
        return cell

    return read


def words_of(choices: Any, more: Mapping[str, tuple[str, ...]] | None = None) -> Callable[[], dict[str, str]]:
    """Every way to say each choice: its value and its label in every language."""

    @cache
    def known() -> dict[str, str]:
        said: dict[str, str] = {}
        for value, label in choices:
            said[folded(value)] = value
            for language, _name in settings.LANGUAGES:
                with override(language):
                    said[folded(label)] = value
            for word in (more or {}).get(value, ()):
                said[folded(word)] = value
        return said

    return known


def one_of(choices: Any) -> Read:
    known = words_of(choices)

    def read(cell: str) -> str:
        if not cell.strip():
            return ""
        found = known().get(folded(cell))
        if found is None:
            raise CellError(not_known(cell, choices))
        return found

    return read


def some_of(choices: Any) -> Read:
    known = words_of(choices)

    def read(cell: str) -> list[str]:
        found = []
        for part in re.split(r"[,;|/\n]", cell):
            if part.strip():
                value = known().get(folded(part))
                if value is None:
                    raise CellError(not_known(part, choices))
                found.append(value)
        return list(dict.fromkeys(found))

    return read


def not_known(cell: str, choices: Any) -> str:
    short = cell.strip()
    short = short if len(short) <= 40 else f"{short[:39]}…"
    labels = ", ".join(str(label) for _value, label in choices)
    return str(gettext_lazy("“%(cell)s” is none of these: %(labels)s")) % {"cell": short, "labels": labels}


def label_in(choices: Any) -> Write:
    labels = dict(choices)
    return lambda value: str(labels.get(value, ""))


YES = {folded(word) for word in ("yes", "y", "sí", "s", "x", "1", "true", "verdadero", "crítico", "critical")}
YES |= {"✓", "✔"}
NO = {"", *map(folded, ("no", "n", "0", "false", "falso"))}


def yes_or_no(cell: str) -> bool:
    said = folded(cell) or cell.strip()
    if said in YES:
        return True
    if said in NO or cell.strip() in ("-", "–"):
        return False
    raise CellError(str(gettext_lazy("write yes or no")))


def emotion(cell: str) -> int | None:
    said = cell.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if not said:
        return None
    match = re.fullmatch(r"([+-]?[0-2])(?:\.0+)?", said)
    if not match:
        raise CellError(str(gettext_lazy("a whole number from −2 to 2 is expected")))
    return int(match[1])


def signed(value: int | None) -> str:
    """With the minus of print: no spreadsheet takes it for the beginning of a formula."""
    return "" if value is None else str(value).replace("-", "\N{MINUS SIGN}")


def longest(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length or 0)


def moment_text(name: str, label: Any, *known: str) -> Column:
    lines = model_field(name).get_internal_type() == "TextField"
    return Column(name, label, text(longest(Moment, name), lines=lines), str, known)


def model_field(name: str) -> Any:
    return Moment._meta.get_field(name)


COLOURS = [(colour, COLOUR_NAMES[colour]) for colour in STAGE_COLOURS]
YES_LABEL, NO_LABEL = pgettext_lazy("in a table", "yes"), pgettext_lazy("in a table", "no")

# In the order of a file that leaves.
COLUMNS: tuple[Column, ...] = (
    Column(
        "stage",
        gettext_lazy("Stage"),
        text(longest(Stage, "name")),
        str,
        ("phase name", "arco", "fase ciclo"),
    ),
    Column(
        "phase",
        pgettext_lazy("column", "Phase of the stage"),
        one_of(Phase.choices),
        label_in(Phase.choices),
        ("phase", "fase"),
    ),
    Column(
        "colour",
        pgettext_lazy("column", "Colour of the stage"),
        one_of(COLOURS),
        label_in(COLOURS),
        ("color", "colour", "color etapa"),
    ),
    Column(
        "name",
        pgettext_lazy("column", "Moment"),
        text(longest(Moment, "name")),
        str,
        (
            "moment",
            "momento",
            "moment of truth",
            "momento de la verdad",
            "momentos",
            "moments",
            "nombre",
            "title",
            "título",
            "touchpoint",
            "punto de contacto",
            "contacto",
        ),
    ),
    moment_text("description", gettext_lazy("Description"), "descripción", "detalle", "notas", "notes"),
    Column(
        "kind",
        gettext_lazy("Type of moment"),
        one_of(Kind.choices),
        label_in(Kind.choices),
        ("type", "tipo", "kind"),
    ),
    Column(
        "channels",
        gettext_lazy("Channels"),
        some_of(Channel.choices),
        lambda values: ", ".join(str(Channel(value).label) for value in values if value in Channel.values),
        ("channel", "canal", "medio"),
    ),
    Column("mode", gettext_lazy("Mode"), one_of(Mode.choices), label_in(Mode.choices), ("modo", "modalidad")),
    Column(
        "is_critical",
        gettext_lazy("Critical"),
        yes_or_no,
        lambda value: str(YES_LABEL if value else NO_LABEL),
        ("crítico", "critical moment", "momento crítico", "es crítico"),
    ),
    moment_text(
        "owner_area", gettext_lazy("Responsible area"), "area", "área", "owner", "responsable", "departamento"
    ),
    Column(
        "emotion",
        gettext_lazy("Expected emotion"),
        emotion,
        signed,
        ("emotion", "emoción", "emoción esperada"),
    ),
    moment_text(
        "standard", gettext_lazy("What meets the expectation"), "expectation", "expectativa", "estándar"
    ),
    moment_text("enhancers", gettext_lazy("What exceeds it"), "potenciadores", "enhancers"),
    moment_text("detractors", gettext_lazy("What fails it"), "detractores", "detractors"),
    moment_text("customer_action", gettext_lazy("Customer action"), "acción del cliente"),
    moment_text("front_stage", gettext_lazy("Front stage"), "cara visible", "frontstage"),
    moment_text("back_stage", gettext_lazy("Back stage"), "trastienda", "backstage"),
    moment_text("systems", gettext_lazy("Systems"), "sistemas", "system"),
)
BY_KEY = {column.key: column for column in COLUMNS}
