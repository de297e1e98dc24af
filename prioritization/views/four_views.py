"""Four views of the moments of a cycle; and of one moment, for its panel on the map."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle, Moment
from prioritization import moment_requirements, views_page
from prioritization.tallies.read import BeingCountedError


@require_safe
def views(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """A wave that is not there is 422."""
    cycle = get_object_or_404(request.membership.reach(Cycle).select_related("client"), pk=cycle_id)
    page = views_page.page_of(cycle, request.GET)
    return page_or_fragment(
        request,
        "prioritization/views.html",
        "prioritization/_views.html",
        {"cycle": cycle, "page": page},
        status=422 if page.has_errors else 200,
    )


@require_safe
def moment_views(request: MemberRequest, moment_id: int) -> HttpResponse:
    """A fragment; opened by itself it is the section alone."""
    moments = request.membership.reach(Moment).select_related("stage__cycle__client")
    moment = get_object_or_404(moments, pk=moment_id, deleted_at=None)
    try:
        found = views_page.of_moment(moment.stage.cycle, moment.pk)
    except BeingCountedError:
        found = None
    views, line = found or (None, None)
    required = moment_requirements.of_moment(moment)
    context = {"cycle": moment.stage.cycle, "moment": moment, "views": views, "line": line}
    return render(request, "prioritization/_moment_views.html", {**context, "required": required})
