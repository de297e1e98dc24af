"""The actions that a plan page shows, as a file: CSV for any spreadsheet, or a workbook."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyclemap.sheets import inert
from cycles import approval
from cycles.exchange.leaving import cell_of, listed, tidy
from cycles.models import Action
from cycles.plan_rows import Shelf

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def heads() -> list[str]:
    return [
        _("Number"),
        _("Action"),
        _("Action plan"),
        _("Status"),
        _("Responsible"),
        _("E-mail"),
        _("Due date"),
        _("Late"),
        _("Begun on"),
        _("Done on"),
        _("Effort in person-days"),
        _("Duration in days"),
        _("Cost"),
        _("Expected lift"),
        _("Confidence, in %"),
        _("Effort, 1 to 5"),
        _("Impact, 1 to 5"),
        _("Vertex"),
        pgettext("column", "Moments"),
        _("Requirements"),
        _("Resources"),
        _("Description"),
        _("Approved by"),
        _("Approved on"),
        _("Reason for sending back"),
    ]


def lines(shelf: Shelf, actions: Sequence[Action]) -> Iterator[list[Any]]:
    yield heads()
    needs = requirements_of(actions)
    for action in actions:
        yield [
            action.code,
            action.text("name"),
            str(action.plan),
            approval.label_of(approval.state_of(action)),
            action.owner,
            address_of(action),
            action.due_on,
            _("yes") if action.is_late else "",
            action.launched_on,
            action.done_on,
            action.effort_days,
            action.duration_days,
            action.cost,
            action.lift,
            action.confidence,
            action.effort,
            action.impact,
            str(action.get_vertex_display()),
            listed(f"{entry.number}. {entry.moment}" for entry in shelf.linked(action)),
            listed(needs.get(action.pk, [])),
            action.text("resources"),
            action.text("description"),
            str(action.approved_by) if action.approved_by else "",
            timezone.localdate(action.approved_at) if action.approved_at else None,
            action.sent_back_reason,
        ]


def address_of(action: Action) -> str:
    return action.owner_member.email if action.owner_member else action.owner_email


def requirements_of(actions: Sequence[Action]) -> dict[int, list[str]]:
    through = Action.requirements.through.objects.filter(
        action__in=actions, requirement__deleted_at=None, requirement__moment__deleted_at=None
    )
    found: dict[int, list[str]] = {}
    for tie in through.select_related("requirement").order_by("requirement__moment", "requirement__position"):
        found.setdefault(tie.action_id, []).append(str(tie.requirement))
    return found


def as_csv(table: Iterator[list[Any]]) -> str:
    """With a byte order mark, by which spreadsheets know UTF-8; numbers and separator as the language has."""
    out = io.StringIO()
    out.write("\ufeff")
    point = str(get_format("DECIMAL_SEPARATOR"))
    writer = csv.writer(out, delimiter=";" if point == "," else ",", lineterminator="\r\n")
    writer.writerows([written(cell, point) for cell in line] for line in table)
    return out.getvalue()


def written(cell: Any, point: str) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", point)
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return inert(tidy(cell))


def as_workbook(table: Iterator[list[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Actions"))
    for line in table:
        sheet.append([cell_of(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
