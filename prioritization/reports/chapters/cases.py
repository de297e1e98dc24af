"""The cases in figures: how many, of what kind, why, how fast."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prioritization import figures
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.parts import Figure
from prioritization.reports.tables import Block, Table
from surveys.cases.summary import CaseSummary, summary_of
from surveys.models import CaseKind, CaseStatus


def find(document: Document) -> Found | None:
    summary = summary_of(document.cycle, document.today)
    if not summary.total:
        return None
    finding = ngettext(
        "%(n)d case, %(open)d still open", "%(n)d cases, %(open)d still open", summary.total
    ) % {"n": summary.total, "open": summary.open}
    blocks = [
        Block(title, rows)
        for title, rows in (
            (_("By status"), [(str(CaseStatus(v).label), n) for v, n in summary.by_status.items() if n]),
            (_("By kind"), [(str(CaseKind(v).label), n) for v, n in summary.by_kind.items() if n]),
            (_("By cause"), list(summary.by_cause.items())),
        )
        if rows
    ]
    return Found(_("Cases"), finding, {"figures": told(summary)}, Table(2, blocks))


def told(summary: CaseSummary) -> list[Figure]:
    found = [
        Figure(str(summary.open), ngettext("case open", "cases open", summary.open)),
        Figure(str(summary.overdue), ngettext("of them overdue", "of them overdue", summary.overdue)),
    ]
    if summary.median_hours_to_close is not None:
        hours = figures.decimal(summary.median_hours_to_close, 0)
        found.append(Figure(hours, _("hours (median) until the customer is told")))
    if summary.asked_again:
        value = _("%(n)d of %(all)d") % {"n": summary.solved, "all": summary.asked_again}
        found.append(Figure(value, _("customers asked afterwards say that it was solved")))
    return found


CHAPTER = Chapter("cases", gettext_lazy("Cases in figures"), find)
