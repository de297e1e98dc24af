"""Which actions first, and what a budget buys: everything it reckons with stands in the address."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from cycles.views.reached import the_cycle
from prioritization.ranking_page import page_of


@require_safe
def ranking(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The whole page; for htmx the part that follows the numbers. A number that makes no sense is 422."""
    cycle = the_cycle(request, cycle_id)
    page = page_of(cycle, request.GET)
    context = {"cycle": cycle, "page": page, "may_edit": request.membership.is_editor}
    return page_or_fragment(
        request,
        "prioritization/ranking.html",
        "prioritization/_ranking.html",
        context,
        status=422 if page.form.errors else 200,
    )
