"""The report card as a file for a spreadsheet: numbers as numbers, names as plain text."""

import csv
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyclemap.sheets import inert
from prioritization.card_lines import Level, Line
from prioritization.matrix_csv import rounded
from prioritization.report_card import Card


def written(card: Card | None) -> str:
    """With a byte order mark, by which spreadsheets know UTF-8. What too few rated has no numbers."""
    out = StringIO()
    out.write("\ufeff")
    write = csv.writer(out).writerow
    write(heads())
    for line in card.lines if card else ():
        write(cells(line))
    if card:
        write([])
        write([_("Grade"), _("From percent of the scale"), _("From point of the scale")])
        for step in card.steps:
            write([step.label, step.percent, round(step.point, 4)])
        for name, value in card.words:
            write([inert(name), inert(value)])
    return out.getvalue()


def heads() -> list[str]:
    return [
        _("Level"),
        _("Number"),
        _("Name"),
        _("Grade"),
        _("Other grades within the interval"),
        _("Probability of the grade"),
        _("Satisfaction"),
        _("Interval from"),
        _("Interval to"),
        _("Share of the importance"),
        _("Fewest ratings"),
        _("Most ratings"),
        _("Change of satisfaction"),
        pgettext("column", "Verdict"),
        _("Adjusted p"),
        _("Note"),
    ]


def level_name(level: Level) -> str:
    return {
        Level.OVERALL: _("Whole cycle"),
        Level.PHASE: _("Phase"),
        Level.STAGE: _("Stage"),
        Level.MOMENT: _("Moment"),
        Level.REQUIREMENT: _("Requirement"),
    }[level]


def cells(line: Line) -> list[object]:
    name = inert(line.name or "")
    if line.grade is None or line.mean is None:
        return [level_name(line.level), line.number, name, *[""] * 12, _("Not shown: too few answers")]
    change = line.change
    return [
        level_name(line.level),
        line.number,
        name,
        line.grade.label,
        " ".join(line.grade.could_be),
        rounded(line.grade.p),
        *(rounded(x) for x in (line.mean.value, line.low, line.high, line.share)),
        line.mean.n,
        line.mean.n_most,
        rounded(change.difference if change else None),
        line.change_said,
        rounded(change.p if change else None),
        line.left_out_text if line.left_out else "",
    ]
