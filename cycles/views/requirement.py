"""What each moment requires: the page, and its changes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from cyclemap.stencil import Row
from cycles import ordering
from cycles.comments import open_counts
from cycles.coverage import coverage_of
from cycles.forms import NewRequirementForm, RequirementForm
from cycles.models import Cycle, Moment, Requirement, ServiceLevel
from cycles.outline import Entry, Part, outline_of
from cycles.service_levels import settle
from cycles.views.bench import Undo
from cycles.views.reached import number_in, the_cycle, the_moment, the_requirement

PAGE, FRAGMENT = "cycles/requirements.html", "cycles/_requirements.html"


@require_safe
def requirements(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    context = context_of(request, cycle, number_in(request.GET, "moment"))
    context["undo"] = undo_in(request, cycle)
    return page_or_fragment(request, PAGE, FRAGMENT, context)


@require_POST
def requirement_add(request: MemberRequest, moment_id: int) -> HttpResponse:
    moment = the_moment(request, moment_id)
    form = NewRequirementForm(request.POST, instance=Requirement(moment=moment))
    if form.is_valid():
        requirement = ordering.insert_requirement(form.save(commit=False))
        return changed(request, moment, live=_("Added: %(requirement)s") % {"requirement": requirement})
    context = context_of(request, moment.stage.cycle, moment.pk) | {"add_form": form}
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=422)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def requirement_edit(request: MemberRequest, requirement_id: int) -> HttpResponse:
    requirement = the_requirement(request, requirement_id)
    cycle = requirement.moment.stage.cycle
    form = RequirementForm(
        request.POST if request.method == "POST" else None, instance=requirement, language=cycle.language
    )
    if form.saved():
        said = _("Saved: %(requirement)s") % {"requirement": requirement}
        return changed(request, requirement.moment, live=said, focus=requirement.pk)
    context = context_of(request, cycle, requirement.moment_id) | {
        "edit_form": form,
        "edited": requirement.pk,
    }
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=form.status)


@require_POST
def requirement_move(request: MemberRequest, requirement_id: int) -> HttpResponse:
    """Up or down by one (`to`), or to a position counted from 0."""
    requirement = the_requirement(request, requirement_id)
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    place = number_in(request.POST, "position")
    if step is not None:
        ordering.move_requirement(requirement, max(0, (requirement.position or 0) + step))
    elif place is not None:
        ordering.move_requirement(requirement, place)
    requirement.refresh_from_db(fields=["position"])
    n = ordering.requirements_of(requirement.moment_id).count()
    said = _("Position %(number)d of %(n)d.") % {"number": (requirement.position or 0) + 1, "n": n}
    return changed(request, requirement.moment, live=f"{requirement}: {said}")


@require_POST
def requirement_delete(request: MemberRequest, requirement_id: int) -> HttpResponse:
    requirement = the_requirement(request, requirement_id)
    place = ordering.remove_requirement(requirement)
    return changed(request, requirement.moment, undo=undo_of(request, requirement, place))


@require_POST
def requirement_restore(request: MemberRequest, requirement_id: int) -> HttpResponse:
    requirement = the_requirement(request, requirement_id, binned=True)
    ordering.restore_requirement(requirement, number_in(request.POST, "position"))
    said = _("“%(name)s” is back.") % {"name": requirement}
    return changed(request, requirement.moment, undo=Undo(said))


def changed(
    request: MemberRequest,
    moment: Moment,
    *,
    live: str = "",
    undo: Undo | None = None,
    focus: int | None = None,
) -> HttpResponse:
    """Answer a change: the moment's requirements again; without htmx the page."""
    cycle = moment.stage.cycle
    cycle.touch()
    settle(cycle)
    if not request.htmx:
        url = f"{request.membership.url('cycles:requirements', cycle.pk)}?moment={moment.pk}"
        if undo and undo.url:
            gone = undo.url.rstrip("/").split("/")[-2]
            url += f"&deleted={gone}&place={undo.place or 0}"
        return HttpResponseRedirect(url)
    context = context_of(request, cycle, moment.pk) | {
        "live": live,
        "undo": undo,
        "focus": focus,
        "news": True,
    }
    return page_or_fragment(request, PAGE, FRAGMENT, context)


