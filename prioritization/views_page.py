"""The page of the four views: which waves are meant, what each line shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cycles.models import Cycle
from prioritization import figures
from prioritization.filters import Choice, wave_label
from prioritization.four_views import CUSTOMERS, STAFF, VISITS, FourViews, Gap, View, ViewRow, views_of
from prioritization.tallies.read import BeingCountedError
from prioritization.views_chart import Given, ViewsLine, views_line
from surveys.models import Response, Visit, VisitState, Wave

# What each wave is called in the address.
FIELDS = {CUSTOMERS: "customers", STAFF: "staff", VISITS: "visits"}


def kind_name(kind: str) -> str:
    return {
        str(CUSTOMERS): pgettext("view of a moment", "Customers"),
        str(STAFF): pgettext("view of a moment", "Team"),
        str(VISITS): pgettext("view of a moment", "Mystery visits"),
    }[str(kind)]


@dataclass(frozen=True)
class Chooser:
    """One kind of respondent, and whose wave is shown."""

    name: str
    label: str
    choices: Sequence[Choice]
    error: str = ""


@dataclass(frozen=True)
class Line:
    """A moment as the table prints it."""

    row: ViewRow
    chart: ViewsLine
    customers: tuple[str, str]
    staff: tuple[str, str]
    visits: tuple[str, str]
    staff_gap: str
    visits_gap: str


@dataclass(frozen=True)
class ViewsPage:
    """`state` is nothing, counting or shown."""

    state: str
    choosers: Sequence[Chooser] = ()
    views: FourViews | None = None
    lines: Sequence[Line] = ()
    waves: Mapping[str, Wave] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        return any(chooser.error for chooser in self.choosers)

    @property
    def visits_wave(self) -> Wave | None:
        return self.waves.get(VISITS)

    @cached_property
    def has(self) -> dict[str, bool]:
        """Which columns have a figure; the others are left out."""
        texts = {
            "staff": [line.staff[0] for line in self.lines],
            "visits": [line.visits[0] for line in self.lines],
            "staff_gap": [line.staff_gap for line in self.lines],
            "visits_gap": [line.visits_gap for line in self.lines],
        }
        found = {name: any(text != figures.MISSING for text in all_) for name, all_ in texts.items()}
        return {**found, "levels": any(line.row.levels for line in self.lines)}

    @property
    def few_visits(self) -> str:
        n = self.views.n_visits if self.views else 0
        if not n or n >= 10:
            return ""
        said = ngettext(
            "%(n)d visit: orientation, not measurement.", "%(n)d visits: orientation, not measurement.", n
        )
        return said % {"n": n}


def with_something(cycle: Cycle) -> dict[str, list[Wave]]:
    """By respondent the waves that have answers, or visits made; the latest first. One query."""
    waves = waves_of_respondents(cycle)
    found: dict[str, list[Wave]] = {}
    for wave in waves:
        found.setdefault(wave.survey.respondent, []).append(wave)
    return found


def waves_of_respondents(cycle: Cycle) -> list[Wave]:
    answers = Response.objects.filter(wave=OuterRef("pk"))
    made = Visit.objects.filter(wave=OuterRef("pk")).exclude(state=VisitState.PLANNED)
    rows = Wave.objects.filter(survey__cycle=cycle, opened_at__isnull=False).select_related("survey")
    rows = rows.annotate(has_answers=Exists(answers), has_visits=Exists(made)).order_by("-opened_at", "-pk")
    return [
        wave for wave in rows if (wave.has_visits if wave.survey.respondent == VISITS else wave.has_answers)
    ]


def chosen(query: QueryDict, waves: Mapping[str, Sequence[Wave]]) -> tuple[dict[str, Wave], list[Chooser]]:
    """The wave asked for of each kind, else the latest; what makes no sense is answered with a sentence."""
    found, choosers = {}, []
    for kind, name in FIELDS.items():
        known = waves.get(kind, [])
        wanted = str(query.get(name, "")).strip()
        wave = next((one for one in known if str(one.pk) == wanted), known[0] if known else None)
        if wave is not None:
            found[str(kind)] = wave
        error = ""
        if wanted and (wave is None or str(wave.pk) != wanted):
            error = _("There is no such wave. This is the latest one.")
        choices = [Choice(str(one.pk), wave_label(one, known), one == wave) for one in known]
        choosers.append(Chooser(name, kind_name(kind), choices, error))
    return found, choosers


def page_of(cycle: Cycle, query: QueryDict) -> ViewsPage:
    waves, choosers = chosen(query, with_something(cycle))
    try:
        views = views_of(cycle, waves)
    except BeingCountedError:
        return ViewsPage("counting", choosers, waves=waves)
    if not waves and not any(row.levels for row in views.rows):
        return ViewsPage("nothing", choosers, views)
    return ViewsPage("shown", choosers, views, [line_of(row, views) for row in views.rows], waves)


def of_moment(cycle: Cycle, moment_id: int) -> tuple[FourViews, Line] | None:
    """The latest waves, for the panel of one moment; None where nobody has said anything of it."""
    waves, _choosers = chosen(QueryDict(), with_something(cycle))
    views = views_of(cycle, waves, {moment_id})
    row = views.row(moment_id)
    return None if row is None or row.is_empty else (views, line_of(row, views))


def line_of(row: ViewRow, views: FourViews) -> Line:
    given = [
        Given(str(kind), view.mean, view.low, view.high, title(str(kind), view, views.places))
        for kind in FIELDS
        if (view := row.views.get(str(kind))) and view.mean is not None
    ]
    places = views.places
    return Line(
        row,
        views_line(given, views.scale),
        customers=parts_of(row.customers, places),
        staff=parts_of(row.staff, places),
        visits=parts_of(row.visits, places),
        staff_gap=gap_text(row.staff_gap, places),
        visits_gap=gap_text(row.visits_gap, places),
    )


def title(kind: str, view: View, places: int) -> str:
    return f"{kind_name(kind)}: {view_text(view, places)}"


def view_text(view: View | None, places: int) -> str:
    """4.1 (3.8–4.4), n 120"""
    if view is None or not view.n:
        return figures.MISSING
    if view.mean is None:
        return _("too few answers (n %(n)d)") % {"n": view.n}
    written = figures.decimal(view.mean, places)
    if view.low is not None and view.high is not None:
        written += f" ({figures.decimal(view.low, places)}–{figures.decimal(view.high, places)})"
    return f"{written}, n {view.n}"


def parts_of(view: View | None, places: int) -> tuple[str, str]:
    """The same in two lines: 4.1 (3.8–4.4) and n 120."""
    value, _comma, n = view_text(view, places).rpartition(", n ")
    return (value, f"n {n}") if value else (n, "")


def gap_text(gap: Gap | None, places: int) -> str:
    """+0.8 (0.4 to 1.2)"""
    if gap is None:
        return figures.MISSING
    written = figures.signed(gap.difference, places)
    if gap.low is None or gap.high is None:
        return written
    low, high = figures.signed(gap.low, places), figures.signed(gap.high, places)
    return _("%(gap)s (%(low)s to %(high)s)") % {"gap": written, "low": low, "high": high}
