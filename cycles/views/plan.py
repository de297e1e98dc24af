"""The plan page: what will be done, by whom, by when; as a list, a board, a table, a file."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from accounts.models import Role
from cyclemap.htmx import page_or_fragment
from cycles import approval, plan_file
from cycles.choices import ActionStatus
from cycles.effort import Effort, Tried, Words, draw_effort
from cycles.exchange.leaving import file_name
from cycles.models import Action, ActionPlan, Cycle
from cycles.outline import Entry, Outline, outline_of
from cycles.plan_choice import BOARD, NOBODY, TABLE, Choice
from cycles.plan_rows import ACT, MOST, Row, Shelf, folded, groups_of, who_approves
from cycles.views.bench import Undo
from cycles.views.reached import number_in, the_cycle

PAGE, FRAGMENT = "cycles/plan.html", "cycles/_plan.html"


@require_safe
def plan(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return show(request, cycle, undo=undo_in(request, cycle))


@require_safe
def plan_csv(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    text = plan_file.as_csv(table_of(request, cycle))
    return as_file(HttpResponse(text, content_type=plan_file.CSV), cycle, "csv")


@require_safe
def plan_xlsx(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    book = plan_file.as_workbook(table_of(request, cycle))
    return as_file(HttpResponse(book, content_type=plan_file.XLSX), cycle, "xlsx")


def table_of(request: MemberRequest, cycle: Cycle) -> Any:
    choice = Choice.of(request.GET.dict())
    shelf = Shelf(cycle, outline_of(cycle, cycle.scores), request.membership)
    return plan_file.lines(shelf, choice.ordered(chosen(shelf, choice)))


def as_file(response: HttpResponse, cycle: Cycle, ending: str) -> HttpResponse:
    kind = slugify(_("actions"))
    response["Content-Disposition"] = f'attachment; filename="{kind}-{file_name(cycle, ending)}"'
    return response


def chosen(shelf: Shelf, choice: Choice) -> list[Action]:
    today = timezone.localdate()
    return [action for action in shelf.actions if choice.holds(action, today)]


def choice_in(request: MemberRequest) -> Choice:
    """What is chosen on the page; for a change, on the page it was made on."""
    if request.method in ("GET", "HEAD"):
        return Choice.of(request.GET.dict())
    before = request.htmx.current_url or request.headers.get("Referer", "")
    return Choice.of(dict(parse_qsl(urlsplit(before).query)))


def show(request: MemberRequest, cycle: Cycle, status: int = 200, **more: Any) -> HttpResponse:
    context = context_of(request, cycle, choice_in(request)) | more
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=status)


def changed(
    request: MemberRequest,
    cycle: Cycle,
    *,
    live: str = "",
    undo: Undo | None = None,
    at: Action | None = None,
    gone: Action | ActionPlan | None = None,
) -> HttpResponse:
    cycle.touch()
    if not request.htmx:
        return HttpResponseRedirect(way_back(request, cycle, at=at, gone=gone))
    return show(request, cycle, live=live, undo=undo, news=True)


def way_back(
    request: MemberRequest,
    cycle: Cycle,
    *,
    at: Action | None = None,
    gone: Action | ActionPlan | None = None,
) -> str:
    """The plan page as it was chosen, at the action; with the way back of what was deleted."""
    url = request.membership.url("cycles:plan", cycle.pk)
    choice = choice_in(request)
    query = (choice.with_whole(list_of(cycle, at, choice)) if at else choice).query()
    if gone:
        name = "deleted_plan" if isinstance(gone, ActionPlan) else "deleted"
        query = "&".join(filter(None, [query, f"{name}={gone.pk}"]))
    return url + (f"?{query}" if query else "") + (f"#{at.code}" if at else "")


def list_of(cycle: Cycle, action: Action, choice: Choice) -> str:
    """The list that has to be shown to its end for the action to be on the page; "" where none is long."""
    actions = Action.objects.filter(plan__cycle=cycle, deleted_at=None)
    if actions.count() <= MOST[choice.view]:
        return ""
    return TABLE if choice.view == TABLE else str(action.status)


def undo_of(request: MemberRequest, thing: Action | ActionPlan) -> Undo:
    name = "cycles:plan_restore" if isinstance(thing, ActionPlan) else "cycles:action_restore"
    return Undo(_("“%(name)s” is in the bin.") % {"name": thing}, request.membership.url(name, thing.pk))


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    if not request.membership.is_editor:
        return None
    found: Action | ActionPlan | None = None
    if pk := number_in(request.GET, "deleted"):
        found = Action.objects.filter(plan__cycle=cycle, deleted_at__isnull=False, pk=pk).first()
    elif pk := number_in(request.GET, "deleted_plan"):
        found = ActionPlan.objects.filter(cycle=cycle, deleted_at__isnull=False, pk=pk).first()
    return undo_of(request, found) if found else None


def context_of(request: MemberRequest, cycle: Cycle, choice: Choice) -> dict[str, Any]:
    member = request.membership
    shelf = Shelf(cycle, outline_of(cycle, cycle.scores), member)
    actions = choice.ordered(chosen(shelf, choice)) if choice.view == TABLE else chosen(shelf, choice)
    rows = shelf.rows(actions)
    lines, fold = folded(rows, TABLE, choice) if choice.view == TABLE else ([], None)
    waiting = [action for action in shelf.actions if approval.state_of(action) == approval.PROPOSED]
    return {
        "cycle": cycle,
        "outline": shelf.outline,
        "choice": choice,
        "view": choice.view,
        "views": views_of(member.url("cycles:plan", cycle.pk), choice),
        "rows": rows,
        "has_marks": any(mark for row in rows for _entry, mark in row.marks),
        "groups": [] if choice.view == TABLE else groups_of(rows, choice),
        "lines": lines,
        "fold": fold,
        "columns": columns_of(choice, shelf) if choice.view == TABLE else [],
        "n_all": len(shelf.actions),
        "plans": shelf.plans,
        "plan": next((plan for plan in shelf.plans if plan.pk == choice.plan), None),
        "owners": shelf.owners,
        "nobody": NOBODY,
        "statuses": [(state, approval.label_of(state)) for state in approval.STATES],
        "to_approve": shelf.rows(waiting) if member.role == Role.MANAGER else [],
        "n_waiting": len(waiting),
        "has_managers": bool(shelf.managers),
        "begin_with": None if shelf.actions else begin_with(shelf.outline),
        "who_approves": who_approves(shelf.managers, member),
        "summary": summary(rows),
        "wins": wins(rows),
        "effort": effort_of(rows) if choice.view != TABLE else None,
        "may_edit": member.is_editor,
        "may_report": member.is_editor or member.role == Role.MANAGER,
        "map_url": member.url("cycles:map", cycle.pk),
        "plan_url": member.url("cycles:plan", cycle.pk),
    }


def begin_with(outline: Outline) -> Entry | None:
    """The moment that a first action would be about.

    The one that asks for action first in the matrix; where none does, a critical one with requirements, else
    the likeliest.
    """

    def weight(entry: Entry) -> tuple[float, ...]:
        acts = entry.score and entry.score.quadrant == ACT and entry.score.rank
        urgency = 1 / acts if acts else 0
        return urgency, bool(entry.requirements), entry.moment.is_critical, entry.requirements

    return max(outline, key=weight, default=None)


@dataclass(frozen=True)
class View:
    key: str
    label: str
    url: str
    on: bool


def views_of(url: str, choice: Choice) -> list[View]:
    labels = {"list": _("List"), BOARD: pgettext("view of the plan", "Board"), TABLE: _("Table")}
    return [
        View(key, label, "?".join(filter(None, [url, choice.query(view=key)])), choice.view == key)
        for key, label in labels.items()
    ]


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    query: str
    direction: str
    right: bool


def columns_of(choice: Choice, shelf: Shelf) -> list[Column]:
    labels = {
        "number": _("No."),
        "name": _("Action"),
        "plan": _("Plan"),
        "status": _("Status"),
        "owner": _("Responsible"),
        "due": _("Due date"),
        "days": _("Person-days"),
        "duration": _("Duration"),
        "cost": _("Cost"),
        "lift": pgettext("column", "Lift"),
        "confidence": _("Confidence"),
        "effort": _("Effort"),
        "impact": _("Impact"),
    }
    right = {"days", "duration", "cost", "lift", "confidence", "effort", "impact"}
    return [
        Column(key, label, choice.turned(key), choice.direction(key), key in right)
        for key, label in labels.items()
        if key != "plan" or len(shelf.plans) > 1
    ]


def summary(rows: list[Row]) -> str:
    n = sum(row.action.is_open for row in rows)
    late = sum(row.action.is_late for row in rows)
    text = ngettext("%(n)d open action", "%(n)d open actions", n) % {"n": n}
    if late:
        text += ", " + ngettext("%(n)d late", "%(n)d late", late) % {"n": late}
    return f"{text}."


def wins(rows: list[Row]) -> str:
    n = sum(row.action.is_quick_win and row.action.is_open for row in rows)
    return ngettext("%(n)d quick win.", "%(n)d quick wins.", n) % {"n": n} if n else ""


def effort_of(rows: list[Row]) -> Effort:
    return draw_effort(
        [
            Tried(
                row.action.code,
                row.action.text("name"),
                row.action.effort,
                row.action.impact,
                row.action.status == ActionStatus.DONE,
            )
            for row in rows
            if row.action.effort and row.action.impact and row.action.status != ActionStatus.DROPPED
        ],
        Words(
            title=_("Effort and impact of each action"),
            effort=_("Effort"),
            impact=_("Impact"),
            wins=_("Begin here"),
            projects=_("Projects"),
            spare=_("If time is left"),
            drop=_("Drop"),
        ),
    )
