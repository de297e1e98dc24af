"""What changed since the wave before, the clear changes first."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization import figures, finding
from prioritization.board import Row
from prioritization.reports import parts
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table
from prioritization.waves import mark_of


def find(document: Document) -> Found | None:
    standing = document.standing
    if not (standing and standing.before and standing.board.compared):
        return None
    board = standing.board
    unclear = [row for row in board.rows if row.change and not row.change.clear]
    return Found(
        _("What changed"),
        finding.of_the_changes(board),
        {"before": standing.before.wave, "now": standing.wave},
        Table(
            6,
            [
                Block(title, [line(row) for row in rows], css)
                for title, rows, css in (
                    (_("Clear changes"), board.changed, "keep"),
                    (_("No clear change: it may be chance"), unclear, "none"),
                )
                if rows
            ],
        ),
    )


def line(row: Row) -> dict[str, object]:
    change = row.change
    assert change is not None
    between = ""
    if change.low is not None and change.high is not None:
        between = parts.between(figures.signed(change.low, 2), figures.signed(change.high, 2))
    words, css = parts.changed(change)
    return {
        "name": row.name,
        "mark": mark_of(row),
        "before": figures.decimal(change.satisfaction_before),
        "now": row.satisfaction_text,
        "change": words if change.clear else figures.signed(change.difference),
        "css": css,
        "between": between,
        "move": row.move if change.clear else "",
    }


CHAPTER = Chapter("changes", gettext_lazy("What changed since the last wave"), find)
