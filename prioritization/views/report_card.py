"""The report card of a cycle, its file, and how its grades are given."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle
from prioritization import report_card_csv as table
from prioritization.card_page import page_of
from prioritization.grade_forms import GradesForm
from prioritization.grade_scale import GradeScale, scale_of
from prioritization.views.matrix import cycles, file


@require_safe
def report_card(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The whole page; for htmx the part below the navigation. A filter that makes no sense is 422."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    page = page_of(cycle, request.GET)
    return page_or_fragment(
        request,
        "prioritization/report_card.html",
        "prioritization/_report_card.html",
        {
            "cycle": cycle,
            "page": page,
            "filters": page.filters,
            "card": page.card,
            "may_edit": request.membership.is_editor,
        },
        status=422 if page.wrong else 200,
    )


@require_safe
def report_card_csv(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    page = page_of(cycle, request.GET)
    return file(table.written(page.card), "text/csv; charset=utf-8", f"report-card-{cycle.pk}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(read=EDITORS)
def grades(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Thresholds: for this cycle or for all of the client."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    scale = scale_of(cycle)
    form = GradesForm(request.POST if request.method == "POST" else None, scale=scale)
    if request.method == "POST" and form.is_valid():
        form.save(cycle, request.user)
        messages.success(request, _("The grades are given by the new thresholds."))
        return back(request, cycle)
    status = 422 if form.is_bound else 200
    context = {"cycle": cycle, "form": form, "scale": scale}
    return render(request, "prioritization/grades.html", context, status=status)


@require_POST
def grades_usual(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Without thresholds of its own, the cycle follows its client's, or the usual ones."""
    cycle = get_object_or_404(cycles(request), pk=cycle_id)
    GradeScale.objects.filter(cycle=cycle).delete()
    messages.success(request, _("The cycle has no thresholds of its own any more."))
    return back(request, cycle)


def back(request: MemberRequest, cycle: Cycle) -> HttpResponse:
    return HttpResponseRedirect(request.membership.url("prioritization:report_card", cycle.pk))
