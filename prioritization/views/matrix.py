from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import retarget

from accounts.access import MemberRequest
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from cyclemap.png import as_png
from cycles.models import Cycle
from prioritization import matrix_csv as table
from prioritization import picture
from prioritization.depth_page import depth_of
from prioritization.matrix_page import MatrixPage, freshest_stamp, page_of


def context_of(request: MemberRequest, cycle: Cycle, page: MatrixPage) -> dict[str, object]:
    edits = request.membership.role in EDITORS
    return {"cycle": cycle, "page": page, "filters": page.filters, "may_freeze": edits}


def cycles(request: MemberRequest) -> QuerySet[Cycle]:
    """With the client, which the head of the page names."""
    return request.membership.reach(Cycle).select_related("client")


def wrong(page: MatrixPage) -> bool:
    return bool(page.filters and page.filters.errors)


@require_safe
def matrix(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The whole page; for htmx the part below the navigation. A filter that makes no sense is 422."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    page = page_of(cycle, request.GET)
    return page_or_fragment(
        request,
        "prioritization/matrix.html",
        "prioritization/_matrix.html",
        context_of(request, cycle, page),
        status=422 if wrong(page) else 200,
    )


@require_safe
def matrix_live(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """What an open page asks every few seconds: 204, or the results as they are now."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    if request.GET.get("seen") == freshest_stamp(cycle, request.GET):
        return HttpResponse(status=204)
    page = page_of(cycle, request.GET)
    context = context_of(request, cycle, page)
    if request.GET.get("state") != page.state:
        return retarget(render(request, "prioritization/_matrix.html", context), "#matrix")
    return render(request, "prioritization/_matrix_live.html", context)


@require_safe
def matrix_depth(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """How far the matrix can be trusted, under the same filters."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    depth = depth_of(cycle, request.GET)
    context = context_of(request, cycle, depth.page) | {"depth": depth}
    return render(
        request, "prioritization/matrix_depth.html", context, status=422 if wrong(depth.page) else 200
    )


@require_safe
def matrix_csv(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    page = page_of(cycle, request.GET)
    return file(table.written(page), "text/csv; charset=utf-8", f"matrix-{cycle.pk}.csv")


@require_safe
def matrix_svg(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return file(drawn(request, cycle_id), "image/svg+xml; charset=utf-8", f"matrix-{cycle_id}.svg")


@require_safe
def matrix_png(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return file(as_png(drawn(request, cycle_id)), "image/png", f"matrix-{cycle_id}.png")


def drawn(request: MemberRequest, cycle_id: int) -> str:
    """Without a moment to show, an empty picture that says so. `drawing=changes`: what moved since."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    page = page_of(cycle, request.GET)
    if page.state != "shown" or page.filters is None:
        return picture.empty(page.title)
    if request.GET.get("drawing") == "changes" and page.compares:
        told = {"before": page.filters.compare, "now": page.filters.wave}
        title = _("Change from %(before)s to %(now)s") % told
        return picture.as_svg(page.change_chart, title, page.comparison_title)
    title = _("Priority matrix, %(wave)s") % {"wave": page.filters.wave}
    return picture.as_svg(page.chart, title, page.about)


def file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
