"""Root causes by frequency, with the share that they make up together: figures, and a drawing of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import wrap
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap.rounding import whole_percent
from cyclemap.svg import num
from cycles.models import Cycle, Moment
from surveys.models import Case, CaseKind, Cause


@dataclass(frozen=True)
class Layout:
    """Of the drawing, in its own units."""

    width: float
    label: float  # where the bars begin
    above: float  # room for the cause's name above its bar; 0: it stands beside it
    letters: int  # in a line of a name
    right: float

    bar: float = 24.0
    gap: float = 10.0
    top: float = 28.0
    foot: float = 26.0


WIDE = Layout(width=760, label=340, above=0, letters=44, right=60)
PHONE = Layout(width=340, label=30, above=20, letters=44, right=20)
LETTER = 15.0  # from one line of a name to the next; no name takes more than two
PERIODS = (30, 90, 365)


@dataclass(frozen=True)
class Bar:
    """One cause: how many cases have it, and the share of it and all before it."""

    name: str
    n: int
    share: float
    together: float

    @property
    def percent(self) -> str:
        return percent(self.share)

    @property
    def percent_together(self) -> str:
        return percent(self.together)


def percent(share: float) -> str:
    return _("%(n)s%%") % {"n": whole_percent(share)}


@dataclass(frozen=True)
class Pareto:
    bars: list[Bar]
    n_cases: int
    n_untagged: int
    # Moments that have tagged cases, with each of their causes, the most frequent of all first.
    moments: list[tuple[str, list[tuple[str, int]]]]


@dataclass(frozen=True)
class Wanted:
    moment: int | None = None
    kind: str = ""
    days: int | None = None

    @property
    def narrows(self) -> bool:
        return self != Wanted()


def wanted(told: Mapping[str, str]) -> Wanted:
    moment, days = told.get("moment", ""), told.get("days", "")
    kind = told.get("kind", "")
    return Wanted(
        int(moment) if moment.isascii() and moment.isdigit() and len(moment) < 18 else None,
        kind if kind in CaseKind.values else "",
        int(days) if days in {str(n) for n in PERIODS} else None,
    )


def pareto_of(cycle: Cycle, want: Wanted, now: datetime) -> Pareto:
    """Four questions, however many cases."""
    cases = Case.objects.filter(cycle=cycle)
    if want.moment:
        cases = cases.filter(moment=want.moment)
    if want.kind:
        cases = cases.filter(kind=want.kind)
    if want.days:
        cases = cases.filter(opened_at__gte=now - timedelta(days=want.days))
    rows = list(cases.exclude(causes=None).order_by().values_list("causes", "moment").annotate(n=Count("pk")))
    named = {cause.pk: str(cause) for cause in Cause.objects.filter(client=cycle.client_id)}
    totals: dict[int, int] = {}
    for cause, _moment, n in rows:
        totals[cause] = totals.get(cause, 0) + n
    order = sorted(totals, key=lambda pk: (-totals[pk], named[pk]))
    whole, so_far, bars = sum(totals.values()), 0, []
    for pk in order:
        so_far += totals[pk]
        bars.append(Bar(named[pk], totals[pk], totals[pk] / whole, so_far / whole))
    n_cases = cases.count()
    tagged = cases.exclude(causes=None).distinct().count()
    return Pareto(bars, n_cases, n_cases - tagged, _by_moment(cycle, rows, named, order))


def _by_moment(
    cycle: Cycle, rows: list[tuple[int, int | None, int]], named: Mapping[int, str], order: list[int]
) -> list[tuple[str, list[tuple[str, int]]]]:
    moments = Moment.objects.filter(stage__cycle=cycle, pk__in={row[1] for row in rows if row[1]})
    names: dict[int | None, str] = {
        moment.pk: str(moment) for moment in moments.order_by("stage__position", "position")
    }
    names[None] = _("No moment")
    cells = {(moment, cause): n for cause, moment, n in rows}
    found = [
        (name, [(named[cause], cells[pk, cause]) for cause in order if (pk, cause) in cells])
        for pk, name in names.items()
    ]
    return [row for row in found if row[1]]


@dataclass(frozen=True)
class Drawn:
    view_box: str
    title: str
    bars: list[dict[str, Any]]
    line: str
    dots: list[dict[str, str]]
    ticks: list[dict[str, str]]


def draw(bars: Sequence[Bar], title: str, layout: Layout = WIDE) -> Drawn:
    """Bars below one another, longest first, and over them the line of the shares together: one axis."""
    at = layout
    bottom = at.top
    long = at.width - at.label - at.right
    rows, dots = [], []
    for bar in bars:
        words = _lines(bar.name, at.letters)
        y = bottom + (at.above + LETTER * (len(words) - 1) if at.above else 0)
        rows.append(_row(bar, words, y, long, at))
        x = at.label + long * bar.together
        dots.append({"x": num(x), "y": num(y + at.bar / 2), "share": f"{whole_percent(bar.together)}"})
        bottom = y + at.bar + at.gap
    line = " ".join(f"{'L' if place else 'M'}{dot['x']} {dot['y']}" for place, dot in enumerate(dots))
    ticks = [
        {
            "x": num(at.label + long * share / 100),
            "y1": num(at.top - 6),
            "y2": num(bottom),
            "text_y": num(at.top - 12),
            "text": f"{share}",
        }
        for share in (0, 50, 80, 100)
    ]
    return Drawn(f"0 0 {num(at.width)} {num(bottom + at.foot)}", title, rows, line, dots, ticks)


def _row(bar: Bar, words: list[str], y: float, long: float, at: Layout) -> dict[str, Any]:
    """`y`: its upper edge; `long`: a bar of all cases."""
    middle = y + at.bar / 2 + 4.5  # where letters stand in the middle of it
    more = LETTER * (len(words) - 1)
    first = y - 6 - more if at.above else middle - more / 2
    return {
        "x": num(at.label),
        "y": num(y),
        "width": num(long * bar.share),
        "height": num(at.bar),
        "words": [{"text": text, "y": num(first + n * LETTER)} for n, text in enumerate(words)],
        "label_x": num(0 if at.above else at.label - 36),
        "label_end": "start" if at.above else "end",
        "name": bar.name,
        "n": str(bar.n),
        "n_x": num(at.label - 10),
        "n_y": num(middle),
        "said": ngettext("%(n)d case", "%(n)d cases", bar.n) % {"n": bar.n},
    }


def _lines(name: str, letters: int) -> list[str]:
    return wrap(name, letters, max_lines=2, placeholder="…") or [name]
