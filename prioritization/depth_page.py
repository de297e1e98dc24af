"""The page behind the matrix: what holds under other rules, how sure the order is, trend, groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cycles.models import Cycle
from prioritization import figures, filters, groups
from prioritization.board import Row
from prioritization.comparison import key_of
from prioritization.depth import deepened, is_deep
from prioritization.depth_groups import Column, groups_of
from prioritization.depth_trend import Line, trend_of
from prioritization.filters import Filters, rule_label
from prioritization.findings import listed
from prioritization.matrix import read
from prioritization.matrix_page import MatrixPage, page_of
from prioritization.quadrant_names import quadrant_name
from prioritization.shapes import LOOKS
from prioritization.sources import refused_in_words
from surveys.models import Importance

RULES = {rule: cross for cross, rule in filters.RULES.items()}  # in the order of the matrix's control
MEANINGS = {
    "basic": lambda: pgettext("meaning of a moment", "taken for granted"),
    "exciting": lambda: pgettext("meaning of a moment", "delights unasked"),
    "one_dimensional": lambda: pgettext("meaning of a moment", "as they say"),
}


@dataclass(frozen=True)
class Place:
    """A moment's quadrant under one rule."""

    css: str
    name: str
    differs: bool


@dataclass(frozen=True)
class Held:
    """A moment under all rules."""

    row: Row
    places: tuple[Place, ...]

    @property
    def moves(self) -> bool:
        return len({place.css for place in self.places}) > 1


@dataclass(frozen=True)
class Ranked:
    row: Row
    first: float
    top_three: float
    low: int
    high: int


@dataclass(frozen=True)
class Weighed:
    """Stated against derived importance; `disagrees` where they would send one elsewhere."""

    row: Row
    stated: float | None  # picked: a share in percent
    picked: bool
    share: float
    negative: bool
    meaning: str | None

    @property
    def stated_text(self) -> str:
        if self.picked and self.stated is not None:
            return figures.percent(self.stated / 100)
        return figures.decimal(self.stated)

    @property
    def share_text(self) -> str:
        return figures.percent(self.share)

    @property
    def disagrees(self) -> bool:
        return self.meaning in ("basic", "exciting")

    @property
    def meaning_text(self) -> str:
        return MEANINGS[self.meaning]() if self.meaning else figures.MISSING


@dataclass(frozen=True)
class GroupRow:
    row: Row
    cells: tuple[groups.Cell | None, ...]


@dataclass(frozen=True)
class DepthPage:
    """`page` as the matrix shows it under the same filters; `result` with what depth.py adds."""

    page: MatrixPage
    result: dict[str, Any] | None = None
    by: str = ""
    lines: tuple[Line, ...] = ()
    segment: str = ""
    columns: tuple[Column, ...] = ()

    @property
    def filters(self) -> Filters:
        assert self.page.filters
        return self.page.filters

    @cached_property
    def moments(self) -> list[tuple[Row, Mapping[str, Any]]]:
        """Only those that may be shown, in the order of the table."""
        assert self.page.board
        assert self.result
        known = {key_of(moment): moment for moment in self.result["moments"]}
        return [(row, known[row.key]) for row in self.page.board.rows if row.key in known]

    @property
    def rules(self) -> list[str]:
        found = self.moments[0][1]["quadrants"] if self.moments else {}
        return [rule_label(cross) for rule, cross in RULES.items() if rule in found]

    @cached_property
    def held(self) -> list[Held]:
        found = []
        for row, moment in self.moments:
            found_by = moment["quadrants"]
            quadrants = [found_by[rule] for rule in RULES if rule in found_by]
            places = tuple(
                Place(LOOKS[q].css, quadrant_name(q), q != row.quadrant) for q in quadrants if q is not None
            )
            found.append(Held(row, places))
        return found

    @property
    def moving(self) -> int:
        return sum(one.moves for one in self.held)

    @cached_property
    def ranked(self) -> list[Ranked]:
        found = [
            Ranked(row, sure["p_first"], sure["p_top_three"], sure["low"], sure["high"])
            for row, moment in self.moments
            if (sure := moment["rank_certainty"])
        ]
        return sorted(found, key=lambda one: one.row.rank)

    @property
    def derived(self) -> Mapping[str, Any]:
        return self.result["derived"] if self.result else {}

    @property
    def refused(self) -> str:
        why = self.derived.get("refused")
        return refused_in_words(why) if why else ""

    @property
    def method(self) -> str:
        if self.derived.get("method") == "lmg":
            return _("LMG (Shapley): the mean gain in explained variance over all orders of the moments.")
        return _(
            "Relative weights (Johnson), because there are more than twelve moments. LMG is to be preferred "
            "where it can be computed."
        )

    @property
    def missing(self) -> str:
        """What was done about moments people did not live."""
        if float(self.derived.get("delta") or 0) > 0:
            return _(
                "The correlations were taken pair by pair and drawn towards zero a little, as they did not "
                "fit together otherwise."
            )
        return _("The correlations were taken pair by pair, since few customers experienced every moment.")

    @property
    def picked(self) -> bool:
        """Whether importance, where it is not derived, was picked."""
        return self.filters.wave.survey.importance == Importance.PICKS

    @cached_property
    def weighed(self) -> list[Weighed]:
        found = []
        for row, moment in self.moments:
            if derived := moment["derived"]:
                found.append(
                    Weighed(
                        row,
                        derived["stated"],
                        self.picked,
                        derived["share"],
                        derived["r"] < 0,
                        derived["meaning"],
                    )
                )
        return sorted(found, key=lambda one: -one.share)

    @property
    def not_weighed(self) -> str:
        """The moments that too few rated together with the whole to be weighed."""
        names = [row.name for row, moment in self.moments if not moment["derived"]]
        return listed(names) if self.weighed else ""

    @property
    def disagreeing(self) -> int:
        return sum(one.disagrees for one in self.weighed)

    @property
    def segments(self) -> list[str]:
        return list(self.result["segments"]) if self.result else []

    @cached_property
    def group_rows(self) -> list[GroupRow]:
        return [
            GroupRow(row, tuple(column.cells.get(row.key) for column in self.columns))
            for row, _moment in self.moments
        ]

    @property
    def any_slope(self) -> bool:
        return any(line.small.slope for line in self.lines)


def depth_of(cycle: Cycle, query: QueryDict) -> DepthPage:
    page = page_of(cycle, query)
    if page.state != "shown" or page.result is None:
        return DepthPage(page)
    assert page.filters
    filters = page.filters
    result = page.result
    if not is_deep(result):
        reading = read(filters.wave, filters.segment, filters.period)
        result = deepened(result, reading)
    by, lines = trend_of(page, query.get("by", ""))
    segment, columns = groups_of(page, query.get("groups", ""))
    return DepthPage(page, result, by, lines, segment, columns)
