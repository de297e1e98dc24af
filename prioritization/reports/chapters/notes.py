"""The appendix: where each number comes from."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization.reports import notes
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document


def find(document: Document) -> Found:
    finding = _("Where the numbers come from and how to read them")
    return Found(_("About this report"), finding, notes.notes_part(document))


CHAPTER = Chapter("notes", gettext_lazy("Appendix: sources and formulas"), find)
