"""Results period by period, typed in or computed from the cases. What is missing is a gap, never zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from cycles.choices import Bound, Every
from cycles.clocks import Timed, hours_of, standing_for
from cycles.models import Cycle, Indicator, Measurement, ServiceLevel
from cycles.units import figure

# A year of months; a month of days.
WINDOW = {Every.MONTH.value: 12, Every.DAY.value: 30}

Thing = ServiceLevel | Indicator


def keeps(bound: str, target: Decimal, value: Decimal) -> bool:
    return value <= target if bound == Bound.AT_MOST else value >= target


@dataclass(frozen=True)
class Result:
    """One period that has a value."""

    day: date
    value: Decimal
    n: int | None = None  # cases it was computed from
    measurement: Measurement | None = None

    @property
    def text(self) -> str:
        return figure(self.value)


def results_of(
    cycle: Cycle, things: Sequence[Thing], since: date | None = None
) -> dict[tuple[str, int], list[Result]]:
    """By kind and key, in order of time. One query, and one more where something is timed by cases."""
    found: dict[tuple[str, int], list[Result]] = {key_of(thing): [] for thing in things}
    rows: QuerySet[Measurement] = Measurement.objects.filter(cycle=cycle, deleted_at=None)
    if since:
        rows = rows.filter(day__gte=since)
    for row in rows.order_by("day"):
        key = (
            ("level", row.service_level_id) if row.service_level_id else ("indicator", row.indicator_id or 0)
        )
        if key in found:
            found[key].append(Result(row.day, row.value, measurement=row))
    clocked = [thing for thing in things if thing.clock]
    if clocked:
        timed = hours_of(cycle)
        for thing in clocked:
            found[key_of(thing)] = [one for one in from_cases(thing, timed) if not since or one.day >= since]
    return found


def key_of(thing: Thing) -> tuple[str, int]:
    return ("level" if isinstance(thing, ServiceLevel) else "indicator"), thing.pk


def from_cases(thing: Thing, timed: Iterable[Timed]) -> list[Result]:
    """Each case counts in the period in which it got so far."""
    hours: dict[date, list[float]] = {}
    for one in timed:
        if one.clock == thing.clock and thing.moment_id in (None, one.moment_id):
            hours.setdefault(thing.period(one.day), []).append(one.hours)
    return [
        Result(day, standing_for(thing.statistic, of_day), len(of_day))
        for day, of_day in sorted(hours.items())
    ]


# --- Periods -------------------------------------------------------------------------------------


def following(day: date, every: str) -> date:
    if every == Every.DAY:
        return day + timedelta(days=1)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def preceding(day: date, every: str) -> date:
    if every == Every.DAY:
        return day - timedelta(days=1)
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def periods(first: date, last: date, every: str) -> list[date]:
    """Both included, at most so many that a drawing can hold them: the latest."""
    days: list[date] = []
    day = last
    while day >= first and len(days) < MOST_PERIODS:
        days.append(day)
        day = preceding(day, every)
    return days[::-1]


MOST_PERIODS = 400


def window_start(every: str, today: date) -> date:
    """The first of the periods that are counted, the one that is going on among them."""
    day = today.replace(day=1) if every == Every.MONTH else today
    for _step in range(WINDOW[every]):
        day = preceding(day, every)
    return day


def with_gaps(results: Sequence[Result], every: str, today: date) -> list[tuple[date, Result | None]]:
    """From the first result to the last period that is over, or the last result; None where there is none."""
    if not results:
        return []
    by_day: Mapping[date, Result] = {result.day: result for result in results}
    over = preceding(today.replace(day=1) if every == Every.MONTH else today, every)
    return [(day, by_day.get(day)) for day in periods(results[0].day, max(over, results[-1].day), every)]
