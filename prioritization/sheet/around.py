"""What is measured beside the survey, as tabs: effects of actions, service levels, cases."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cycles.service_levels import standing_of
from prioritization import effect_words
from prioritization.effects import effects_of
from prioritization.reports.document import Document
from prioritization.sheet.cells import Value
from prioritization.sheet.tab import DAY, INTEGER, TWO, Column, Tab, rounded
from surveys.cases.summary import summary_of
from surveys.models import CaseKind, CaseStatus


def tabs(document: Document) -> Iterator[Tab]:
    for tab in (effects(document), levels(document), cases(document)):
        if tab.rows:
            yield tab


def effects(document: Document) -> Tab:
    rows: list[list[Value]] = []
    for effect in effects_of(document.cycle, document.outline):
        outcome = effect.outcome
        if outcome is not None:
            rows.append(
                [
                    effect.action.code,
                    effect.action.text("name"),
                    rounded(outcome.before),
                    rounded(outcome.after),
                    rounded(outcome.change),
                    rounded(outcome.low),
                    rounded(outcome.high),
                    rounded(outcome.p),
                    effect_words.chip_of(effect.verdict) if effect.verdict else "",
                    outcome.n_before,
                    outcome.n_after,
                ]
            )
    columns = [
        Column(_("Code"), 8),
        Column(_("Action"), 44, wrap=True),
        Column(_("Before"), 10, TWO, _("Mean satisfaction of the moments the action aimed at.")),
        Column(_("After"), 10, TWO),
        Column(_("Change"), 10, TWO, _("Described, not claimed: it does not prove the cause.")),
        Column(_("Change, from"), 10, TWO, _("95% confidence interval of the change.")),
        Column(_("Change, to"), 10, TWO),
        Column("p", 10, "0.0000", _("With Holm's correction for all that was tested at once.")),
        Column(_("Verdict"), 22),
        Column(_("Answers before"), 10, INTEGER),
        Column(_("Answers after"), 10, INTEGER),
    ]
    return Tab(_("Effects"), columns, rows)


def levels(document: Document) -> Tab:
    rows: list[list[Value]] = []
    for one in standing_of(document.cycle, document.today):
        entry = document.outline.entry(one.moment_id) if one.moment_id else None
        rows.append(
            [
                str(one.level),
                entry.number if entry else None,
                str(entry.moment) if entry else _("The whole cycle"),
                one.target.text if one.target else "",
                one.last.value if one.last else None,
                one.unit,
                one.last.day if one.last else None,
                one.state_label,
                one.n_kept,
                one.n,
                one.level.responsible,
            ]
        )
    columns = [
        Column(_("Service level"), 40, wrap=True),
        Column(_("No."), 6, INTEGER),
        Column(_("Moment"), 36),
        Column(_("Target"), 20),
        Column(_("Last result"), 11, TWO),
        Column(_("Unit"), 12),
        Column(_("Period from"), 12, DAY),
        Column(_("State"), 14),
        Column(_("Periods kept"), 10, INTEGER, _("Of the last twelve months, or thirty days.")),
        Column(_("Periods measured"), 10, INTEGER),
        Column(_("Responsible"), 22),
    ]
    return Tab(_("Service levels"), columns, rows, fixed=1)


def cases(document: Document) -> Tab:
    found = summary_of(document.cycle, document.today)
    rows: list[list[Value]] = []
    if found.total:
        rows.append([_("All"), "", found.total])
        rows += [[_("Status"), str(CaseStatus(value).label), n] for value, n in found.by_status.items()]
        rows += [[_("Kind"), str(CaseKind(value).label), n] for value, n in found.by_kind.items()]
        rows += [[_("Cause"), name, n] for name, n in found.by_cause.items()]
    columns = [
        Column(_("Counted by"), 16, says=_("A case may have several causes.")),
        Column(_("Value"), 40),
        Column(_("Cases"), 10, INTEGER),
    ]
    return Tab(_("Cases"), columns, rows)
