"""A ratings file read once, from beginning to end, into the sums of its waves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization.analysis.estimates import Estimates
from prioritization.analysis.ratings import Scales
from prioritization.ratings_file.cells import open_sheet
from prioritization.ratings_file.cycle_file import CycleFile
from prioritization.ratings_file.faults import refuse
from prioritization.ratings_file.layout import Layout, read_header
from prioritization.ratings_file.sums import Sums


@dataclass(frozen=True)
class Question:
    """What the reader needs to know beforehand: segments (name -> value), weighted, and whether derived
    importance will have to be resampled."""

    segments: Mapping[str, str] = field(default_factory=dict)
    weighted: bool = False
    grouped: bool = False


@dataclass(frozen=True, eq=False)
class RatingsFile:
    """`waves` in the order of their names ("" when there is no wave column); `points` of that layout."""

    layout: Layout
    moments: tuple[str, ...]
    scales: Scales
    waves: Mapping[str, Sums] = field(default_factory=dict)
    points: Estimates | None = None
    has_importance: bool = False
    has_picks: bool = False
    has_overall: bool = False
    notes: tuple[str, ...] = ()


def read_ratings(path: Path, cycle: CycleFile | None = None, question: Question | None = None) -> RatingsFile:
    """FileFaultError: everything that is wrong with the file, with line and column."""
    from prioritization.ratings_file.long import read_long
    from prioritization.ratings_file.points import read_points
    from prioritization.ratings_file.wide import read_wide

    cycle, question = cycle or CycleFile(), question or Question()
    sheet = open_sheet(path)
    columns = read_header(sheet.header, sheet.header_line, cycle)
    if question.segments and columns.layout is not Layout.WIDE:
        raise refuse(_("only the wide layout has segments"))
    for name in question.segments:
        if name not in columns.segments:
            raise refuse(
                _("no segment of the name %(name)s; expected one of: %(known)s")
                % {"name": name, "known": ", ".join(columns.segments) or "–"}
            )
    if question.weighted and "weight" not in columns.single:
        raise refuse(_("the file has no column weight"))
    read = {Layout.WIDE: read_wide, Layout.LONG: read_long, Layout.POINTS: read_points}[columns.layout]
    found = read(sheet, columns, cycle, question)
    return RatingsFile(
        **{**vars(found), "notes": (*found.notes, *_told(columns.ignored, sheet.blank, cycle, found.moments))}
    )


def _told(ignored: tuple[str, ...], blank: int, cycle: CycleFile, moments: Iterable[str]) -> list[str]:
    notes = []
    if ignored:
        notes.append(_("Columns not used: %s.") % ", ".join(name or "–" for name in ignored))
    if blank:
        notes.append(ngettext("%d blank line was skipped.", "%d blank lines were skipped.", blank) % blank)
    absent = [moment for moment in cycle.moments if moment not in set(moments)]
    if absent:
        notes.append(_("Moments of the cycle file that have no ratings here: %s.") % ", ".join(absent))
    return notes
