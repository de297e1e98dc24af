"""The wide layout: a row a respondent, a column a question."""

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.ratings import NPS_SCALE, Bools, Floats, Ints, Ratings, Scale, Scales, State
from prioritization.analysis.resampling import groups_for
from prioritization.ratings_file.blocks import NONE, NOT_EXPERIENCED, Block, Codes
from prioritization.ratings_file.cycle_file import CycleFile
from prioritization.ratings_file.faults import Faults, refuse, shown
from prioritization.ratings_file.layout import Columns, Layout
from prioritization.ratings_file.question import Question, RatingsFile
from prioritization.ratings_file.rows import MOST_WAVES, Hasher, repeated, report, split, weights
from prioritization.ratings_file.sheet import Sheet
from prioritization.ratings_file.sums import Sums, inferred, provisional

SEED = 7


class Seen:
    """Lowest and highest rating of a kind so far."""

    def __init__(self) -> None:
        self.low, self.high, self.some = 99, -1, False

    def look(self, codes: Codes) -> None:
        high = int(codes.max(initial=-1))
        if high >= 0:
            self.some = True
            self.high = max(self.high, high)
            self.low = min(self.low, int(codes[codes >= 0].min()))


class WideReader:
    def __init__(self, sheet: Sheet, columns: Columns, cycle: CycleFile, question: Question) -> None:
        self.sheet, self.columns, self.cycle, self.question = sheet, columns, cycle, question
        self.faults = Faults()
        self.scales = Scales(
            provisional(cycle.scales.get("importance")),
            provisional(cycle.scales.get("satisfaction")),
            provisional(cycle.scales.get("overall")) if "overall" in columns.single else None,
        )
        self.seen = {"importance": Seen(), "satisfaction": Seen(), "overall": Seen()}
        self.waves: dict[str, Sums] = {}
        self.rows = 0
        self.unnamed = 0
        self.hashes: list[np.ndarray] = []
        self.hasher = Hasher()
        self.rng = np.random.default_rng(SEED)
        self.groups = groups_for(len(columns.moments))

    def read(self) -> RatingsFile:
        for block in self.sheet.blocks():
            self.take(block)
            if self.faults.more:
                break
        self.faults.check()
        if not self.rows:
            raise refuse(_("the file has a header and no rows"))
        self.find_repeated()
        self.faults.check()
        scales = self.settled()
        waves = {name: self.waves[name].on(scales) for name in sorted(self.waves)}
        return RatingsFile(
            Layout.WIDE,
            self.columns.moments,
            scales,
            waves,
            has_importance=self.seen["importance"].some,
            has_picks=bool(self.columns.picks),
            has_overall=self.seen["overall"].some,
            notes=self.notes(scales),
        )

    def take(self, block: Block) -> None:
        """One block of rows into the sums of the waves it belongs to."""
        self.rows += len(block)
        ratings, waves = self.ratings(block), self.wave_of(block)
        self.identify(block)
        if self.faults.found:
            return
        chosen = np.ones(len(block), dtype=bool)
        for name, value in self.question.segments.items():
            chosen &= block.texts(self.columns.segments[name]) == value.encode()
        group = self.group(len(block)) if self.question.grouped else None
        for wave, rows in waves:
            kept = rows & chosen
            mine = ratings if kept.all() else ratings.take(kept)
            sums = Sums.of(mine, int(rows.sum()), None if group is None else group[kept], self.groups)
            self.waves[wave] = self.waves[wave] + sums if wave in self.waves else sums
            if len(self.waves) > MOST_WAVES:
                raise refuse(_("more than %d waves; is this the column of the wave?") % MOST_WAVES, 1, "wave")

    def ratings(self, block: Block) -> Ratings:
        columns, single = self.columns, self.columns.single
        importance = self.axis(block, "importance", columns.importance, self.scales.importance)
        satisfaction = self.axis(block, "satisfaction", columns.satisfaction, self.scales.satisfaction)
        state = np.select(
            [satisfaction >= 0, satisfaction == NOT_EXPERIENCED],
            [np.int8(State.RATED), np.int8(State.NOT_EXPERIENCED)],
            np.int8(State.NO_ANSWER),
        )
        for m, moment in enumerate(columns.moments):
            if moment not in columns.satisfaction:
                state[:, m] = State.NOT_ASKED
        weight = None
        if "weight" in single:
            weight = weights(block, single["weight"], columns.header, self.faults, comma=self.sheet.comma)
        overall = nps = None
        if self.scales.overall is not None:
            codes = self.single(block, single["overall"], self.scales.overall)
            self.seen["overall"].look(codes)
            overall = number(codes)
        if "nps" in single:
            nps = number(self.single(block, single["nps"], NPS_SCALE))
        return Ratings(
            self.scales,
            number(importance),
            number(satisfaction),
            state.astype(np.int8),
            weight if self.question.weighted else None,
            overall,
            nps,
            self.picks(block) if columns.picks else None,
        )

    def axis(self, block: Block, name: str, places: dict[str, int], scale: Scale) -> Codes:
        """(rows, moments) codes of one axis; NONE where the file has no such column."""
        out = np.full((len(block), len(self.columns.moments)), NONE, dtype=np.int16)
        used = [m for m, moment in enumerate(self.columns.moments) if moment in places]
        if used:
            columns = [places[self.columns.moments[m]] for m in used]
            codes = block.codes(columns)
            off = report(block, codes, columns, self.columns.header, scale, self.faults, ne=True)
            codes[off] = NONE
            self.seen[name].look(codes)
            out[:, used] = codes
        return out

    def single(self, block: Block, place: int, scale: Scale) -> Codes:
        codes = block.codes([place])
        off = report(block, codes, [place], self.columns.header, scale, self.faults, ne=False)
        codes[off] = NONE
        return codes[:, 0]

    def picks(self, block: Block) -> Bools:
        index = {moment.encode(): m for m, moment in enumerate(self.columns.moments)}
        out = np.zeros((len(block), len(index)), dtype=bool)
        for place in self.columns.picks:
            texts = block.texts(place)
            for row in np.flatnonzero(texts != b"").tolist():
                moment = index.get(bytes(texts[row]))
                line, name = int(block.lines[row]), self.columns.header[place]
                found = shown(bytes(texts[row]).decode())
                if moment is None:
                    self.faults.add(
                        _("found “%s”; expected the name of a moment, or nothing") % found, line, name
                    )
                elif out[row, moment]:
                    self.faults.add(_("“%s” is picked twice") % found, line, name)
                else:
                    out[row, moment] = True
        return out

    def wave_of(self, block: Block) -> list[tuple[str, Bools]]:
        place = self.columns.single.get("wave")
        if place is None:
            return [("", np.ones(len(block), dtype=bool))]
        texts = block.texts(place)
        for row in np.flatnonzero(texts == b"").tolist():
            self.faults.add(_("expected the name of the wave"), int(block.lines[row]), "wave")
        return split(texts)

    def identify(self, block: Block) -> None:
        hashes = self.hash_of(block)
        if hashes is not None:
            self.hashes.append(hashes[0][hashes[1]])
            self.unnamed += int((~hashes[1]).sum())

    def hash_of(self, block: Block) -> tuple[np.ndarray, Bools] | None:
        """Of respondent and wave; and which rows name a respondent."""
        place = self.columns.single.get("respondent")
        if place is None:
            return None
        texts = block.texts(place)
        hashes = self.hasher(texts)
        if "wave" in self.columns.single:
            hashes = hashes * np.uint64(31) + self.hasher(block.texts(self.columns.single["wave"]))
        return hashes, np.asarray(texts != b"")

    def find_repeated(self) -> None:
        """A respondent twice in a wave: read again, and compared by name."""
        suspects = repeated(self.hashes)
        self.hashes.clear()
        if not suspects.size:
            return
        first: dict[tuple[bytes, bytes], int] = {}
        for block in self.sheet.blocks():
            found = self.hash_of(block)
            assert found is not None
            rows = np.flatnonzero(np.isin(found[0], suspects) & found[1])
            if not rows.size:
                continue
            texts = block.texts(self.columns.single["respondent"])
            wave = self.columns.single.get("wave")
            waves = None if wave is None else block.texts(wave)
            for row in rows.tolist():
                key = bytes(texts[row]), b"" if waves is None else bytes(waves[row])
                line = int(block.lines[row])
                if key in first:
                    self.faults.add(
                        _("respondent “%(name)s” is already on line %(line)d")
                        % {"name": shown(key[0].decode()), "line": first[key]},
                        line,
                        self.columns.header[self.columns.single["respondent"]],
                    )
                else:
                    first[key] = line

    def group(self, rows: int) -> Ints:
        """Random groups; as long as there are fewer respondents than groups, each is one of its own."""
        before = self.rows - rows
        own = np.arange(before, self.rows)
        return np.where(own < self.groups, own, self.rng.integers(0, self.groups, rows))

    def settled(self) -> Scales:
        return settle(self.cycle, self.seen, self.scales)

    def notes(self, scales: Scales) -> tuple[str, ...]:
        notes = list(scale_notes(self.cycle, self.seen, scales))
        if self.unnamed:
            notes.append(_("Rows that name no respondent: %d; they were counted.") % self.unnamed)
        return tuple(notes)


