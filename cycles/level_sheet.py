"""The one page both parties sign: what is agreed, in which version, and what was measured so far."""

from datetime import date
from typing import Any

from django.utils.formats import date_format

from cycles.choices import Every
from cycles.measured_page import number, points_of
from cycles.models import ServiceLevel
from cycles.results import with_gaps
from cycles.series import draw_series
from cycles.service_levels import LevelStanding, standing_of

# Of the results: a year of months stands on the page.
SHOWN = 12


def context_of(level: ServiceLevel, today: date) -> dict[str, Any]:
    """For `cycles/_level_sheet.html`, on screen and on paper alike."""
    standings = standing_of(level.cycle, today)
    standing = next(one for one in standings if one.level.pk == level.pk)
    return {"sheet": standing, "level": standing.level, "today": today, **results_context(standing)}


def results_context(standing: LevelStanding) -> dict[str, Any]:
    level = standing.level
    periods = with_gaps([one for one, _kept in standing.judged], level.every, standing.today)[-SHOWN:]
    target = standing.target
    return {
        "rows": [
            (
                date_format(day, "M Y" if level.every == Every.MONTH else "SHORT_DATE_FORMAT"),
                result.text if result else "",
                standing.kept(result),
            )
            for day, result in periods
        ],
        "series": draw_series(
            points_of(periods, level, standing.unit, standing.kept),
            float(target.value) if target else None,
            target.text if target else "",
            width=640,
            height=170,
            write=number,
        ),
    }
