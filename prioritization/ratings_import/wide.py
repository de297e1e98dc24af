"""The wide layout: a row a respondent, a column a question."""

import numpy as np
from django.utils.translation import gettext as _

from prioritization.ratings_file.blocks import NONE, NOT_EXPERIENCED, Block, Codes
from prioritization.ratings_file.faults import shown
from prioritization.ratings_import.answers import Answers
from prioritization.ratings_import.headings import Kind
from prioritization.ratings_import.reader import Reader
from prioritization.ratings_import.respondents import Rows


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
