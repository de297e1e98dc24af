"""The points layout: a published table of means, without the answers behind it."""

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.estimates import Estimates
from prioritization.analysis.ratings import Floats, Scale, Scales
from prioritization.ratings_file.blocks import Block
from prioritization.ratings_file.cycle_file import CycleFile
from prioritization.ratings_file.faults import Faults, refuse, shown
from prioritization.ratings_file.layout import MOST_MOMENTS, Columns, Layout
from prioritization.ratings_file.question import Question, RatingsFile
from prioritization.ratings_file.rows import decimal
from prioritization.ratings_file.sheet import Sheet
from prioritization.ratings_file.sums import inferred


class PointsReader:
    def __init__(self, sheet: Sheet, columns: Columns, cycle: CycleFile) -> None:
        self.sheet, self.columns, self.cycle = sheet, columns, cycle
        self.faults = Faults()
        self.lines: dict[str, int] = {}
        self.means: dict[str, list[float]] = {"importance": [], "satisfaction": []}
        self.counts: list[int] = []
        self.limits = {axis: cycle.scales.get(axis, Scale(0, 10)) for axis in ("importance", "satisfaction")}

    def read(self) -> RatingsFile:
        for block in self.sheet.blocks():
            self.take(block)
        self.faults.check()
        if not self.lines:
            raise refuse(_("the file has a header and no rows"))
        scales, notes = self.scales()
        return RatingsFile(
            Layout.POINTS,
            tuple(self.lines),
            scales,
            points=self.estimates(scales),
            has_importance=True,
            notes=notes,
        )

    def take(self, block: Block) -> None:
        self.take_names(block)
        for axis in self.means:
            self.take_means(block, axis)
        if "n" in self.columns.single:
            self.take_counts(block)

    def take_names(self, block: Block) -> None:
        names = [bytes(text).decode() for text in block.texts(self.columns.single["moment"])]
        for row, name in enumerate(names):
            line = int(block.lines[row])
            if not name:
                self.faults.add(_("expected the name of a moment"), line, "moment")
            elif name in self.lines:
                self.faults.add(
                    _("moment “%(name)s” is already on line %(line)d")
                    % {"name": shown(name), "line": self.lines[name]},
                    line,
                    "moment",
                )
            elif self.cycle.moments and name not in self.cycle.moments:
                self.faults.add(
                    _("found “%s”; expected a moment of the cycle file") % shown(name), line, "moment"
                )
            self.lines.setdefault(name, line)
            if len(self.lines) > MOST_MOMENTS:
                raise refuse(_("more than %d moments") % MOST_MOMENTS, line)

    def take_means(self, block: Block, axis: str) -> None:
        column, scale = self.columns.single[axis], self.limits[axis]
        texts = block.texts(column)
        for row, value in enumerate(decimal(texts, comma=self.sheet.comma).tolist()):
            if not scale.low <= value <= scale.high:
                found = {"found": shown(bytes(texts[row]).decode()), "low": scale.low, "high": scale.high}
                self.faults.add(
                    _("found “%(found)s”; expected a mean from %(low)d to %(high)d") % found,
                    int(block.lines[row]),
                    self.columns.header[column],
                )
            self.means[axis].append(value)

    def take_counts(self, block: Block) -> None:
        for row, text in enumerate(block.texts(self.columns.single["n"])):
            count = bytes(text).decode()
            is_count = count.isascii() and count.isdigit() and len(count) < 12
            if not is_count:
                self.faults.add(
                    _("found “%s”; expected a number of respondents") % shown(count),
                    int(block.lines[row]),
                    "n",
                )
            self.counts.append(int(count) if is_count else 0)

    def scales(self) -> tuple[Scales, tuple[str, ...]]:
        free = [axis for axis in self.means if axis not in self.cycle.scales]
        if not free:
            return Scales(self.limits["importance"], self.limits["satisfaction"]), ()
        values = [value for axis in free for value in self.means[axis]]
        common = inferred(int(np.floor(min(values))), int(np.ceil(max(values))))
        note = _("Scale taken from the means: %(low)d–%(high)d. Give it with --cycle if it is another.") % {
            "low": common.low,
            "high": common.high,
        }
        given = self.cycle.scales
        return Scales(given.get("importance", common), given.get("satisfaction", common)), (note,)

    def estimates(self, scales: Scales) -> Estimates:
        moments = len(self.lines)
        none: Floats = np.full(moments, np.nan)
        zero = np.zeros(moments, dtype=np.int64)
        n = np.array(self.counts, dtype=np.int64) if self.counts else zero
        return Estimates(
            scales=scales,
            importance=np.array(self.means["importance"]),
            satisfaction=np.array(self.means["satisfaction"]),
            n_importance=n,
            n_satisfaction=n,
            n_not_experienced=zero,
            n_no_answer=zero,
            n_not_asked=zero,
            reach=none,
            blocks=np.full((moments, 2, 2), np.nan),
            covariance=None,
            sd_importance=none,
            sd_satisfaction=none,
            median_importance=none,
            median_satisfaction=none,
            top_two_importance=none,
            top_two_satisfaction=none,
            effective_importance=none,
            effective_satisfaction=none,
            counted=bool(self.counts),
        )


def read_points(sheet: Sheet, columns: Columns, cycle: CycleFile, question: Question) -> RatingsFile:
    return PointsReader(sheet, columns, cycle).read()
