"""The long layout: a row a rating."""

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.ratings import Ints
from prioritization.ratings_file.blocks import NONE, Block
from prioritization.ratings_file.faults import refuse, shown
from prioritization.ratings_import.answers import NOT_ASKED, Answers
from prioritization.ratings_import.headings import Kind
from prioritization.ratings_import.reader import MAX_CELLS, Reader
from prioritization.ratings_import.respondents import Rows
from prioritization.ratings_import.upload import MAX_ROWS


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
