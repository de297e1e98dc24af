"""The page behind the matrix: what holds under other rules, how sure the order is, trend, groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cycles.models import Cycle
from prioritization import figures, groups
from prioritization.analysis.estimates import estimate
from prioritization.analysis.headline import z_of
from prioritization.board import Row
from prioritization.comparison import comparable, key_of
from prioritization.depth import deepened, is_deep
from prioritization.filters import Filters, rule_name
from prioritization.matrix import asked, least_shown, open_to_view, read
from prioritization.matrix_page import MatrixPage, page_of
from prioritization.models import Matrix
from prioritization.months import Stretch, stretches_of
from prioritization.quadrant_names import quadrant_name
from prioritization.shapes import LOOKS
from prioritization.sources import refused_in_words
from prioritization.tallies import read as tallies
from prioritization.tallies.read import Filter
from prioritization.trend import Reading, Small, drawn
from surveys.models import Importance

RULES = {
    "grand_mean": "mean",
    "median": "median",
    "trimmed_mean": "trimmed",
    "scale_midpoint": "midpoint",
    "user": "target",
}
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
class Line:
    row: Row
    small: Small

    @property
    def said(self) -> str:
        known = [
            _("%(time)s: %(mean)s (%(low)s to %(high)s)")
            % {
                "time": one.label,
                "mean": figures.decimal(one.mean),
                "low": figures.decimal(one.low),
                "high": figures.decimal(one.high),
            }
            if one.shown
            else _("%(time)s: too few answers") % {"time": one.label}
            for one in self.small.readings
        ]
        return "; ".join(known)

    @property
    def slope_text(self) -> str:
        slope = self.small.slope
        if slope is None:
            return ""
        half = z_of(0.95) * slope.se
        return _("%(slope)s points each time (%(low)s to %(high)s)") % {
            "slope": figures.signed(slope.slope, 2),
            "low": figures.signed(slope.slope - half, 2),
            "high": figures.signed(slope.slope + half, 2),
        }


@dataclass(frozen=True)
class Column:
    value: str
    n: int
    cells: Mapping[str, groups.Cell]


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
        return [rule_name(RULES[rule]) for rule in self.moments[0][1]["quadrants"]] if self.moments else []

    @cached_property
    def held(self) -> list[Held]:
        found = []
        for row, moment in self.moments:
            quadrants = moment["quadrants"].values()
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
        return _("The correlations were taken pair by pair, since few customers lived every moment.")

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


def trend_of(page: MatrixPage, wanted: str) -> tuple[str, tuple[Line, ...]]:
    """Wave by wave where there are two; else, or when asked for, month by month."""
    assert page.board
    assert page.filters
    filters = page.filters
    waves = [filters.wave, *(w for w in filters.waves if comparable(w, filters.wave))]
    waves = sorted((w for w in waves if w.opened_at), key=lambda w: (w.opened_at, w.pk))
    by = (
        wanted
        if wanted in ("wave", "month")
        else "wave"
        if len(waves) > 1 and not filters.segment
        else "month"
    )
    if by == "wave":
        stored = {m.wave_id: m.result for m in Matrix.objects.filter(wave__in=waves, n_responses__gt=0)}
        stored[filters.wave.pk] = page.result or {}
        found = [(str(w), stored[w.pk]) for w in waves if w.pk in stored and not filters.segment]
        times = [(name, {key_of(m): m for m in result["moments"]}) for name, result in found]
    else:
        times = months_of(filters)
    if len(times) < 2:
        return by, ()
    lines = []
    for row in page.board.rows:
        readings = [at(name, moments.get(row.key)) for name, moments in times]
        if sum(one.shown for one in readings) > 1:
            lines.append(Line(row, drawn(readings, page.board.scale)))
    return by, tuple(lines)


def at(name: str, moment: Mapping[str, Any] | None) -> Reading:
    if moment is None or moment["suppressed"]:
        return Reading(name, None, None, 0)
    return Reading(name, moment["satisfaction"], moment["se_satisfaction"], moment["n_satisfaction"])


def months_of(filters: Filters) -> list[tuple[str, dict[str, dict[str, Any]]]]:
    """Stretches of months, none of which gives a small group away; all read in one statement."""
    stretches: list[Stretch] = stretches_of(filters.wave, filters.segment)
    if filters.period:
        first, last = filters.period
        stretches = [s for s in stretches if s.begins >= first and s.ends <= last]
    if len(stretches) < 2:
        return []
    items, layout = asked(filters.wave)
    segments = (filters.segment,) if filters.segment else ()
    wanted = [Filter(segments, s.begins, s.ends) for s in stretches]
    found = tallies.read(filters.wave.pk, layout, *wanted)
    times = []
    for stretch, tally in zip(stretches, found.tallies, strict=True):
        e = estimate(tally)
        moments = {}
        for m, item in enumerate(items):
            n = int(e.n_satisfaction[m])
            hidden = n < least_shown(filters.wave)
            key = str(item.moment_id) if item.moment_id is not None else f"q{item.pk}"
            moments[key] = {
                "suppressed": hidden,
                "satisfaction": None if hidden else float(e.satisfaction[m]),
                "se_satisfaction": None if hidden else float(e.blocks[m, 1, 1]) ** 0.5,
                "n_satisfaction": n,
            }
        times.append((stretch.label, moments))
    return times


def groups_of(page: MatrixPage, wanted: str) -> tuple[str, tuple[Column, ...]]:
    """The values of one segment, each against the rest of the wave."""
    assert page.filters
    assert page.result
    filters, sizes = page.filters, page.result["segments"]
    name = wanted if wanted in sizes else next(iter(sizes), "")
    # A period has its own sizes, which are not known for every group: then they are not compared.
    if not name or filters.period or page.matrix is None:
        return name, ()
    rows = groups.wanted(
        sizes[name], open_to_view(sizes[name], page.matrix.n_responses, least_shown(filters.wave))
    )
    items, layout = asked(filters.wave)
    values = sorted(sizes[name], key=lambda value: -sizes[name][value])[: tallies_at_once()]
    found = tallies.read(filters.wave.pk, layout, *(Filter(((name, value),)) for value in values))
    compared = groups.compared(dict(zip(values, found.tallies, strict=True)), rows)
    keys = [str(item.moment_id) if item.moment_id is not None else f"q{item.pk}" for item in items]
    return name, tuple(
        Column(one.value, one.n, {k: c for k, c in zip(keys, one.cells, strict=True) if c})
        for one in compared
    )


def tallies_at_once() -> int:
    """A segment of more values than this is a list of names: its tail belongs to nobody's rest."""
    return 60
