"""A ratings file read once, from beginning to end, into the sums of its waves."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization.ratings_file.csv_sheet import open_csv
from prioritization.ratings_file.cycle_file import CycleFile
from prioritization.ratings_file.faults import refuse
from prioritization.ratings_file.layout import Layout, read_header
from prioritization.ratings_file.long import read_long
from prioritization.ratings_file.points import read_points
from prioritization.ratings_file.question import Question, RatingsFile
from prioritization.ratings_file.sheet import Sheet
from prioritization.ratings_file.wide import read_wide
from prioritization.ratings_file.xlsx_sheet import open_xlsx


def read_ratings(path: Path, cycle: CycleFile | None = None, question: Question | None = None) -> RatingsFile:
    """FileFaultError: everything that is wrong with the file, with line and column."""
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
    told = _told(columns.ignored, sheet.blank, cycle, found.moments)
    return replace(found, notes=(*found.notes, *told))


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


def open_sheet(path: Path) -> Sheet:
    """By its first bytes a workbook or a CSV. FileFaultError: missing, empty, not UTF-8, no header."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise refuse(_("the file cannot be read: %s") % (error.strerror or error)) from error
    if not magic:
        raise refuse(_("the file is empty"))
    return open_xlsx(path) if magic == b"PK\x03\x04" else open_csv(path)
