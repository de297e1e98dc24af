"""The action plan: what will be done, by whom, by when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Role
from cyclemap.htmx import page_or_fragment
from cyclemap.stencil import Row as Printed
from cycles import ordering
from cycles.choices import ActionStatus
from cycles.comments import open_counts
from cycles.effort import Effort, Tried, Words, draw_effort
from cycles.forms import ActionForm, ActionStatusForm
from cycles.models import Action, Cycle, Moment, Requirement
from cycles.moves import into_bin, out_of_bin
from cycles.outline import Entry, outline_of
from cycles.views.bench import Undo
from cycles.views.reached import number_in, only_of, the_action, the_cycle

PAGE, FRAGMENT = "cycles/plan.html", "cycles/_plan.html"

# The order of the page: what is going on first.
ORDER = (
    ActionStatus.DOING,
    ActionStatus.APPROVED,
    ActionStatus.PROPOSED,
    ActionStatus.DONE,
    ActionStatus.DROPPED,
)
MARKS = {
    "concentrate_here": "act",
    "keep_up": "keep",
    "low_priority": "watch",
    "possible_overkill": "ease",
}


@dataclass(frozen=True)
class Row:
    action: Action
    entries: list[Entry]
    edit_url: str
    status_url: str
    talk_url: str
    n_open: int  # threads

    @property
    def marks(self) -> list[tuple[Entry, str]]:
        """Each moment with the shape of its quadrant, "" where it has none."""
        return [
            (entry, MARKS.get(entry.score.quadrant or "", "") if entry.score else "")
            for entry in self.entries
        ]

    @property
    def overdue(self) -> int:
        """Days past the date."""
        late = self.action.is_late and self.action.due_on
        return (timezone.localdate() - late).days if late else 0

    @property
    def day(self) -> date | None:
        """The day it was done; until then, the day it is due."""
        return self.action.done_on or self.action.due_on

    @property
    def this_year(self) -> bool:
        return self.day is not None and self.day.year == timezone.localdate().year

    @property
    def statuses(self) -> list[Printed]:
        return [
            {"value": value, "label": label, "chosen": value == self.action.status}
            for value, label in ActionStatus.choices
        ]

    @property
    def effort(self) -> list[Printed]:
        return pips(self.action.effort)

    @property
    def impact(self) -> list[Printed]:
        return pips(self.action.impact)

    @property
    def initials(self) -> str:
        words = self.action.owner.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""


def pips(value: int | None) -> list[Printed]:
    """So many of five, as `_pips.html` prints them."""
    return [{"value": value, **{f"p{n}": bool(value and n <= value) for n in range(1, 6)}}]


@dataclass(frozen=True)
class Group:
    status: str
    label: str
    rows: list[Row]


@require_safe
def plan(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    context = context_of(request, cycle) | {"undo": undo_in(request, cycle)}
    return page_or_fragment(request, PAGE, FRAGMENT, context)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def action_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    initial = {
        "moments": [pk for pk in [number_in(request.GET, "moment")] if pk],
        "requirements": [pk for pk in [number_in(request.GET, "requirement")] if pk],
    }
    only_of_cycle(request, cycle)
    form = ActionForm(request.POST if request.method == "POST" else None, cycle=cycle, initial=initial)
    if form.is_valid():
        form.instance.plan = ordering.first_plan(cycle, _("Action plan"))
        finish(form.instance)
        action = ordering.number_action(form.save(commit=False))
        form.save_m2m()
        return changed(request, cycle, live=_("Added: %(action)s") % {"action": action}, at=action)
    return show_form(request, cycle, form)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def action_edit(request: MemberRequest, action_id: int) -> HttpResponse:
    action = the_action(request, action_id)
    cycle = action.plan.cycle
    only_of_cycle(request, cycle)
    form = ActionForm(request.POST if request.method == "POST" else None, cycle=cycle, instance=action)
    if form.saved(before=finish):
        return changed(request, cycle, live=_("Saved: %(action)s") % {"action": action}, at=action)
    return show_form(request, cycle, form)


@allow(write=EDITORS | {Role.MANAGER})
@require_POST
def action_status(request: MemberRequest, action_id: int) -> HttpResponse:
    """The managers of the client keep their actions up to date themselves."""
    action = the_action(request, action_id)
    form = ActionStatusForm(request.POST)
    if form.is_valid():
        action.status = form.cleaned_data["status"]
        finish(action)
        action.save(update_fields=["status", "done_on"])
        said = _("%(action)s: %(status)s") % {"action": action, "status": action.get_status_display()}
        return changed(request, action.plan.cycle, live=said, at=action)
    context = context_of(request, action.plan.cycle) | {
        "undo": Undo(_("That is not a status. Choose one of the list."))
    }
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=422)


@require_POST
def action_delete(request: MemberRequest, action_id: int) -> HttpResponse:
    action = the_action(request, action_id)
    into_bin(action)
    return changed(request, action.plan.cycle, undo=undo_of(request, action), gone=action)


@require_POST
def action_restore(request: MemberRequest, action_id: int) -> HttpResponse:
    action = the_action(request, action_id, binned=True)
    out_of_bin(action)
    said = _("“%(name)s” is back.") % {"name": action}
    return changed(request, action.plan.cycle, undo=Undo(said), at=action)


def finish(action: Action) -> None:
    """The day it was done goes with the status."""
    if action.status != ActionStatus.DONE:
        action.done_on = None
    elif action.done_on is None:
        action.done_on = timezone.localdate()


def view_in(request: MemberRequest) -> str:
    asked = request.GET.get("view") or ("board" if "view=board" in (request.htmx.current_url or "") else "")
    return "board" if asked == "board" else "list"


def only_of_cycle(request: MemberRequest, cycle: Cycle) -> None:
    """An action serves moments and requirements of its own cycle; those of another one are not found."""
    only_of(Moment.objects.filter(stage__cycle=cycle), request.POST.getlist("moments"))
    only_of(Requirement.objects.filter(moment__stage__cycle=cycle), request.POST.getlist("requirements"))


def show_form(request: MemberRequest, cycle: Cycle, form: ActionForm) -> HttpResponse:
    context = context_of(request, cycle) | {"form": form, "action": form.instance}
    return render(request, "cycles/action_form.html", context, status=form.status)


def changed(
    request: MemberRequest,
    cycle: Cycle,
    *,
    live: str = "",
    undo: Undo | None = None,
    at: Action | None = None,
    gone: Action | None = None,
) -> HttpResponse:
    cycle.touch()
    if not request.htmx:
        url = request.membership.url("cycles:plan", cycle.pk)
        return HttpResponseRedirect(url + (f"?deleted={gone.pk}" if gone else f"#{at.code}" if at else ""))
    context = context_of(request, cycle) | {"live": live, "undo": undo, "news": True}
    return page_or_fragment(request, PAGE, FRAGMENT, context)


def undo_of(request: MemberRequest, action: Action) -> Undo:
    url = request.membership.url("cycles:action_restore", action.pk)
    return Undo(_("“%(name)s” is in the bin.") % {"name": action}, url)


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = Action.objects.filter(plan__cycle=cycle, deleted_at__isnull=False)
    action = binned.filter(pk=gone).first() if gone and request.membership.is_editor else None
    return undo_of(request, action) if action else None


def context_of(request: MemberRequest, cycle: Cycle) -> dict[str, Any]:
    outline = outline_of(cycle, cycle.scores)
    entries = {entry.moment.pk: entry for entry in outline}
    actions = Action.objects.filter(plan__cycle=cycle, deleted_at=None).prefetch_related("moments")
    edit, status = (
        request.membership.urls("cycles:action_edit"),
        request.membership.urls("cycles:action_status"),
    )
    talk, counts = request.membership.urls("cycles:action_comments"), open_counts(cycle, "action")
    rows = []
    for action in actions:
        linked = [entries[moment.pk] for moment in action.moments.all() if moment.pk in entries]
        linked.sort(key=lambda entry: entry.number)
        rows.append(
            Row(action, linked, edit(action.pk), status(action.pk), talk(action.pk), counts.get(action.pk, 0))
        )
    return {
        "cycle": cycle,
        "outline": outline,
        "view": view_in(request),
        "groups": groups_of(rows),
        "summary": summary(rows),
        "wins": wins(rows),
        "effort": effort_of(rows),
        "may_edit": request.membership.is_editor,
        "may_report": request.membership.is_editor or request.membership.role == Role.MANAGER,
        "map_url": request.membership.url("cycles:map", cycle.pk),
        "plan_url": request.membership.url("cycles:plan", cycle.pk),
    }


def groups_of(rows: list[Row]) -> list[Group]:
    """By status; within one by date, those without a date last. Dropped ones only where there are any."""
    groups = []
    for status in ORDER:
        mine = [row for row in rows if row.action.status == status]
        mine.sort(key=lambda row: (row.action.due_on is None, row.action.due_on or 0, row.action.number))
        if mine or status != ActionStatus.DROPPED:
            groups.append(Group(status.value, str(status.label), mine))
    return groups


def summary(rows: list[Row]) -> str:
    n = sum(row.action.is_open for row in rows)
    late = sum(row.action.is_late for row in rows)
    text = ngettext("%(n)d open action", "%(n)d open actions", n) % {"n": n}
    if late:
        text += ", " + ngettext("%(n)d late", "%(n)d late", late) % {"n": late}
    return f"{text}."


def wins(rows: list[Row]) -> str:
    n = sum(row.action.is_quick_win for row in rows)
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
            wins=_("Quick wins"),
            projects=_("Projects"),
            spare=_("If time is left"),
            drop=_("Drop"),
        ),
    )
