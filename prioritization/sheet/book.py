"""The workbook of a report: moments, answers, requirements, actions, and what every column means."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl.workbook import Workbook

from cyclemap import VERSION
from cycles.models import Action
from prioritization.reports.document import Document
from prioritization.reports.notes import terms
from prioritization.sheet import around, moments
from prioritization.sheet.cells import Value
from prioritization.sheet.tab import DAY, INTEGER, MONEY, SHARE, TWO, Column, Tab, joined, write
from prioritization.slides.still import still

EPOCH = datetime(2020, 1, 1)


def written(document: Document, beat: Callable[[], None] = lambda: None) -> bytes:
    """The same bytes for the same document, in its language."""
    with translation.override(document.language):
        book = Workbook()
        book.remove(book.active)
        colour = document.cycle.client.ink[1:]
        tabs = list(tabs_of(document))
        for tab in [*tabs, definitions(document, tabs)]:
            write(book, tab, colour)
            beat()
        said = book.properties
        said.title, said.creator = f"{document.cycle}. {document.cycle.client}"[:250], "Cyclemap"
        said.created = said.modified = EPOCH
        said.language = document.language
        out = io.BytesIO()
        book.save(out)
        return still(out.getvalue())


def tabs_of(document: Document) -> Iterator[Tab]:
    standing = document.standing
    if standing and (standing.board.rows or standing.board.hidden):
        yield moments.ranked(document)
    if found := moments.tallies(document):
        yield found
    if document.requirement_count:
        yield requirements(document)
    if document.plan.steps:
        yield actions(document)
    yield from around.tabs(document)


def requirements(document: Document) -> Tab:
    codes: dict[int, list[str]] = {}
    for step in document.plan.open + document.plan.done:
        for pk in step.requirement_ids:
            codes.setdefault(pk, []).append(step.action.code)
    rows: list[list[Value]] = [
        [
            entry.number,
            str(entry.moment),
            requirement.text("name"),
            requirement.text("minimum"),
            requirement.text("desired"),
            requirement.text("measure"),
            requirement.get_level_display(),
            requirement.target,
            joined(codes.get(requirement.pk, [])),
        ]
        for entry in document.outline
        for requirement in document.requirements.get(entry.moment.pk, [])
    ]
    columns = [
        Column(_("No."), 6, INTEGER),
        Column(_("Moment"), 36),
        Column(_("Requirement"), 44, wrap=True),
        Column(_("Minimum"), 26, wrap=True),
        Column(_("Desired"), 26, wrap=True),
        Column(_("How it is measured"), 26, wrap=True),
        Column(_("Level"), 14),
        Column(_("Service level"), 18),
        Column(_("Actions"), 14, says=_("The codes of the actions that answer it.")),
    ]
    return Tab(_("Requirements"), columns, rows, fixed=3)


def actions(document: Document) -> Tab:
    rows = []
    for step in document.plan.steps:
        action = step.action
        rows.append(
            [
                *action_cells(action),
                step.days_late or None,
                joined(mark.number for mark in document.marks(step)),
                int(action.is_quick_win),
            ]
        )
    columns = [
        Column(_("Code"), 8),
        Column(_("Action"), 44, wrap=True),
        Column(_("Description"), 40, wrap=True),
        Column(_("Responsible"), 22),
        Column(_("Status"), 14),
        Column(_("Begun on"), 12, DAY),
        Column(_("Due"), 12, DAY),
        Column(_("Done on"), 12, DAY),
        Column(_("Effort, 1 to 5"), 9, INTEGER, _("A rough estimate of the team.")),
        Column(_("Impact, 1 to 5"), 9, INTEGER, _("A rough estimate of the team.")),
        Column(_("Person-days"), 10, "0.0"),
        Column(_("Cost"), 12, MONEY),
        Column(_("Expected lift"), 10, TWO, _("Points of satisfaction expected on each of its moments.")),
        Column(_("Confidence"), 10, SHARE, _("How sure the team is of the lift.")),
        Column(_("Days late"), 9, INTEGER, _("On the day of this file; empty where it is not late.")),
        Column(_("Moments"), 14, says=_("The numbers of the moments it serves.")),
        Column(_("Quick win"), 8, INTEGER, _("1: little effort, much impact.")),
    ]
    return Tab(_("Actions"), columns, rows)


def action_cells(action: Action) -> list[Value]:
    return [
        action.code,
        action.text("name"),
        action.text("description"),
        action.owner,
        action.get_status_display(),
        action.launched_on,
        action.due_on,
        action.done_on,
        action.effort,
        action.impact,
        action.effort_days,
        action.cost,
        action.lift,
        None if action.confidence is None else action.confidence / 100,
    ]


def definitions(document: Document, tabs: list[Tab]) -> Tab:
    """Where the figures come from, then what the columns mean that do not say it themselves."""
    rows: list[list[Value]] = [["", _("Cycle"), str(document.cycle)]]
    rows.append(["", _("Client"), str(document.cycle.client)])
    rows += [["", term.term, term.says] for term in terms(document)]
    rows += [[tab.name, column.name, column.says] for tab in tabs for column in tab.columns if column.says]
    rows.append(["", _("Made of the data of"), date_format(document.as_of, "DATE_FORMAT")])
    rows.append(["", _("Program"), f"Cyclemap {VERSION}"])
    columns = [Column(_("Tab"), 16), Column(_("Term"), 28), Column(_("Meaning"), 100, wrap=True)]
    return Tab(_("Definitions"), columns, rows)
