"""The priority matrix."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization import finding as matrix_finding
from prioritization.reports import parts
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document


def find(document: Document) -> Found | None:
    standing = document.standing
    if not (standing and standing.board.rows):
        return None
    return Found(
        _("Priorities"), matrix_finding.of_the_matrix(standing.board), parts.priorities_part(document)
    )


CHAPTER = Chapter("priorities", gettext_lazy("The priority matrix"), find)
