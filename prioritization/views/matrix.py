from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_htmx.http import retarget

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle
from prioritization import matrix_csv as table
from prioritization.matrix_page import freshest_stamp, page_of


@require_safe
def matrix(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The whole page; for htmx the part below the navigation. A filter that makes no sense is 422."""
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    page = page_of(cycle, request.GET)
    context = {"cycle": cycle, "page": page, "filters": page.filters}
    wrong = page.filters is not None and page.filters.errors
    return page_or_fragment(
        request,
        "prioritization/matrix.html",
        "prioritization/_matrix.html",
        context,
        status=422 if wrong else 200,
    )


@require_safe
def matrix_live(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """What an open page asks every few seconds: 204, or the results as they are now."""
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    if request.GET.get("seen") == freshest_stamp(cycle, request.GET):
        return HttpResponse(status=204)
    page = page_of(cycle, request.GET)
    context = {"cycle": cycle, "page": page, "filters": page.filters}
    if request.GET.get("state") != page.state:
        return retarget(render(request, "prioritization/_matrix.html", context), "#matrix")
    return render(request, "prioritization/_matrix_live.html", context)


@require_safe
def matrix_csv(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    page = page_of(cycle, request.GET)
    response = HttpResponse(table.written(page), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="matrix-{cycle.pk}.csv"'
    return response
