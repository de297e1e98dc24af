"""The table of the matrix as a file for a spreadsheet: numbers as numbers, names as plain text."""

import csv
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyclemap.sheets import inert
from prioritization.board import Row
from prioritization.matrix_page import MatrixPage


def written(page: MatrixPage) -> str:
    """With a byte order mark, by which spreadsheets know UTF-8. Suppressed moments have no numbers."""
    out = StringIO()
    out.write("\ufeff")
    write = csv.writer(out).writerow
    write(heads())
    if page.board:
        for group in page.board.groups:
            for row in group.rows:
                write(cells(row))
        for hidden in page.board.hidden:
            write([hidden.number, inert(hidden.name), "", _("Not shown: too few answers")])
    return out.getvalue()


def heads() -> list[str]:
    return [
        _("Number"),
        _("Moment"),
        _("Stage"),
        _("Quadrant"),
        _("Place by urgency"),
        _("Importance"),
        _("Satisfaction"),
        _("Gap"),
        _("Standard error of importance"),
        _("Standard error of satisfaction"),
        _("Ratings of importance"),
        _("Ratings of satisfaction"),
        _("Did not experience it"),
        _("Left it blank"),
        _("Certainty"),
        pgettext("column", "Verdict"),
        _("Satisfaction before"),
        _("Change of satisfaction"),
        _("Clear change"),
    ]


def cells(row: Row) -> list[object]:
    change = row.change
    clear = "" if change is None else _("yes") if change.clear else _("no")
    return [
        row.number,
        inert(row.name),
        inert(row.stage),
        row.quadrant_name,
        row.rank,
        *(rounded(x) for x in (row.importance, row.satisfaction, row.gap)),
        *(rounded(x) for x in (row.se_importance, row.se_satisfaction)),
        row.n_importance,
        row.n_satisfaction,
        row.n_not_experienced,
        row.n_no_answer,
        rounded(row.certainty),
        row.verdict_text if row.verdict else "",
        rounded(change.satisfaction_before if change else None),
        rounded(change.difference if change else None),
        clear,
    ]


def rounded(x: float | None) -> float | str:
    """Four decimals tell everything a scale of ten points can."""
    return "" if x is None else round(x, 4)
