"""Each moment over time, behind the matrix: wave by wave, or month by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from prioritization import figures
from prioritization.analysis.estimates import estimate
from prioritization.analysis.headline import z_of
from prioritization.board import Row
from prioritization.comparison import comparable, key_of
from prioritization.filters import Filters
from prioritization.matrix import asked, least_shown
from prioritization.matrix_page import MatrixPage
from prioritization.models import Matrix
from prioritization.months import Stretch, stretches_of
from prioritization.tallies import read as tallies
from prioritization.tallies.read import Filter
from prioritization.trend import Reading, Small, drawn


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
