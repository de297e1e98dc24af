"""What the matrix says, as a sentence: the title of the page, made from the data by rules.

Only moments that are firmly or probably in their quadrant may head an action plan (S6.3).
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization.board import Board, Row

# Below this many respondents nothing is said without a "so far".
FEW = 30
# The second is named beside the first only if it is about as urgent.
AS_URGENT = 0.75


def quoted(row: Row) -> str:
    return _("“%(name)s”") % {"name": row.name}


def of_the_matrix(board: Board) -> str:
    if not board.rows:
        return _("There are still too few answers to place the moments")
    sure = [row for row in board.to_act if not row.uncertain]
    if sure:
        return asking_for_action(leading(sure), board.n_respondents < FEW)
    if board.to_act:
        return _("%(moment)s may ask for action; the answers do not decide it yet") % {
            "moment": quoted(board.to_act[0])
        }
    strong = [row for row in board.rows if row.quadrant == "keep_up"]
    if strong:
        return _("No moment asks for action: what matters most also satisfies")
    return _("No moment stands out for its importance")


def leading(sure: Sequence[Row]) -> list[Row]:
    """The first, and the second if its shortfall is almost as large."""
    first, second = sure[0], sure[1] if len(sure) > 1 else None
    if second and urgency(second) >= AS_URGENT * urgency(first) > 0:
        return [first, second]
    return [first]


def urgency(row: Row) -> float:
    return (row.gap if row.gap is not None else row.room) * row.importance


def asking_for_action(rows: Sequence[Row], few: bool) -> str:
    first = quoted(rows[0])
    if len(rows) == 1:
        sentence = (
            _("%(first)s seems to ask for action first, so far")
            if few
            else _("%(first)s asks for action first")
        )
        return sentence % {"first": first}
    sentence = (
        _("%(first)s and %(second)s seem to ask for action first, so far")
        if few
        else _("%(first)s and %(second)s ask for action first")
    )
    return sentence % {"first": first, "second": quoted(rows[1])}


def of_the_changes(board: Board) -> str:
    """What improved and what got worse, as far as it is more than chance."""
    better = [row for row in board.changed if row.change and row.change.difference > 0]
    worse = [row for row in board.changed if row not in better]
    if not board.compared:
        return _("No moment can be compared")
    if better and worse:
        return _("%(improved)s; %(worsened)s") % {"improved": improved(better), "worsened": worsened(worse)}
    if better:
        return improved(better)
    if worse:
        return capitalised(worsened(worse))
    return _("No change is more than chance")


def improved(rows: Sequence[Row]) -> str:
    if len(rows) == 1:
        return _("%(moment)s truly improves") % {"moment": quoted(rows[0])}
    return ngettext("%(n)d moment truly improves", "%(n)d moments truly improve", len(rows)) % {
        "n": len(rows)
    }


def worsened(rows: Sequence[Row]) -> str:
    if len(rows) == 1:
        return _("%(moment)s gets worse") % {"moment": quoted(rows[0])}
    return ngettext("%(n)d moment gets worse", "%(n)d moments get worse", len(rows)) % {"n": len(rows)}


def capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def of_the_chart(board: Board) -> str:
    """The chart in words, for who cannot see it."""
    acting = board.to_act
    said = ngettext(
        "%(n)d moment by satisfaction (horizontal) and importance (vertical).",
        "%(n)d moments by satisfaction (horizontal) and importance (vertical).",
        len(board.rows),
    ) % {"n": len(board.rows)}
    if not acting:
        return " ".join((said, _("None in Act."), _("The figures are in the table beside it.")))
    named = ngettext("%(n)d in Act: %(numbers)s.", "%(n)d in Act: %(numbers)s.", len(acting)) % {
        "n": len(acting),
        "numbers": ", ".join(row.number for row in acting),
    }
    return " ".join((said, named, _("The figures are in the table beside it.")))
