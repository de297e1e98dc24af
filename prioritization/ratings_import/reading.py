"""A file and what was said about it, to answers in arrays; or faults, each with line and column.

The four kinds of "no number" stay apart (docs/statistics.md, S0): NOT_EXPERIENCED; NONE is asked and
not answered; NOT_ASKED is a moment that nobody in the wave has, or of the long layout no row; what is
none of them is a fault, never a number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from prioritization.analysis.ratings import Floats, Ints, Scale
from prioritization.ratings_file.blocks import NONE, NOT_EXPERIENCED, ODD, Block, Codes
from prioritization.ratings_file.csv_sheet import CsvSheet, open_csv
from prioritization.ratings_file.faults import Faults, refuse, shown
from prioritization.ratings_file.rows import expected, weights
from prioritization.ratings_import.choices import SEGMENT_LENGTH, Choices
from prioritization.ratings_import.headings import Kind
from prioritization.ratings_import.upload import MAX_ROWS, unpacked
from surveys.dates import read_dates
from surveys.models import Wave

NOT_ASKED = -4
MAX_CELLS = 6_000_000
MAX_WAVES = 60
WAVE_LENGTH = Wave._meta.get_field("name").max_length or 60
NPS = Scale(0, 10)


@dataclass(frozen=True, eq=False)
class Answers:
    """R respondents, M moments in the order of `Choices.used`, W waves in the order in which they were.

    wave (R,); importance, satisfaction (R, M): rating, NONE, NOT_EXPERIENCED, NOT_ASKED;
    overall, nps (R,): rating or NONE; weight (R,) or None; days (R,) or None.
    """

    waves: tuple[str, ...]
    wave: Ints
    importance: Codes
    satisfaction: Codes
    overall: Codes | None
    nps: Codes | None
    weight: Floats | None
    days: tuple[date | None, ...] | None
    segments: dict[str, list[str]]
    blank: int = 0
    # Of the long layout: rows about a moment that is not imported.
    passed_over: int = 0

    def __len__(self) -> int:
        return len(self.wave)

    @property
    def has_importance(self) -> bool:
        return bool((self.importance > 0).any())

    @property
    def ratings(self) -> int:
        """Rows of the table of ratings that this makes."""
        return int((self.satisfaction != NOT_ASKED).sum())


class Opened:
    """The kept file, as a sheet that is read from the disk while this is open."""

    def __init__(self, table: bytes | memoryview) -> None:
        self.table = table

    def __enter__(self) -> CsvSheet:
        self.file = NamedTemporaryFile(suffix=".csv")
        self.file.write(unpacked(self.table).encode())
        self.file.flush()
        return open_csv(Path(self.file.name))

    def __exit__(self, *_error: object) -> None:
        self.file.close()


def read_answers(table: bytes | memoryview, choices: Choices) -> Answers:
    """FileFaultError: everything wrong with the rows."""
    with Opened(table) as sheet:
        return (LongReader if choices.is_long else WideReader)(sheet, choices).read()


class Reader:
    """What both layouts share: columns of respondents, and cells looked up by the codes that were told."""

    def __init__(self, sheet: CsvSheet, choices: Choices) -> None:
        self.sheet, self.choices, self.faults = sheet, choices, Faults()
        self.header = [choices.heading(place) for place in range(len(choices.header))]
        self.scale = Scale(1, choices.scale)
        self.moments = {target.key: m for m, target in enumerate(choices.used)}
        self.rows = 0

    def blocks(self) -> Iterator[Block]:
        for block in self.sheet.blocks():
            self.rows += len(block)
            if self.rows > MAX_ROWS * (len(self.moments) if self.choices.is_long else 1):
                raise refuse(_("The file has more than %d respondents.") % MAX_ROWS)
            if self.rows * max(1, len(self.moments)) > MAX_CELLS and not self.choices.is_long:
                raise refuse(_("The file has more than %d ratings.") % MAX_CELLS)
            yield block
            if self.faults.more:
                break
        self.faults.check()
        if not self.rows:
            raise refuse(_("The file has a header and no rows."))

    def cells(self, block: Block, places: Sequence[int], scale: Scale, empty: str, lived: str = "") -> Codes:
        """(rows, places): ratings, NONE, NOT_EXPERIENCED; all else is told. `empty`, `lived`: of CODES."""
        raw = block.codes(places)
        codes = raw.copy()
        codes[(raw < scale.low) | (raw > scale.high)] = ODD
        codes[raw == NONE] = NONE
        meant = {code.casefold(): NONE for code in self.choices.codes(empty)}
        if lived:
            meant |= {code.casefold(): NOT_EXPERIENCED for code in self.choices.codes(lived)}
        for place, column in enumerate(places):
            odd = np.flatnonzero(codes[:, place] == ODD)
            if not odd.size:
                continue
            texts = block.texts(column)
            for row in odd.tolist():
                text = bytes(texts[row])
                value = meant.get(text.decode().casefold(), ODD)
                if value == ODD:
                    self.faults.add(self.sentence(text, scale), int(block.lines[row]), self.header[column])
                codes[row, place] = value
        codes[codes == ODD] = NONE
        return codes

    def sentence(self, text: bytes, scale: Scale) -> str:
        if text == b"0" and scale.low == 1:
            return _(
                "found “0”; scales begin at 1 here. A scale from 0 cannot be imported; "
                "if 0 means no answer, write it as a code"
            )
        return expected(text, scale, ne=False)

    def column(self, block: Block, kind: Kind) -> list[str] | None:
        place = self.choices.only(kind)
        return None if place is None else [bytes(cell).decode() for cell in block.texts(place)]

    def needed(self, block: Block, kind: Kind, sentence: str) -> list[str] | None:
        """A column that has to be filled in every row."""
        cells = self.column(block, kind)
        for row, cell in enumerate(cells or ()):
            if not cell or (kind is Kind.WAVE and len(cell) > WAVE_LENGTH):
                self.faults.add(sentence, int(block.lines[row]), self.heading(kind))
        return cells

    def heading(self, kind: Kind) -> str:
        place = self.choices.only(kind)
        return "" if place is None else self.header[place]

    def respondents_of(self, block: Block) -> "Rows":
        """The columns that say something about who answered, for each row of the block."""
        choices = self.choices
        overall, nps, weight = (choices.only(kind) for kind in (Kind.OVERALL, Kind.NPS, Kind.WEIGHT))
        return Rows(
            block.lines.tolist(),
            self.column(block, Kind.RESPONDENT),
            self.needed(
                block, Kind.WAVE, _("expected the name of the wave, up to %d characters") % WAVE_LENGTH
            ),
            None if overall is None else self.cells(block, [overall], self.scale, "overall_none")[:, 0],
            None if nps is None else self.cells(block, [nps], NPS, "nps_none")[:, 0],
            None
            if weight is None
            else weights(block, weight, self.header, self.faults, comma=self.sheet.comma),
            self.column(block, Kind.DATE),
            {
                choices.segment(place): [bytes(cell).decode()[:SEGMENT_LENGTH] for cell in block.texts(place)]
                for place in choices.all(Kind.SEGMENT)
            },
        )

    def days(self, cells: Sequence[str] | None, lines: Sequence[int]) -> tuple[date | None, ...] | None:
        if cells is None:
            return None
        found = read_dates(cells)
        today = timezone.localdate()
        for cell, day, line in zip(cells, found, lines, strict=True):
            if cell and (day is None or day > today or day.year < 1970):
                self.faults.add(
                    _("found “%s”; expected a date that is not in the future") % shown(cell),
                    line,
                    self.heading(Kind.DATE),
                )
        return tuple(found)

    def answers(self, rows: "Rows", importance: Codes, satisfaction: Codes, passed_over: int) -> Answers:
        days = self.days(rows.date, rows.lines)
        names = rows.wave if rows.wave is not None else [""] * len(rows.lines)
        waves = in_order(names, days)
        if len(waves) > MAX_WAVES:
            raise refuse(
                _("More than %d waves. Is this the column of the wave?") % MAX_WAVES,
                1,
                self.heading(Kind.WAVE),
            )
        self.faults.check()
        index = {name: number for number, name in enumerate(waves)}
        wave = np.array([index[name] for name in names], dtype=np.int64)
        return Answers(
            waves,
            wave,
            importance,
            asked_only(satisfaction, importance, wave),
            rows.overall,
            rows.nps,
            rows.weight,
            days,
            rows.segments,
            self.sheet.blank,
            passed_over,
        )


@dataclass
class Rows:
    """What is said once a respondent, a list a column."""

    lines: list[int]
    respondent: list[str] | None
    wave: list[str] | None
    overall: Codes | None
    nps: Codes | None
    weight: Floats | None
    date: list[str] | None
    segments: dict[str, list[str]]

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        def lists(name: str) -> list[str] | None:
            if getattr(parts[0], name) is None:
                return None
            return [cell for part in parts for cell in getattr(part, name)]

        def arrays(name: str) -> NDArray[np.int16] | None:
            if getattr(parts[0], name) is None:
                return None
            return np.concatenate([getattr(part, name) for part in parts])

        return cls(
            [line for part in parts for line in part.lines],
            lists("respondent"),
            lists("wave"),
            arrays("overall"),
            arrays("nps"),
            arrays("weight"),  # type: ignore[arg-type]
            lists("date"),
            {name: [cell for part in parts for cell in part.segments[name]] for name in parts[0].segments},
        )

    def take(self, which: Sequence[int]) -> "Rows":
        def some(cells: list[str] | None) -> list[str] | None:
            return None if cells is None else [cells[row] for row in which]

        return Rows(
            [self.lines[row] for row in which],
            some(self.respondent),
            some(self.wave),
            None if self.overall is None else self.overall[list(which)],
            None if self.nps is None else self.nps[list(which)],
            None if self.weight is None else self.weight[list(which)],
            some(self.date),
            {name: [cells[row] for row in which] for name, cells in self.segments.items()},
        )


class WideReader(Reader):
    def read(self) -> Answers:
        parts, importance, satisfaction = [], [], []
        for block in self.blocks():
            parts.append(self.respondents_of(block))
            importance.append(self.axis(block, Kind.IMPORTANCE))
            satisfaction.append(self.axis(block, Kind.SATISFACTION))
        rows = Rows.joined(parts)
        self.find_repeated(rows)
        lived = np.concatenate(importance)
        # "Not experienced" in a column of importance is no importance; how it went says the other column.
        lived[lived == NOT_EXPERIENCED] = NONE
        return self.answers(rows, lived, np.concatenate(satisfaction), 0)

    def axis(self, block: Block, kind: Kind) -> Codes:
        out = np.full((len(block), len(self.moments)), NONE, dtype=np.int16)
        places = [place for place in self.choices.all(kind) if self.choices.targets[place].moment]
        if places:
            columns = [self.moments[self.choices.targets[place].key] for place in places]
            out[:, columns] = self.cells(block, places, self.scale, "no_answer", "not_experienced")
        return out

    def find_repeated(self, rows: Rows) -> None:
        first: dict[tuple[str, str], int] = {}
        waves = rows.wave or [""] * len(rows.lines)
        for name, wave, line in zip(rows.respondent or (), waves, rows.lines, strict=False):
            if name and first.setdefault((name, wave), line) != line:
                self.faults.add(
                    _("respondent “%(name)s” is already on line %(line)d")
                    % {"name": shown(name), "line": first[name, wave]},
                    line,
                    self.heading(Kind.RESPONDENT),
                )


class LongReader(Reader):
    """A row a rating: rows of one respondent may stand anywhere, and have to agree about the respondent."""

    def read(self) -> Answers:
        parts, codes, places = [], [], []
        axes = [self.choices.only(kind) for kind in (Kind.IMPORTANCE, Kind.SATISFACTION)]
        for block in self.blocks():
            self.needed(block, Kind.RESPONDENT, _("expected the name of the respondent"))
            parts.append(self.respondents_of(block))
            both = np.full((len(block), 2), NONE, dtype=np.int16)
            for axis, place in enumerate(axes):
                if place is not None:
                    both[:, axis] = self.cells(block, [place], self.scale, "no_answer", "not_experienced")[
                        :, 0
                    ]
            codes.append(both)
            places.append(self.moments_of(block))
        rows, both, moment = Rows.joined(parts), np.concatenate(codes), np.concatenate(places)
        who, firsts = self.respondents(rows)
        if len(firsts) * max(1, len(self.moments)) > MAX_CELLS or len(firsts) > MAX_ROWS:
            raise refuse(_("The file has more than %d respondents.") % MAX_ROWS)
        self.find_repeated(who, moment, rows)
        shape = len(firsts), len(self.moments)
        importance, satisfaction = np.full(shape, NONE, np.int16), np.full(shape, NOT_ASKED, np.int16)
        told = moment >= 0
        importance[who[told], moment[told]] = np.where(both[told, 0] > 0, both[told, 0], NONE)
        satisfaction[who[told], moment[told]] = both[told, 1]
        return self.answers(rows.take(firsts), importance, satisfaction, int((~told).sum()))

    def moments_of(self, block: Block) -> Ints:
        cells = self.needed(block, Kind.MOMENT, _("expected the name of the moment")) or []
        known = {
            thing: self.moments.get(target.key, -1) if target.moment else -1
            for thing, target in zip(self.choices.things, self.choices.targets, strict=True)
        }
        return np.array([known.get(cell, -1) for cell in cells], dtype=np.int64)

    def respondents(self, rows: Rows) -> tuple[Ints, list[int]]:
        """Which respondent each row is of, and the first row of each."""
        numbers: dict[tuple[str, str], int] = {}
        firsts: list[int] = []
        who = np.zeros(len(rows.lines), dtype=np.int64)
        waves = rows.wave or [""] * len(rows.lines)
        facts = [rows.date, *rows.segments.values(), rows.overall, rows.nps, rows.weight]
        columns = [Kind.DATE, *[Kind.SEGMENT] * len(rows.segments), Kind.OVERALL, Kind.NPS, Kind.WEIGHT]
        for row, key in enumerate(zip(rows.respondent or (), waves, strict=True)):
            number = numbers.setdefault(key, len(firsts))
            if number == len(firsts):
                firsts.append(row)
            who[row] = number
            first = firsts[number]
            for kind, cells in zip(columns, facts, strict=True):
                if cells is not None and cells[row] != cells[first]:
                    self.faults.add(
                        _("respondent “%(name)s” has another value on line %(line)d")
                        % {"name": shown(key[0]), "line": rows.lines[first]},
                        rows.lines[row],
                        self.heading(kind),
                    )
        return who, firsts

    def find_repeated(self, who: Ints, moment: Ints, rows: Rows) -> None:
        first: dict[tuple[int, int], int] = {}
        for person, place, line in zip(who.tolist(), moment.tolist(), rows.lines, strict=True):
            if place >= 0 and first.setdefault((person, place), line) != line:
                self.faults.add(
                    _("this respondent already rated this moment on line %d") % first[person, place],
                    line,
                    self.heading(Kind.MOMENT),
                )


def asked_only(satisfaction: Codes, importance: Codes, wave: Ints) -> Codes:
    """A moment that nobody of a wave rated, or said not to have lived, was not asked in it."""
    out = satisfaction.copy()
    for number in range(int(wave.max(initial=-1)) + 1):
        rows = wave == number
        said = (satisfaction[rows] > 0) | (satisfaction[rows] == NOT_EXPERIENCED) | (importance[rows] > 0)
        silent = ~said.any(axis=0)
        out[np.ix_(rows, silent)] = NOT_ASKED
    return out


def in_order(names: Sequence[str], days: Sequence[date | None] | None) -> tuple[str, ...]:
    """By their first day where there are days, else by name, in which numbers count as numbers."""
    first: dict[str, date] = {}
    for name, day in zip(names, days or (), strict=False):
        if day is not None:
            first[name] = min(day, first.get(name, day))

    def place(name: str) -> tuple[date, list[tuple[int, int, str]]]:
        parts = re.split(r"(\d+)", name.casefold())
        natural = [(0, int(part[:18]), "") if part.isdecimal() else (1, 0, part) for part in parts]
        return first.get(name, date.min), natural

    return tuple(sorted(set(names), key=place))
