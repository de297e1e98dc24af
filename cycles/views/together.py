"""Two people at once on one cycle: what moved, who is here, whom one may call."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles import presence
from cycles.mentions import people_of
from cycles.models import Cycle
from cycles.views.reached import number_in, the_cycle


@never_cache
@require_safe
def pulse(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """204 while neither the cycle (`seen`) nor who is there (`here`) changed: one query beside the log-in."""
    rows = request.membership.reach(Cycle).select_related("changed_by")
    cycle = get_object_or_404(rows.only("revision", "changed_by__name", "changed_by__email"), pk=cycle_id)
    others = presence.note(cycle.pk, request.user)
    here = presence.sign(others)
    if cycle.revision == number_in(request.GET, "seen") and request.GET.get("here", "") == here:
        return HttpResponse(status=204)
    return render(request, "cycles/_together.html", {"cycle": cycle, "also_here": others, "here": here})


@require_safe
def people(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Whom a comment may call: everybody who may see the client."""
    cycle = the_cycle(request, cycle_id)
    return JsonResponse({"people": [{"name": str(person)} for person in people_of(cycle.client)]})
