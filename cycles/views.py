"""Pages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.models import Cycle


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    return render(request, "cycles/index.html", {"cycles": request.membership.reach(Cycle)})


@require_safe
def map_page(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    return render(request, "cycles/map.html", {"cycle": cycle})


@require_safe
def requirements(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    return render(request, "cycles/requirements.html", {"cycle": cycle})


@require_safe
def plan(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    return render(request, "cycles/plan.html", {"cycle": cycle})
