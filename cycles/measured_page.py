"""What the page of one service level or indicator shows: its results in a drawing and in a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cycles.agreements import period_name
from cycles.choices import Every
from cycles.indicators import Followed
from cycles.models import Cycle, Measurement, ServiceLevel
from cycles.results import (
    Result,
    Thing,
    following,
    key_of,
    preceding,
    results_of,
    with_gaps,
)
from cycles.series import Point, Series, draw_series
from cycles.service_levels import LevelStanding, standing_of
from cycles.units import figure, with_unit

# Points of the drawing and rows of the table; the rest is one press away.
DRAWN, LISTED = 36, 40


@dataclass(frozen=True)
class ResultRow:
    day: date
    label: str
    text: str  # "" for a gap
    kept: bool | None
    n: int | None = None
    measurement: Measurement | None = None
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True)
class MeasuredPage:
    thing: Thing
    cycle: Cycle
    target_text: str
    unit: str
    standing: LevelStanding | None  # of a service level
    series: Series | None
    narrow: Series | None  # the same for a phone
    series_title: str
    rows: list[ResultRow]
    more: int  # rows that are not shown
    next_period: str
    n: int
    last_text: str = "–"
    last_period: str = ""
    last_kept: bool | None = None
    source: str = ""

    @property
    def is_level(self) -> bool:
        return isinstance(self.thing, ServiceLevel)

    @property
    def reference(self) -> str:
        """As an import names what all its rows are of."""
        return f"{self.thing._meta.model_name}-{self.thing.pk}"

    @property
    def is_typed(self) -> bool:
        return not self.thing.clock

    @property
    def gaps(self) -> int:
        return sum(not row.text for row in self.rows)


def measured_page(cycle: Cycle, thing: Thing, *, everything: bool = False) -> MeasuredPage:
    """A fixed number of queries."""
    today = timezone.localdate()
    standing, followed = judged(cycle, thing, today)
    results = standing.results if standing else followed.results
    target = standing.target if standing else None
    bound_value = target.value if target else thing.target_value
    target_text = target.text if target else followed.target_text
    unit = target.unit if target else thing.text("unit")

    def kept(result: Result | None) -> bool | None:
        if result is None:
            return None
        return standing.kept(result) if standing else followed.kept(result)

    periods = with_gaps(results, thing.every, today)
    shown = periods if everything else periods[-LISTED:]
    said = corrections_of(thing)
    rows = [result_row(thing, day, result, kept(result), said) for day, result in reversed(shown)]
    points = points_of(periods[-DRAWN:], thing, unit, kept)
    target_at = float(bound_value) if bound_value is not None else None
    series = draw_series(points, target_at, target_text, write=number)
    narrow = draw_series(points, target_at, target_text, width=340, height=190, write=number)
    last = results[-1] if results else None
    return MeasuredPage(
        thing=thing,
        cycle=cycle,
        target_text=target_text,
        unit=unit,
        standing=standing,
        series=series,
        narrow=narrow,
        series_title=in_words(thing, target_text, results, unit),
        rows=rows,
        more=len(periods) - len(shown),
        next_period=next_period(results, thing.every, today),
        n=len(results),
        last_text=with_unit(last.value, unit) if last else "–",
        last_period=period_name(last.day, thing.every) if last else "",
        last_kept=kept(last),
        source=followed.source,
    )


def result_row(
    thing: Thing,
    day: date,
    result: Result | None,
    kept: bool | None,
    corrections: Mapping[int, Sequence[str]],
) -> ResultRow:
    name = period_name(day, thing.every)
    if result is None:
        return ResultRow(day, name, "", kept, None, None, ())
    measured = result.measurement
    corrected = tuple(corrections.get(measured.pk, ())) if measured else ()
    return ResultRow(day, name, result.text, kept, result.n, measured, corrected)


def judged(cycle: Cycle, thing: Thing, today: date) -> tuple[LevelStanding | None, Followed]:
    if isinstance(thing, ServiceLevel):
        standings = standing_of(cycle, today, whole=True)
        standing = next(one for one in standings if one.level.pk == thing.pk)
        return standing, Followed(thing, "", None, thing.text("unit"), standing.results)
    results = results_of(cycle, [thing])[key_of(thing)]
    return None, Followed(thing, thing.bound, thing.target_value, thing.text("unit"), results)


def points_of(
    periods: Sequence[tuple[date, Result | None]], thing: Thing, unit: str, kept: Any
) -> list[Point]:
    month = pgettext("a month and its year, in the letters of Django's date filter", "M y")
    day_month = pgettext("a day and its month, in the letters of Django's date filter", "j M")
    shape = month if thing.every == Every.MONTH else day_month
    return [
        Point(
            date_format(day, shape),
            float(result.value) if result else None,
            with_unit(result.value, unit) if result else "",
            kept(result),
        )
        for day, result in periods
    ]


def small_series(
    periods: Sequence[tuple[date, Result | None]], thing: Thing, unit: str, kept: Any
) -> Series | None:
    """Beside a line of a list: the shape alone."""
    return draw_series(points_of(periods, thing, unit, kept), width=96, height=28, small=True)


def number(text: str) -> str:
    return number_format(text).replace("-", "\N{MINUS SIGN}")


def in_words(thing: Thing, target: str, results: Sequence[Result], unit: str) -> str:
    if not results:
        return str(thing)
    said = {
        "name": thing,
        "first": period_name(results[0].day, thing.every),
        "last": period_name(results[-1].day, thing.every),
        "value": with_unit(results[-1].value, unit),
    }
    text = _("%(name)s, from %(first)s to %(last)s. The last result is %(value)s.") % said
    return f"{text} " + _("Target: %(target)s.") % {"target": target} if target else text


def next_period(results: Sequence[Result], every: str, today: date) -> str:
    """What comes after the last result, or the last period that is over; "" where all have theirs."""
    this = today.replace(day=1) if every == Every.MONTH else today
    day = following(results[-1].day, every) if results else preceding(this, every)
    if day > this:
        return ""
    return day.strftime("%Y-%m" if every == Every.MONTH else "%Y-%m-%d")


def corrections_of(thing: Thing) -> dict[int, list[str]]:
    """What each result was before it was corrected, and who did it. One query."""
    name = "service_level_id" if isinstance(thing, ServiceLevel) else "indicator_id"
    rows = Measurement.history.model.objects.filter(of_cycle=thing.cycle_id, **{name: thing.pk})
    found: dict[int, list[str]] = {}
    for row in rows.order_by("history_date", "history_id"):
        if pair := row.delta.get("value"):
            before, after = (Measurement._meta.get_field("value").to_python(value) for value in pair)
            said = {
                "before": figure(before),
                "after": figure(after),
                "who": row.author or _("Somebody"),
                "day": date_format(timezone.localtime(row.history_date), "SHORT_DATE_FORMAT"),
            }
            text = _("%(before)s became %(after)s: %(who)s, %(day)s") % said
            found.setdefault(row.id, []).append(text)
    return found
