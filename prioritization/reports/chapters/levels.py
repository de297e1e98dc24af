"""Service levels: what is agreed and whether it is kept."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cycles.service_levels import BREACHED, MET, NOT_MEASURED, LevelStanding, standing_of
from prioritization import figures
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table


def find(document: Document) -> Found | None:
    standings = standing_of(document.cycle, document.today)
    if not standings:
        return None
    met, missed = (sum(one.state == state for one in standings) for state in (MET, BREACHED))
    finding = ngettext(
        "%(n)d service level: %(met)d met, %(missed)d missed",
        "%(n)d service levels: %(met)d met, %(missed)d missed",
        len(standings),
    ) % {"n": len(standings), "met": met, "missed": missed}
    blocks = [
        Block(title, [line(document, one) for one in standings if one.state == state], css)
        for title, state, css in (
            (_("Missed in the last period"), BREACHED, "act"),
            (_("Met in the last period"), MET, "keep"),
            (_("Not measured"), NOT_MEASURED, "none"),
        )
    ]
    return Found(_("Service levels"), finding, {}, Table(5, [block for block in blocks if block.lines]))


def line(document: Document, standing: LevelStanding) -> dict[str, object]:
    entry = document.outline.entry(standing.moment_id) if standing.moment_id else None
    return {
        "name": str(standing.level),
        "moment": f"{entry.number}. {entry.moment}" if entry else _("The whole cycle"),
        "target": standing.target.text if standing.target else figures.MISSING,
        "last": standing.last_text,
        "period": standing.last_period,
        "words": standing.words or figures.MISSING,
        "responsible": standing.level.responsible,
        "stale": standing.is_stale,
    }


CHAPTER = Chapter("levels", gettext_lazy("Service levels"), find)
