"""The moments ranked, with the interval of each mean and how certain its quadrant is."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prioritization import findings
from prioritization.board import Row
from prioritization.reports import parts
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table
from prioritization.standing import Mark
from prioritization.waves import Standing, mark_of


def find(document: Document) -> Found | None:
    standing, moments = document.standing, len(document.outline)
    if not (standing and standing.board.rows):
        return None
    title = ngettext("The %(n)d moment", "The %(n)d moments", moments) % {"n": moments}
    return Found(title, findings.of_the_table(standing), parts.moments_part(standing), table_of(standing))


def table_of(standing: Standing) -> Table:
    blocks = [
        Block(group.name, [line(standing, row) for row in group.rows], group.css)
        for group in standing.board.groups
    ]
    hidden = [{"name": row.name, "mark": Mark(row.number)} for row in standing.board.hidden]
    if hidden:
        blocks.append(Block(_("Not shown: too few answers"), hidden, "none"))
    return Table(8, blocks)


def line(standing: Standing, row: Row) -> dict[str, object]:
    return {
        "row": row,
        "name": row.name,
        "mark": mark_of(row),
        "i": parts.range_of(row.importance, row.se_importance, row.n_importance, derived=row.derived),
        "s": parts.range_of(row.satisfaction, row.se_satisfaction, row.n_satisfaction),
    }


CHAPTER = Chapter("moments", gettext_lazy("The moments ranked"), find)
