"""A cycle as files: its moments as CSV, everything as a workbook of three sheets, everything as JSON."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.formats import get_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyclemap.sheets import inert
from cycles.document import document_of
from cycles.exchange.columns import COLUMNS
from cycles.models import Action, Cycle, Moment, Requirement, Stage

Line = Sequence[Any]


def file_name(cycle: Cycle, ending: str) -> str:
    return f"{slugify(str(cycle))[:60] or 'cycle'}.{ending}"


def as_csv(cycle: Cycle) -> str:
    """With a byte order mark, by which spreadsheets know UTF-8; the separator is that of the language."""
    out = io.StringIO()
    out.write("\ufeff")
    comma = get_format("DECIMAL_SEPARATOR") == ","
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerows([inert(tidy(cell)) for cell in line] for line in moment_lines(cycle))
    return out.getvalue()


def as_workbook(cycle: Cycle) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, lines in (
        (_("Moments"), moment_lines(cycle)),
        (_("Requirements"), requirement_lines(cycle)),
        (_("Actions"), action_lines(cycle)),
    ):
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append([cell_of(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_json(cycle: Cycle) -> str:
    return json.dumps(document_of(cycle), ensure_ascii=False, indent=1)


def cell_of(value: Any) -> Any:
    """Numbers and days as such; a text as plain text, without what a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", inert(tidy(value))) if isinstance(value, str) else value


def tidy(cell: Any) -> str:
    return ("" if cell is None else str(cell)).replace("\r\n", "\n").replace("\r", "\n")


# --- Lines, the headings first -------------------------------------------------------------------


def moment_lines(cycle: Cycle) -> Iterator[Line]:
    """As written, not as translated, so that it can come back. A stage without moments has a line."""
    yield [_("Number"), *(str(column.label) for column in COLUMNS)]
    moments: dict[int, list[Moment]] = {}
    for moment in Moment.objects.filter(stage__cycle=cycle, deleted_at=None).order_by("position"):
        moments.setdefault(moment.stage_id, []).append(moment)
    number = 0
    for stage in Stage.objects.filter(cycle=cycle).order_by("position"):
        for one in moments.get(stage.pk, [None]):  # type: ignore[list-item]
            number += one is not None
            yield [number if one else "", *cells(stage, one)]


def cells(stage: Stage, moment: Moment | None) -> Iterator[str]:
    for column in COLUMNS:
        if column.of_stage:
            yield str(column.write(getattr(stage, "name" if column.key == "stage" else column.key)))
        else:
            yield str(column.write(getattr(moment, column.key))) if moment else ""


def requirement_lines(cycle: Cycle) -> Iterator[Line]:
    yield [
        pgettext("column", "Moment"),
        _("Requirement"),
        _("Minimum"),
        _("Desired"),
        _("How it is measured"),
        _("Component"),
        _("Vertex"),
        _("Level"),
        _("Service level"),
    ]
    rows = Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None)
    order = ("moment__stage__position", "moment__position", "position")
    for row in rows.select_related("moment").order_by(*order):
        yield [
            row.moment.name,
            row.name,
            row.minimum,
            row.desired,
            row.measure,
            str(row.get_dimension_display()),
            str(row.get_vertex_display()),
            str(row.get_level_display()),
            row.target,
        ]


def action_lines(cycle: Cycle) -> Iterator[Line]:
    yield [
        _("Number"),
        _("Action"),
        _("Description"),
        _("Responsible"),
        _("Due date"),
        _("Done on"),
        _("Status"),
        _("Effort"),
        _("Impact"),
        _("Action plan"),
        _("Effort in person-days"),
        _("Duration in days"),
        _("Cost"),
        _("Expected lift"),
        _("Confidence, in %"),
        _("Vertex"),
        _("Resources"),
        _("Moments"),
        _("Requirements"),
    ]
    rows = Action.objects.filter(plan__cycle=cycle, deleted_at=None)
    for row in (
        rows.select_related("plan").prefetch_related("moments", "requirements").order_by("plan", "number")
    ):
        yield [
            row.code,
            row.name,
            row.description,
            row.owner,
            row.due_on,
            row.done_on,
            str(row.get_status_display()),
            row.effort,
            row.impact,
            row.plan.name,
            row.effort_days,
            row.duration_days,
            row.cost,
            row.lift,
            row.confidence,
            str(row.get_vertex_display()),
            row.resources,
            listed(moment.name for moment in row.moments.all() if moment.deleted_at is None),
            listed(one.name for one in row.requirements.all() if one.deleted_at is None),
        ]


def listed(names: Iterable[str]) -> str:
    return "\n".join(names)