def undo_of(request: MemberRequest, requirement: Requirement, place: int | None) -> Undo:
    url = request.membership.url("cycles:requirement_restore", requirement.pk)
    return Undo(_("“%(name)s” is in the bin.") % {"name": requirement}, url, place)


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at__isnull=False)
    requirement = binned.filter(pk=gone).first() if gone and request.membership.is_editor else None
    return undo_of(request, requirement, number_in(request.GET, "place")) if requirement else None


def context_of(request: MemberRequest, cycle: Cycle, moment_id: int | None) -> dict[str, Any]:
    """The moment asked for, else the first without requirements, else the first."""
    outline = outline_of(cycle, cycle.scores)
    entry = (
        outline.entry(moment_id)
        or next((entry for entry in outline if not entry.requirements), None)
        or next(iter(outline), None)
    )
    previous, following = outline.beside(entry) if entry else (None, None)
    rows = list(Requirement.objects.filter(moment=entry.moment, deleted_at=None)) if entry else []
    page = request.membership.url("cycles:requirements", cycle.pk)
    return {
        "cycle": cycle,
        "outline": outline,
        "entry": entry,
        "previous": previous,
        "following": following,
        "asked": lowered(str(entry.moment)) if entry else "",
        "index": [(part, index_rows(part, page, entry)) for part in outline.parts],
        "rows": table_rows(request, rows),
        "coverage": coverage_of(cycle),
        "add_form": NewRequirementForm(),
        "may_edit": request.membership.is_editor,
        "page_url": page,
    }


def index_rows(part: Part, page: str, current: Entry | None) -> list[Row]:
    """The moments of a stage, each with the number of its requirements."""
    return [
        {
            "pk": entry.moment.pk,
            "page": page,
            "current": entry is current,
            "number": entry.number,
            "name": str(entry.moment),
            "count": entry.requirements,
            "missing": not entry.requirements,
        }
        for entry in part.entries
    ]


@dataclass(frozen=True)
class TableRow:
    pk: int
    printed: list[Row]  # one, as `_requirement_row.html` prints it


def table_rows(request: MemberRequest, requirements: list[Requirement]) -> list[TableRow]:
    may_edit = request.membership.is_editor
    move, edit, delete = map(request.membership.urls, CHANGES)
    talk = request.membership.urls("cycles:requirement_comments")
    counts = open_counts(requirements[0].moment.stage.cycle, "requirement") if requirements else {}
    agreed = levels_by_requirement(requirements)
    level, agree = map(request.membership.urls, ("cycles:level", "cycles:level_from_requirement"))
    token = get_token(request)
    last = len(requirements) - 1
    return [
        TableRow(
            one.pk,
            [
                {
                    "may_edit": may_edit,
                    "pk": one.pk,
                    "name": str(one),
                    "dimension": one.get_dimension_display() or "–",
                    "vertex": one.get_vertex_display(),
                    one.vertex or "no_vertex": True,
                    "minimum": one.text("minimum"),
                    "desired": one.text("desired"),
                    "measure": one.text("measure"),
                    "target": one.target,
                    "level_url": level(agreed[one.pk].pk) if one.pk in agreed else "",
                    "missed": one.pk in agreed and agreed[one.pk].is_missed,
                    "agree": agree(one.pk) if one.target and may_edit and one.pk not in agreed else "",
                    "talk": counts.get(one.pk, ""),
                    "talk_url": talk(one.pk),
                    "level": one.get_level_display(),
                    "first": at == 0,
                    "last": at == last,
                    "move": move(one.pk),
                    "edit": edit(one.pk),
                    "delete": delete(one.pk),
                    "token": token,
                }
            ],
        )
        for at, one in enumerate(requirements)
    ]


def levels_by_requirement(requirements: list[Requirement]) -> dict[int, ServiceLevel]:
    """The service level of each; where there are more, the one that is missed."""
    levels = ServiceLevel.objects.filter(requirement__in=requirements, deleted_at=None)
    return {level.requirement_id or 0: level for level in levels.order_by("is_missed", "-pk")}


CHANGES = ("cycles:requirement_move", "cycles:requirement_edit", "cycles:requirement_delete")


def lowered(name: str) -> str:
    """The name as it stands within a sentence: "queue at the till", but "SMS arrives"."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
