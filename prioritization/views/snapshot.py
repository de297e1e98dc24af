"""Snapshots of the matrix: editors freeze and delete, everybody reads and compares."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from accounts.models import EDITORS
from cycles.models import Cycle
from cycles.views.reached import number_in
from prioritization import frozen
from prioritization.analysis.engine import MIN_N
from prioritization.matrix_page import MatrixPage, page_of
from prioritization.models import Snapshot


def the_snapshot(request: MemberRequest, pk: int, *, deleted: bool = False) -> Snapshot:
    found = request.membership.reach(Snapshot).select_related("cycle__client", "wave", "frozen_by")
    snapshot = get_object_or_404(found.filter(cycle__deleted_at=None), pk=pk)
    if snapshot.deleted_at and not deleted:
        raise Http404
    return snapshot


@require_safe
def snapshots(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The list; with `a` and `b` also the two held against each other."""
    cycle = get_object_or_404(request.membership.reach(Cycle).filter(deleted_at=None), pk=cycle_id)
    kept = list(cycle.snapshots.filter(deleted_at=None).select_related("wave", "frozen_by"))
    chosen = {number_in(request.GET, "a"), number_in(request.GET, "b")}
    two = [one for one in kept if one.pk in chosen]
    asked = bool(request.GET.get("a") or request.GET.get("b"))
    gone = number_in(request.GET, "deleted")
    context = {
        "cycle": cycle,
        "snapshots": kept,
        "chosen": chosen,
        "comparison": frozen.comparison_of(*two) if len(two) == 2 else None,
        "choose_two": asked and len(two) != 2,
        "deleted": cycle.snapshots.exclude(deleted_at=None).filter(pk=gone).first() if gone else None,
        "may_freeze": request.membership.role in EDITORS,
    }
    status = 422 if context["choose_two"] else 200
    return render(request, "prioritization/snapshots.html", context, status=status)


@require_POST
def snapshot_freeze(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The matrix at the address in `query`, as it is now."""
    cycle = get_object_or_404(request.membership.reach(Cycle).filter(deleted_at=None), pk=cycle_id)
    page = page_of(cycle, QueryDict(request.POST.get("query", "")))
    name = request.POST.get("name", "").strip()
    if error := why_not(cycle, page, name):
        context = {"cycle": cycle, "page": page, "filters": page.filters, "may_freeze": True}
        context |= {"freeze_error": error, "freeze_name": name}
        return render(request, "prioritization/matrix.html", context, status=422)
    snapshot, made = frozen.freeze(cycle, page, name, request.user)
    if not made:
        said = _("Nothing has moved since “%(name)s” was frozen, so that one is shown.")
        messages.info(request, said % {"name": snapshot})
    return redirect(request.membership.url("prioritization:snapshot", snapshot.pk))


def why_not(cycle: Cycle, page: MatrixPage, name: str) -> str:
    """Why this is not frozen; empty where it is."""
    if page.state != "shown":
        return _("There is no matrix to freeze yet.")
    if not name or len(name) > frozen.NAMES:
        return _("A name of 1 to %(most)d characters, please.") % {"most": frozen.NAMES}
    if near := frozen.too_close_to(cycle, page):
        return _(
            "Fewer than %(least)d answers came or went since “%(name)s” was frozen. Taking one from the "
            "other would tell what those people answered. Freeze it when there are more."
        ) % {"least": MIN_N, "name": near}
    return ""


@require_safe
def snapshot(request: MemberRequest, snapshot_id: int) -> HttpResponse:
    found = the_snapshot(request, snapshot_id)
    context = {
        "cycle": found.cycle,
        "snapshot": found,
        "page": frozen.FrozenPage(found),
        "may_freeze": request.membership.role in EDITORS,
    }
    return render(request, "prioritization/snapshot.html", context)


@require_POST
def snapshot_delete(request: MemberRequest, snapshot_id: int) -> HttpResponse:
    found = the_snapshot(request, snapshot_id, deleted=True)
    frozen.delete(found)
    there = request.membership.url("prioritization:snapshots", found.cycle_id)
    return redirect(f"{there}?deleted={found.pk}")


@require_POST
def snapshot_restore(request: MemberRequest, snapshot_id: int) -> HttpResponse:
    found = the_snapshot(request, snapshot_id, deleted=True)
    if not frozen.restore(found):
        messages.info(request, _("An equal snapshot was made meanwhile. It is in the list."))
    return redirect(request.membership.url("prioritization:snapshots", found.cycle_id))
