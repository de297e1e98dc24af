"""The wheel, the numbers to remember, and the stages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization import findings
from prioritization.reports import parts
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document


def find(document: Document) -> Found:
    finding = findings.of_the_cycle(document.standing, len(document.outline))
    return Found(_("The cycle"), finding, parts.cycle_part(document))


CHAPTER = Chapter("cycle", gettext_lazy("The cycle as a wheel"), find)
