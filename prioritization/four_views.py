"""Four views of one moment: what customers say, what mystery visits found, what the team believes that
customers would say, and whether the service levels are kept; and the gaps between them (S8.1, Holm).

Each kind of respondent is counted by itself: nothing here adds one to another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from scipy.special import stdtrit

from cycles.models import Cycle
from cycles.outline import Entry, Outline, outline_of
from cycles.scores import Scores
from cycles.service_levels import BREACHED, MET, LevelStanding, standing_of
from prioritization import figures
from prioritization.analysis.change import ALPHA, welch
from prioritization.analysis.multiplicity import holm
from prioritization.matrix import read
from surveys.models import Respondent, Wave
from surveys.visits import scores as visits

CUSTOMERS, STAFF, VISITS = Respondent.CUSTOMER, Respondent.STAFF, Respondent.MYSTERY_SHOPPER
# In points where all waves were asked on the same scale; else all in percent of it (POMP, S1.4).
PERCENT = (0.0, 100.0)


@dataclass(frozen=True)
class View:
    """One kind of respondent on one moment, on the page's scale. None: there is none, or too few."""

    n: int
    mean: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    # Fewer than may be shown of people; visits are shown from the first on.
    few: bool = False
    # Of visits: so few that they orient and do not measure.
    is_orientation: bool = False


@dataclass(frozen=True)
class Gap:
    """A view less the customers'. Without an interval where one side has none."""

    difference: float
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def clear(self) -> bool:
        return self.p is not None and self.p < ALPHA


@dataclass(frozen=True)
class ViewRow:
    entry: Entry
    views: Mapping[str, View]
    levels: Sequence[LevelStanding]
    gaps: Mapping[str, Gap]

    @property
    def customers(self) -> View | None:
        return self.views.get(CUSTOMERS)

    @property
    def staff(self) -> View | None:
        return self.views.get(STAFF)

    @property
    def visits(self) -> View | None:
        return self.views.get(VISITS)

    @property
    def staff_gap(self) -> Gap | None:
        return self.gaps.get(STAFF)

    @property
    def visits_gap(self) -> Gap | None:
        return self.gaps.get(VISITS)

    @property
    def level(self) -> str:
        """Missed where one is missed, met where all that are measured are met; "" where none is measured."""
        states = {one.state for one in self.levels}
        return BREACHED if BREACHED in states else MET if MET in states else ""

    @property
    def is_empty(self) -> bool:
        return not self.levels and not any(view.n for view in self.views.values())


@dataclass(frozen=True)
class FourViews:
    """`waves` by respondent; `scale` of every figure."""

    waves: Mapping[str, Wave]
    scale: tuple[float, float]
    rows: Sequence[ViewRow] = ()
    n_visits: int = 0
    outline: Outline | None = field(default=None, repr=False)

    @property
    def in_points(self) -> bool:
        return self.scale != PERCENT

    @property
    def places(self) -> int:
        return 1 if self.in_points else 0

    @property
    def scale_words(self) -> str:
        if self.in_points:
            return _("Points from 1 to %(high)d.") % {"high": int(self.scale[1])}
        return _("The surveys used different scales: all figures are percent of each scale, 0 to 100.")

    @property
    def widest(self) -> ViewRow | None:
        """Where the team and the customers are clearly furthest apart."""
        clear = [row for row in self.rows if row.staff_gap and row.staff_gap.clear]
        return max(clear, key=lambda row: abs(row.gaps[STAFF].difference), default=None)

    @property
    def sentence(self) -> str:
        if not {CUSTOMERS, STAFF} & set(self.waves) and VISITS not in self.waves:
            return _("One moment, seen from four sides")
        if CUSTOMERS not in self.waves:
            return _("Without customers’ answers there is nothing to hold the other views against")
        row = self.widest
        if row is not None:
            return said_of(row, self.places)
        if STAFF not in self.waves:
            return _("Ask the team what customers would say, and the gap shows here")
        return _("Nowhere do the team and the customers differ by more than chance")

    def row(self, moment_id: int) -> ViewRow | None:
        return next((row for row in self.rows if row.entry.moment.pk == moment_id), None)


def said_of(row: ViewRow, places: int = 1) -> str:
    """“Be greeted”: the team rates it 0.8 higher than customers do."""
    difference = row.gaps[STAFF].difference
    said = {"moment": row.entry.moment, "points": figures.decimal(abs(difference), places)}
    if difference > 0:
        return _("“%(moment)s”: the team rates it %(points)s higher than customers do") % said
    return _("“%(moment)s”: the team rates it %(points)s lower than customers do") % said