def settle(cycle: CycleFile, seen: dict[str, Seen], counted: Scales) -> Scales:
    """The scales given, or those that the ratings show; one for both axes unless given apart."""
    rated = [
        seen[name] for name in ("importance", "satisfaction") if name not in cycle.scales and seen[name].some
    ]
    low, high = min((s.low for s in rated), default=1), max((s.high for s in rated), default=5)
    common = inferred(low, high)
    overall = None
    if counted.overall is not None:
        found = seen["overall"]
        overall = cycle.scales.get("overall") or (
            inferred(found.low, found.high) if found.some else Scale(1, 5)
        )
    return Scales(cycle.scales.get("importance", common), cycle.scales.get("satisfaction", common), overall)


def scale_notes(cycle: CycleFile, seen: dict[str, Seen], scales: Scales) -> Sequence[str]:
    taken = {
        "importance": scales.importance,
        "satisfaction": scales.satisfaction,
        "overall": scales.overall,
    }
    parts = [
        f"{name} {scale.low}–{scale.high}"
        for name, scale in taken.items()
        if scale is not None and name not in cycle.scales and seen[name].some
    ]
    if not parts:
        return ()
    return (
        _("Scales taken from the ratings: %s. Give them with --cycle if they are others.") % ", ".join(parts),
    )


def number(codes: Codes) -> Floats:
    """Ratings as numbers, NaN for none."""
    return np.where(codes >= 0, codes, np.nan)


def read_wide(sheet: Sheet, columns: Columns, cycle: CycleFile, question: Question) -> RatingsFile:
    return WideReader(sheet, columns, cycle, question).read()
