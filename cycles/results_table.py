"""A table of results to entries that can be written; or what is wrong with it, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cyclemap.faults import Faults, FileFaultError
from cycles.agreements import period_name
from cycles.exchange.carried import ColumnLine, column_lines
from cycles.exchange.columns import CellError, folded, text
from cycles.exchange.table_file import Table
from cycles.indicators import indicators_of
from cycles.models import Cycle
from cycles.recording import CORRECTED, NEW, SAME, Entry, Weighed, weigh
from cycles.result_cells import period_of, value_of
from cycles.results import Thing
from cycles.service_levels import levels_of
from cycles.units import figure

# What a column may hold, and the headings it is known by.
COLUMNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "what": (
        pgettext_lazy("column", "What is measured"),
        ("indicator", "indicador", "nivel de servicio", "service level", "ans", "sla", "kpi", "what", "qué"),
    ),
    "period": (
        pgettext_lazy("column", "Period"),
        ("periodo", "período", "mes", "month", "día", "day", "fecha", "date"),
    ),
    "value": (
        pgettext_lazy("column", "Value"),
        ("valor", "resultado", "result", "medición", "medida", "measurement", "measure"),
    ),
    "note": (pgettext_lazy("column", "Note"), ("nota", "comentario", "comment", "notas", "notes")),
}
NOTE = 200
SHOWN = 60


@dataclass(frozen=True)
class Line:
    """One row of the file as it would be written."""

    weighed: Weighed

    @property
    def number(self) -> int:
        return self.weighed.entry.line

    @property
    def what(self) -> str:
        return self.weighed.what

    @property
    def name(self) -> str:
        return str(self.weighed.entry.thing)

    @property
    def period(self) -> str:
        return period_name(self.weighed.entry.day, self.weighed.entry.thing.every)

    @property
    def value(self) -> str:
        return figure(self.weighed.entry.value)

    @property
    def before(self) -> str:
        return figure(self.weighed.before.value) if self.weighed.before else ""


@dataclass(frozen=True)
class Preview:
    cycle: Cycle
    table: Table
    chosen: list[str]
    thing: Thing | None  # the one all rows are of, where no column says
    things: list[Thing]
    seen: int  # the revision of the cycle that the person has seen
    faults: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    weighed: list[Weighed] = field(default_factory=list)
    moved: bool = False

    @property
    def wrong(self) -> bool:
        return bool(self.faults or self.problems)

    @property
    def entries(self) -> list[Entry]:
        return [one.entry for one in self.weighed]

    def count(self, what: str) -> int:
        return sum(one.what == what for one in self.weighed)

    @property
    def n_new(self) -> int:
        return self.count(NEW)

    @property
    def n_corrected(self) -> int:
        return self.count(CORRECTED)

    @property
    def n_same(self) -> int:
        return self.count(SAME)

    @property
    def n(self) -> int:
        return self.n_new + self.n_corrected

    @property
    def ready(self) -> bool:
        return not self.wrong and bool(self.weighed)

    @property
    def columns_fault(self) -> str:
        return self.faults.get("columns", "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(key, str(label)) for key, (label, _known) in COLUMNS.items()]

    @property
    def lines(self) -> list[ColumnLine]:
        return column_lines(self.table, self.chosen, self.faults)

    @property
    def shown(self) -> list[Line]:
        return [Line(one) for one in self.weighed[:SHOWN]]

    @property
    def hidden(self) -> int:
        return max(0, len(self.weighed) - SHOWN)

    @property
    def of(self) -> str:
        return reference(self.thing) if self.thing else ""

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(reference(thing), str(thing)) for thing in self.things]


def reference(thing: Thing) -> str:
    return f"{thing._meta.model_name}-{thing.pk}"


def things_of(cycle: Cycle) -> list[Thing]:
    """What results may be brought in for: what the cases make is left out."""
    found: list[Thing] = [*levels_of(cycle), *indicators_of(cycle)]
    return [thing for thing in found if not thing.clock]


def guessed(header: Sequence[str]) -> list[str]:
    """By the whole heading, then by what it begins with; nothing twice."""
    chosen = [""] * len(header)
    names = [folded(heading) for heading in header]
    for exact in (True, False):
        for place, name in enumerate(names):
            for key, (label, known) in COLUMNS.items():
                words = {folded(label), key, *map(folded, known)}
                fits = name in words if exact else any(name.startswith(f"{word} ") for word in words)
                if name and fits and key not in chosen and not chosen[place]:
                    chosen[place] = key
    return chosen


def preview_of(
    cycle: Cycle, table: Table, said: Mapping[str, str], *, told: bool, moved: bool = False
) -> Preview:
    """As guessed, or (`told`) as the person says."""
    things = things_of(cycle)
    thing = next((one for one in things if reference(one) == said.get("of")), None)
    given = [said.get(f"column_{place}", "") for place in range(len(table.header))]
    chosen = [key if key in COLUMNS else "" for key in given] if told else guessed(table.header)
    if thing and not told:
        chosen = ["" if key == "what" else key for key in chosen]
    seen = said.get("seen", "") if told and not moved else ""
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else cycle.revision
    known = (cycle, table, chosen, thing, things, revision)
    if faults := faults_of(chosen, thing):
        return Preview(*known, faults, moved=moved)
    try:
        entries = read_entries(table, chosen, things, thing)
    except FileFaultError as error:
        return Preview(*known, problems=error.lines(), moved=moved)
    return Preview(*known, weighed=weigh(cycle, entries), moved=moved)


def faults_of(chosen: Sequence[str], thing: Thing | None) -> dict[str, str]:
    faults = {
        f"column_{place}": _("Another column holds this already.")
        for place, key in enumerate(chosen)
        if key and key in chosen[:place]
    }
    if "period" not in chosen or "value" not in chosen:
        faults["columns"] = _("Say which column holds the period and which the value.")
    elif "what" not in chosen and thing is None:
        faults["columns"] = _("Say what is measured: one for all rows, or the column that names it.")
    return faults


def read_entries(
    table: Table, chosen: Sequence[str], things: Sequence[Thing], thing: Thing | None
) -> list[Entry]:
    """FileFaultError with every fault: nothing is written while a row is wrong."""
    places = {key: place for place, key in enumerate(chosen) if key}
    named = names_of(things)
    faults = Faults()
    found: list[Entry] = []
    first: dict[tuple[str, date], Entry] = {}
    today = timezone.localdate()
    for line, cells in zip(table.lines, table.rows, strict=True):
        said = {key: cells[place] for key, place in places.items()}
        if not said["value"].strip():  # a period without a value is a gap
            continue
        entry = read_entry(line, said, named, thing, today, faults)
        if entry is None:
            continue
        key = (reference(entry.thing), entry.day)
        if key in first and first[key].value != entry.value:
            other = {"line": first[key].line}
            faults.add(_("line %(line)d has another value for the same period") % other, line)
        elif key not in first:
            first[key] = entry
            found.append(entry)
    faults.check()
    return found


def names_of(things: Sequence[Thing]) -> dict[str, list[Thing]]:
    """Each by its name in every language."""
    named: dict[str, list[Thing]] = {}
    for thing in things:
        names = {thing.name, *(texts.get("name", "") for texts in thing.translations.values())}
        for name in {folded(name) for name in names if name}:
            named.setdefault(name, []).append(thing)
    return named


def read_entry(
    line: int,
    said: Mapping[str, str],
    named: Mapping[str, list[Thing]],
    thing: Thing | None,
    today: date,
    faults: Faults,
) -> Entry | None:
    column = "what"
    try:
        if "what" in said:
            thing = one_named(said["what"], named)
        assert thing
        column = "period"
        day = period_of(said["period"], thing.every, today)
        column = "value"
        value = value_of(said["value"])
        column = "note"
        return Entry(line, thing, day, value, text(NOTE)(said.get("note", "")))
    except CellError as error:
        faults.add(str(error), line, str(COLUMNS[column][0]))
        return None


def one_named(cell: str, named: Mapping[str, list[Thing]]) -> Thing:
    found = named.get(folded(cell), [])
    short = cell.strip()[:40]
    if not found:
        raise CellError(_("nothing of this cycle is called “%(name)s”") % {"name": short})
    if len(found) > 1:
        raise CellError(_("more than one is called “%(name)s”") % {"name": short})
    return found[0]