# --- Reading -----------------------------------------------------------------------------------------


def views_of(cycle: Cycle, waves: Mapping[str, Wave], moments: Iterable[int] | None = None) -> FourViews:
    """By respondent the wave to show. BeingCountedError where too many answers are not counted yet."""
    outline = outline_of(cycle, Scores())
    scale = scale_of(list(waves.values()))
    found: dict[str, dict[int, View]] = {}
    for kind in (CUSTOMERS, STAFF):
        if kind in waves:
            found[kind] = answered(waves[kind], scale)
    n_visits = 0
    if VISITS in waves:
        told = visits.scores_of(waves[VISITS])
        n_visits = told.n_visits
        found[VISITS] = visited(told, scale)
    levels: dict[int | None, list[LevelStanding]] = {}
    for standing in standing_of(cycle):
        if standing.in_force:
            levels.setdefault(standing.moment_id, []).append(standing)
    keys = [entry.moment.pk for entry in outline]
    # Over all moments, whichever of them the page shows.
    gaps = {kind: gaps_of(keys, found.get(CUSTOMERS, {}), found.get(kind, {})) for kind in (STAFF, VISITS)}
    rows = [
        ViewRow(
            entry,
            {kind: views[entry.moment.pk] for kind, views in found.items() if entry.moment.pk in views},
            levels.get(entry.moment.pk, []),
            {kind: by[entry.moment.pk] for kind, by in gaps.items() if entry.moment.pk in by},
        )
        for entry in outline
        if moments is None or entry.moment.pk in moments
    ]
    return FourViews(waves, scale, rows, n_visits, outline)


def scale_of(waves: Sequence[Wave]) -> tuple[float, float]:
    highs = {wave.survey.scale_max for wave in waves}
    return (1.0, float(highs.pop())) if len(highs) == 1 else PERCENT


def mapped(mean: float, high: int, scale: tuple[float, float]) -> float:
    """A point of 1 to high, on the page's scale."""
    return mean if scale == (1.0, float(high)) else 100 * (mean - 1) / (high - 1)


def answered(wave: Wave, scale: tuple[float, float]) -> dict[int, View]:
    """Satisfaction as it was rated, whether importance was asked or not; too few are not shown (S0)."""
    reading = read(wave)
    estimates = reading.estimates(reading.everybody, False)
    variances = estimates.blocks[:, 1, 1]
    found = {}
    columns = zip(reading.items, estimates.satisfaction, variances, estimates.n_satisfaction, strict=True)
    for item, mean, variance, n in columns:
        if item.moment_id is not None:
            shown = n >= reading.least and not np.isnan(mean)
            found[item.moment_id] = (
                view(int(n), float(mean), float(variance), wave.survey.scale_max, scale)
                if shown
                else View(int(n), few=bool(n))
            )
    return found


def view(n: int, mean: float, variance: float, high: int, scale: tuple[float, float], **more: Any) -> View:
    unit = mapped(2, high, scale) - mapped(1, high, scale)
    mean, se = mapped(mean, high, scale), float(np.sqrt(variance)) * unit
    if n < 2 or np.isnan(se):
        return View(n, mean, **more)
    half = float(stdtrit(n - 1, 0.975)) * se
    return View(n, mean, se, max(scale[0], mean - half), min(scale[1], mean + half), **more)


def visited(told: visits.VisitScores, scale: tuple[float, float]) -> dict[int, View]:
    high = told.wave.survey.scale_max
    return {
        moment_id: view(
            one.n,
            one.mean,
            one.se**2 if one.se is not None else np.nan,
            high,
            scale,
            is_orientation=one.is_orientation,
        )
        for moment_id, one in told.of_moment.items()
    }


def gaps_of(keys: Sequence[int], first: Mapping[int, View], second: Mapping[int, View]) -> dict[int, Gap]:
    """Second less first by Welch, Holm over all the moments that have both (S8.1)."""
    there = [k for k in keys if k in first and k in second]
    there = [k for k in there if first[k].mean is not None and second[k].mean is not None]
    if not there:
        return {}

    def column(views: Mapping[int, View], name: str) -> np.ndarray:
        values = [getattr(views[k], name) for k in there]
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    m1, s1, n1 = (column(first, name) for name in ("mean", "se", "n"))
    m2, s2, n2 = (column(second, name) for name in ("mean", "se", "n"))
    found = welch(m1, s1**2, n1, m2, s2**2, n2)
    p = holm(found.p)
    return {
        k: Gap(float(m2[i] - m1[i]), known(found.low[i]), known(found.high[i]), known(p[i]))
        for i, k in enumerate(there)
    }


def known(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
