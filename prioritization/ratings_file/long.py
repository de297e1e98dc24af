"""The long layout: a row a rating."""

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.ratings import Ratings, Scales, State
from prioritization.ratings_file.blocks import NONE, NOT_EXPERIENCED, Block
from prioritization.ratings_file.cycle_file import CycleFile
from prioritization.ratings_file.faults import Faults, refuse, shown
from prioritization.ratings_file.layout import MOST_MOMENTS, Columns, Layout
from prioritization.ratings_file.question import Question, RatingsFile
from prioritization.ratings_file.rows import MOST_WAVES, report, weights
from prioritization.ratings_file.sheet import Sheet
from prioritization.ratings_file.sums import Sums, provisional
from prioritization.ratings_file.wide import Seen, number, scale_notes, settle

CHUNK = 8192


class LongReader:
    """Ratings of one respondent may stand anywhere, so they are kept, ten bytes each, until the end."""

    def __init__(self, sheet: Sheet, columns: Columns, cycle: CycleFile, question: Question) -> None:
        self.sheet, self.columns, self.cycle, self.question = sheet, columns, cycle, question
        self.faults = Faults()
        self.scales = Scales(
            provisional(cycle.scales.get("importance")), provisional(cycle.scales.get("satisfaction"))
        )
        self.seen = {"importance": Seen(), "satisfaction": Seen(), "overall": Seen()}
        self.respondents: dict[tuple[bytes, bytes], int] = {}
        self.moments: dict[bytes, int] = {moment.encode(): m for m, moment in enumerate(cycle.moments)}
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.weights: list[float] = []

    def read(self) -> RatingsFile:
        for block in self.sheet.blocks():
            self.take(block)
            if self.faults.more:
                break
        self.faults.check()
        if not self.parts:
            raise refuse(_("the file has a header and no rows"))
        row, moment, importance, satisfaction, line = (
            np.concatenate(arrays) for arrays in zip(*self.parts, strict=True)
        )
        self.parts.clear()
        self.find_repeated(row, moment, line)
        self.faults.check()
        scales = settle(self.cycle, self.seen, self.scales)
        used = np.unique(moment)
        names = [name.decode() for name in self.moments]
        waves = self.sums(row, np.searchsorted(used, moment), importance, satisfaction, used.size)
        return RatingsFile(
            Layout.LONG,
            tuple(names[m] for m in used),
            scales,
            {name: waves[name].on(scales) for name in sorted(waves)},
            has_importance=self.seen["importance"].some,
            notes=tuple(scale_notes(self.cycle, self.seen, scales)),
        )

    def take(self, block: Block) -> None:
        single, header = self.columns.single, self.columns.header
        places = [single["importance"], single["satisfaction"]]
        codes = block.codes(places)
        for column, (name, scale) in enumerate(
            (("importance", self.scales.importance), ("satisfaction", self.scales.satisfaction))
        ):
            part = codes[:, column : column + 1]
            off = report(block, part, places[column : column + 1], header, scale, self.faults, ne=True)
            part[off] = NONE
            self.seen[name].look(part)
        rows, moments = self.rows_of(block), self.moments_of(block)
        if "weight" in single:
            self.weigh(block, rows)
        self.parts.append(
            (
                rows,
                moments,
                codes[:, 0].astype(np.int8),
                codes[:, 1].astype(np.int8),
                block.lines.astype(np.int32),
            )
        )

    def rows_of(self, block: Block) -> np.ndarray:
        """Number of the respondent (in a wave) of each row."""
        single = self.columns.single
        ids = block.texts(single["respondent"])
        waves = block.texts(single["wave"]) if "wave" in single else np.full(len(block), b"")
        for name, texts in (("respondent", ids), ("wave", waves)):
            if name in single:
                for row in np.flatnonzero(texts == b"").tolist():
                    self.faults.add(
                        _("expected the name of the wave")
                        if name == "wave"
                        else _("expected the respondent"),
                        int(block.lines[row]),
                        self.columns.header[single[name]],
                    )
        known = self.respondents
        keys = zip(ids.tolist(), waves.tolist(), strict=True)
        return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int32)

    def moments_of(self, block: Block) -> np.ndarray:
        texts = block.texts(self.columns.single["moment"])
        values, which = np.unique(texts, return_inverse=True)
        numbers = np.zeros(len(values), dtype=np.int16)
        for k, value in enumerate(values.tolist()):
            if value in self.moments:
                numbers[k] = self.moments[value]
            elif not value or self.cycle.moments:
                for row in np.flatnonzero(which == k).tolist():
                    self.faults.add(
                        _("found “%s”; expected a moment of the cycle file") % shown(value.decode())
                        if value
                        else _("expected the name of a moment"),
                        int(block.lines[row]),
                        "moment",
                    )
            else:
                numbers[k] = self.moments.setdefault(value, len(self.moments))
        if len(self.moments) > MOST_MOMENTS:
            raise refuse(
                _("%(found)d moments; at most %(most)d") % {"found": len(self.moments), "most": MOST_MOMENTS},
                int(block.lines[-1]),
            )
        return np.asarray(numbers[which])

    def weigh(self, block: Block, rows: np.ndarray) -> None:
        place = self.columns.single["weight"]
        found = weights(block, place, self.columns.header, self.faults, comma=self.sheet.comma)
        for k, (row, weight) in enumerate(zip(rows.tolist(), found.tolist(), strict=True)):
            if row >= len(self.weights):
                self.weights.extend([0.0] * (row + 1 - len(self.weights)))
            if self.weights[row] == 0.0:
                self.weights[row] = weight
            elif self.weights[row] != weight:
                self.faults.add(
                    _("found %(found)g; expected %(first)g, as before for this respondent")
                    % {"found": weight, "first": self.weights[row]},
                    int(block.lines[k]),
                    "weight",
                )

    def find_repeated(self, row: np.ndarray, moment: np.ndarray, line: np.ndarray) -> None:
        key = row.astype(np.int64) * MOST_MOMENTS + moment
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1])
        for k in sorted(same.tolist(), key=lambda k: line[order[k + 1]]):
            self.faults.add(
                _("this respondent already rated this moment on line %d") % line[order[k]],
                int(line[order[k + 1]]),
                "moment",
            )

    def sums(
        self,
        row: np.ndarray,
        moment: np.ndarray,
        importance: np.ndarray,
        satisfaction: np.ndarray,
        moments: int,
    ) -> dict[str, Sums]:
        names = [wave.decode() for _id, wave in self.respondents]
        if len(set(names)) > MOST_WAVES:
            raise refuse(_("more than %d waves; is this the column of the wave?") % MOST_WAVES, 1, "wave")
        wave = np.array(names)
        order = np.argsort(row, kind="stable")
        row, moment, importance, satisfaction = (a[order] for a in (row, moment, importance, satisfaction))
        weight = np.array(self.weights) if self.question.weighted else None
        out: dict[str, Sums] = {}
        for start in range(0, len(names), CHUNK):
            stop = min(start + CHUNK, len(names))
            a, b = np.searchsorted(row, [start, stop])
            shape = (stop - start, moments)
            i = np.full(shape, NONE, dtype=np.int16)
            s = np.full(shape, NONE, dtype=np.int16)
            state = np.full(shape, State.NOT_ASKED, dtype=np.int8)
            at = row[a:b] - start, moment[a:b]
            i[at], s[at] = importance[a:b], satisfaction[a:b]
            state[at] = np.select(
                [satisfaction[a:b] >= 0, satisfaction[a:b] == NOT_EXPERIENCED],
                [np.int8(State.RATED), np.int8(State.NOT_EXPERIENCED)],
                np.int8(State.NO_ANSWER),
            )
            ratings = Ratings(
                self.scales, number(i), number(s), state, None if weight is None else weight[start:stop]
            )
            for name in np.unique(wave[start:stop]).tolist():
                mine = ratings.take(wave[start:stop] == name)
                sums = Sums.of(mine, mine.respondents, None, 0)
                out[name] = out[name] + sums if name in out else sums
        return out


def read_long(sheet: Sheet, columns: Columns, cycle: CycleFile, question: Question) -> RatingsFile:
    return LongReader(sheet, columns, cycle, question).read()
