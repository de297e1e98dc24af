"""What the matrix page shows: the filters, the board, the two drawings, and how fresh it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cycles.models import Cycle
from cycles.outline import outline_of
from cycles.scores import Scores
from prioritization import figures, finding
from prioritization.address import choose_period, choose_rest, chosen_wave
from prioritization.analysis.engine import MIN_N
from prioritization.asking import waves_of
from prioritization.board import Board, Row, board_of
from prioritization.chart import Scatter, kept_scatter
from prioritization.comparison import Change, changes
from prioritization.drawing import words_of
from prioritization.effect_changes import effect_changes
from prioritization.filters import Filters
from prioritization.headlines import Headline, as_written
from prioritization.matrix import Watermark, compute, is_current, least_shown, open_to_view, read, watermarks
from prioritization.models import Matrix
from prioritization.months import stretches_of
from prioritization.shapes import Before, Point, Spread
from prioritization.sources import derived_from, refusal, refused_in_words
from prioritization.tallies.read import BeingCountedError
from surveys.models import Importance, Wave

# With so few moments every one of them is named on the chart.
NAME_ALL = 8


@dataclass(frozen=True)
class MatrixPage:
    """`state` is no_survey, no_importance, no_answers, counting, too_few or shown."""

    cycle: Cycle
    state: str
    filters: Filters | None = None
    matrix: Matrix | None = None
    now: Watermark | None = None
    board: Board | None = None
    compare_withheld: bool = False
    result: dict[str, Any] | None = None
    refused: str = ""

    @property
    def title(self) -> str:
        if self.state in ("shown", "too_few") and self.board:
            return finding.of_the_matrix(self.board)
        return {
            "no_survey": _("Ask the customers, and their answers say where to act"),
            "no_importance": _("This survey did not ask how important each moment is"),
            "no_answers": _("No answers yet"),
            "counting": _("The answers are being counted"),
        }[self.state]

    @property
    def headlines(self) -> list[Headline]:
        return as_written(self.result.get("metrics")) if self.result else []

    @property
    def comparison_title(self) -> str:
        return finding.of_the_changes(self.board) if self.board else ""

    @property
    def compares(self) -> bool:
        return bool(self.filters and self.filters.compare and self.board and self.board.compared)

    @property
    def stamp(self) -> str:
        return "counting" if self.state == "counting" else str(self.now)

    @property
    def live(self) -> bool:
        """Worth asking again soon."""
        return bool(self.filters and (self.filters.wave.is_open or self.state == "counting"))

    @cached_property
    def selected(self) -> Row | None:
        return self.board.row(self.filters.moment) if self.board and self.filters else None

    @property
    def close_href(self) -> str:
        """The page without the detail; "?" alone would be the address as it is."""
        query = self.filters.query(moment="") if self.filters else ""
        return f"?{query}" if query else "."

    @property
    def threshold(self) -> int:
        return least_shown(self.filters.wave) if self.filters else MIN_N

    @property
    def about(self) -> str:
        assert self.board
        return finding.of_the_chart(self.board)

    @cached_property
    def chart(self) -> Scatter:
        assert self.board
        assert self.filters
        everyone = len(self.board.rows) <= NAME_ALL
        return self.drawn(
            [
                replace(
                    self.point(row),
                    named=everyone or row.quadrant == "concentrate_here",
                    spread=spread(row) if self.filters.ellipses else None,
                )
                for row in self.board.rows
            ]
        )

    @cached_property
    def change_chart(self) -> Scatter:
        assert self.board
        points = []
        everyone = len(self.board.rows) <= NAME_ALL
        for row in self.board.rows:
            change = row.change
            before = (
                Before(change.importance_before, change.satisfaction_before, change.clear) if change else None
            )
            points.append(
                replace(self.point(row), named=everyone or bool(change and change.clear), before=before)
            )
        return self.drawn(points)

    def drawn(self, points: list[Point]) -> Scatter:
        assert self.board
        assert self.board.cross
        assert self.filters
        said = words_of(self.board, self.filters.rule_name)
        cross = self.board.cross.importance, self.board.cross.satisfaction
        return kept_scatter(tuple(points), cross, self.board.scale, said, get_language() or "")

    def point(self, row: Row) -> Point:
        assert self.filters
        said = {
            "number": row.number,
            "moment": row.name,
            "i": row.importance_text,
            "s": row.satisfaction_text,
            "quadrant": row.quadrant_name,
            "certainty": row.certainty_text,
        }
        return Point(
            number=row.number,
            name=row.name,
            importance=row.importance,
            satisfaction=row.satisfaction,
            quadrant=row.quadrant,
            rank=row.place,
            uncertain=row.uncertain,
            selected=row.key == self.filters.moment,
            href=row.href,
            title=_(
                "%(number)s. %(moment)s: importance %(i)s, satisfaction %(s)s, "
                "%(quadrant)s (certainty %(certainty)s)"
            )
            % said,
        )

    @property
    def period(self) -> str:
        """One line under the chart: what these means are means of."""
        assert self.board
        assert self.filters
        high = self.filters.wave.survey.scale_max
        parts = [_("Means from 1 to %(high)d.") % {"high": high}]
        if self.filters.is_picked:
            parts = [
                _("Satisfaction: means from 1 to %(high)d.") % {"high": high},
                _("Importance: the share of customers who picked the moment as one of the most important."),
            ]
        if self.filters.is_derived:
            parts = [
                _("Satisfaction: means from 1 to %(high)d.") % {"high": high},
                _(
                    "Importance: derived, the share of each moment in what the moments explain of the "
                    "overall satisfaction. It is an association, not an effect."
                ),
            ]
            if any(row.verdict is None for row in self.board.rows):
                parts.append(_("How certain a hollow mark is cannot be told here."))
        domain = self.chart.domain
        if domain.cut:
            parts.append(_("The axes begin at %(low)s.") % {"low": figures.decimal(domain.ticks[0])})
        if self.filters.ellipses:
            parts.append(_("Ellipses: %(share)s confidence.") % {"share": figures.percent(0.95)})
        return " ".join(parts)


def spread(row: Row) -> Spread | None:
    ring = row.ellipse
    return Spread(ring["major"], ring["minor"], ring["angle"]) if ring and not ring["degenerate"] else None


def located(cycle: Cycle, query: QueryDict) -> tuple[Filters | None, dict[int, Watermark]]:
    """Which wave is meant, and how far the answers of each are. Two queries."""
    waves = waves_of(cycle)
    if not waves:
        return None, {}
    now = watermarks(waves)
    return chosen_wave(query, waves, [pk for pk, mark in now.items() if mark.n]), now


def freshest_stamp(cycle: Cycle, query: QueryDict) -> str:
    """The stamp the page would have now, found without making the page."""
    filters, now = located(cycle, query)
    return str(now[filters.wave.pk]) if filters else str(None)


def page_of(cycle: Cycle, query: QueryDict) -> MatrixPage:
    filters, now = located(cycle, query)
    if filters is None:
        return MatrixPage(cycle, "no_survey")
    wanted = [w for w in (filters.wave, filters.compare) if w]
    stored = {m.wave_id: m for m in Matrix.objects.filter(wave__in=wanted)}
    mark = now[filters.wave.pk]
    try:
        matrix = current(filters.wave, stored, now)
        outline = outline_of(cycle, Scores())
        choose_rest(filters, outline, matrix.result if matrix else None)
        if may_have_months(filters):
            choose_period(filters, stretches_of(filters.wave, filters.segment))
        state = state_of(filters, mark)
        if state != "shown" or matrix is None:
            return MatrixPage(cycle, state, filters, matrix, mark)
        shown, refused = answered(filters, matrix)
        before = current(filters.compare, stored, now) if filters.compare else None
        then = result_before(filters, before.result if before else None)
    except BeingCountedError:
        return MatrixPage(cycle, "counting", filters, None, mark)
    board = board_of(
        shown,
        outline,
        filters.wave.survey.scale_max,
        stage_id=filters.stage.pk if filters.stage else None,
        channel=filters.channel,
        changes=changes_of(cycle, filters, shown, then),
        sort=filters.sort,
        chosen=filters.moment,
        href=lambda key: "?" + filters.query(moment=key),
    )
    withheld = filters.compare is not None and then is None
    known = Watermark(matrix.n_responses, matrix.last_response_id)
    state = "shown" if board.rows else "too_few"
    return MatrixPage(cycle, state, filters, matrix, known, board, withheld, shown, refused)


def changes_of(
    cycle: Cycle, filters: Filters, shown: Mapping[str, Any], then: Mapping[str, Any] | None
) -> dict[str, Change] | None:
    """Of every moment since the wave compared with; or of those that actions were to change."""
    if filters.effects:
        return effect_changes(cycle, filters.wave, filters.segment, shown) if not filters.period else {}
    return changes(shown, then) if then else None


def may_have_months(filters: Filters) -> bool:
    """A wave of one month has no period to choose; its address may ask for one all the same."""
    wave = filters.wave
    asked = filters.asked.get("from") or filters.asked.get("to")
    until = wave.closed_at or timezone.now()
    return bool(asked or (wave.opened_at and until - wave.opened_at > timedelta(days=28)))


def answered(filters: Filters, matrix: Matrix) -> tuple[dict[str, Any], str]:
    """What the page shows; and why importance is not derived, where it was asked for and is refused.

    Then the stated importance is shown, where there is one.
    """
    if filters.stored_answers_it:
        return matrix.result, ""
    reading = read(filters.wave, filters.segment, filters.period)
    refused = ""
    if filters.is_derived:
        tally = reading.segment or reading.everybody
        why = refusal(tally, derived_from(tally)) or refusal(
            reading.everybody, derived_from(reading.everybody)
        )
        if why:
            refused = refused_in_words(why)
            if filters.wave.survey.importance != Importance.NONE:
                filters.importance = "stated"
                if filters.cross == "target":
                    filters.cross = "mean"
    return compute(reading, filters.rule, filters.importance), refused


def current(wave: Wave, stored: dict[int, Matrix], now: dict[int, Watermark]) -> Matrix | None:
    """The matrix of everybody as of the last committed answer: the stored one, or made here and now.

    None where there are no answers; BeingCountedError when there are too many new ones.
    """
    mark, known = now[wave.pk], stored.get(wave.pk)
    if not mark.n:
        return None
    if known and is_current(known, mark):
        return known
    reading = read(wave)
    return Matrix(
        wave=wave,
        n_responses=reading.watermark.n,
        last_response_id=reading.watermark.last,
        result=compute(reading),
    )


def state_of(filters: Filters, now: Watermark) -> str:
    if filters.wave.survey.importance == Importance.NONE and not filters.is_derived:
        return "no_importance"
    return "shown" if now.n else "no_answers"


def result_before(filters: Filters, stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """The wave compared with, for the same people; None where they were too few to be shown then."""
    if filters.compare is None or stored is None:
        return stored
    if filters.segment is not None:
        name, value = filters.segment
        sizes = stored["segments"].get(name, {})
        if value not in open_to_view(sizes, stored["n_respondents"], least_shown(filters.compare)):
            return None
    elif not filters.is_derived:
        return stored
    return compute(read(filters.compare, filters.segment), importance=filters.importance)
