"""How mature the organisation says it is in the four elements: the last judgement against the first."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cycles.maturity import assessments_of, comparison_of
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import plain


def find(document: Document) -> Found | None:
    """Of what was judged up to the day of the report."""
    rows = [row for row in assessments_of(document.cycle) if row.made_on <= document.today]
    comparison = comparison_of(rows)
    if comparison is None:
        return None
    part = {"comparison": comparison}
    return Found(_("Maturity"), comparison.title, part, plain(5, list(comparison.rows)))


CHAPTER = Chapter("maturity", gettext_lazy("Maturity of the organisation"), find)
