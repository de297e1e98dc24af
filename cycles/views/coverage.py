"""What the requirements of a cycle cover, and what is missing in each step."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.coverage import coverage_of
from cycles.heat import heat_of
from cycles.missing import missing_in
from cycles.outline import outline_of
from cycles.views.reached import the_cycle


@require_safe
def coverage(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    outline = outline_of(cycle, cycle.scores)
    lacks = missing_in(request.membership, cycle, outline)
    context = {
        "cycle": cycle,
        "outline": outline,
        "heat": heat_of(cycle, outline),
        "coverage": coverage_of(cycle),
        "lacks_open": [lack for lack in lacks if lack.items],
        "lacks_done": [lack for lack in lacks if not lack.items],
        "page_url": request.membership.url("cycles:requirements", cycle.pk),
    }
    return render(request, "cycles/coverage.html", context)
