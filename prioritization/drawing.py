"""The matrix of a board, in the reader's language, as `chart.scatter` wants it."""

from dataclasses import replace

from django.utils.translation import gettext as _

from prioritization import figures
from prioritization.board import Board, Row
from prioritization.chart import Scatter, Words, scatter
from prioritization.matrix_words import words
from prioritization.shapes import Point, Spread


def share(value: float) -> str:
    return figures.percent(value / 100)


def words_of(board: Board, rule: str = "") -> Words:
    """With the name of the crosshair's rule, and the importance as a share where it is derived."""
    if any(row.derived for row in board.rows):
        name = _("Picked as important") if board.rows[0].picked else _("Derived importance")
        # The unit stands with the name of the axis: there is no room for it at every tick.
        return replace(words(f"{name} (%)", rule), share=share)
    return words(crosshair=rule)


def scatter_of(board: Board, rule: str = "") -> Scatter:
    """Without links; the moments to act on carry their names."""
    assert board.cross is not None
    cross = board.cross.importance, board.cross.satisfaction
    return scatter([point(row) for row in board.rows], cross, board.scale, words_of(board, rule))


def point(row: Row) -> Point:
    ring = row.ellipse
    return Point(
        number=row.number,
        name=row.name,
        importance=row.importance,
        satisfaction=row.satisfaction,
        quadrant=row.quadrant,
        rank=row.rank,
        uncertain=row.uncertain,
        named=row.quadrant == "concentrate_here",
        title=_("%(number)s, %(moment)s: importance %(i)s, satisfaction %(s)s")
        % {
            "number": row.number,
            "moment": row.name,
            "i": row.importance_text,
            "s": row.satisfaction_text,
        },
        spread=Spread(ring["major"], ring["minor"], ring["angle"])
        if ring and not ring["degenerate"]
        else None,
    )
