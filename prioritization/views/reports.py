from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.models import Cycle


@require_safe
def reports(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle), pk=cycle_id)
    return render(request, "prioritization/reports.html", {"cycle": cycle})
