"""Rows of a file to codes, whatever the layout; faults, each with line and column."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from prioritization.analysis.ratings import Scale
from prioritization.ratings_file.blocks import NONE, NOT_EXPERIENCED, ODD, Block, Codes
from prioritization.ratings_file.csv_sheet import CsvSheet
from prioritization.ratings_file.faults import Faults, refuse, shown
from prioritization.ratings_file.rows import expected, weights
from prioritization.ratings_import.answers import Answers, asked_only, in_order
from prioritization.ratings_import.choices import SEGMENT_LENGTH, Choices
from prioritization.ratings_import.headings import Kind
from prioritization.ratings_import.respondents import Rows
from prioritization.ratings_import.upload import MAX_ROWS
from surveys.dates import read_dates
from surveys.models import Wave

MAX_CELLS = 6_000_000
MAX_WAVES = 60
WAVE_LENGTH = Wave._meta.get_field("name").max_length or 60
NPS = Scale(0, 10)


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

    def respondents_of(self, block: Block) -> Rows:
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

    def answers(self, rows: Rows, importance: Codes, satisfaction: Codes, passed_over: int) -> Answers:
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
