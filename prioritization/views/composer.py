"""The composer of a report: choose, look, ask for the PDF."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.celery import hint
from cycles.models import Cycle
from cycles.views.reached import number_in
from prioritization import jobs
from prioritization.models import JobState, ReportPreset
from prioritization.reports import composer
from prioritization.reports.composer import Composition
from prioritization.reports.pages import PLACE, rendered
from prioritization.reports.places import colours, on_screen
from prioritization.tasks import render_reports
from prioritization.views.reports import cycle_or_404


def presets_of(request: MemberRequest, cycle: Cycle) -> QuerySet[ReportPreset]:
    """Those of the client, and those for all clients of the workspace; deleted ones among them."""
    found = request.membership.reach(ReportPreset, binned=True).filter(
        Q(client=cycle.client_id) | Q(for_all=True)
    )
    return found.select_related("client", "saved_by")


def the_preset(request: MemberRequest, cycle: Cycle) -> ReportPreset | None:
    pk = number_in(request.GET, "preset")
    return get_object_or_404(presets_of(request, cycle).filter(deleted_at=None), pk=pk) if pk else None


def language_of(request: MemberRequest) -> str:
    return str(request.LANGUAGE_CODE)  # type: ignore[attr-defined]


def show(
    request: MemberRequest,
    made: Composition,
    status: int = 200,
    preset: ReportPreset | None = None,
    **more: object,
) -> HttpResponse:
    context = {
        "cycle": made.cycle,
        "made": made,
        "form": made.form,
        "filters": made.matrix,
        "lines": made.lines,
        "preset": preset,
        "presets": presets_of(request, made.cycle).filter(deleted_at=None),
        **more,
    }
    return render(request, "prioritization/compose.html", context, status=status)


@allow(read=EDITORS)
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def compose(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    preset = the_preset(request, cycle)
    pk = number_in(request.GET, "deleted")
    gone = presets_of(request, cycle).exclude(deleted_at=None).filter(pk=pk).first() if pk else None
    return show(request, composer.begun(cycle, language_of(request), preset), preset=preset, gone=gone)


@require_POST
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def report_draft(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The page with a section moved or other waves and filters to choose from: for who has no script."""
    cycle = cycle_or_404(request, cycle_id)
    made = composer.moved(
        composer.typed(cycle, request.POST, language_of(request)), request.POST.get("press", "")
    )
    made.check()
    return show(request, made, preset=preset_in(request, cycle))


def preset_in(request: MemberRequest, cycle: Cycle) -> ReportPreset | None:
    pk = number_in(request.POST, "preset")
    return presets_of(request, cycle).filter(deleted_at=None, pk=pk).first() if pk else None


@allow(read=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def report_preview(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The pages as they would be printed, alone; nothing is stored."""
    cycle = cycle_or_404(request, cycle_id)
    if request.method == "POST":
        made = composer.typed(cycle, request.POST, language_of(request))
        if not made.check():
            return render(request, "prioritization/preview_not.html", {"made": made}, status=422)
    else:
        made = composer.begun(cycle, language_of(request), the_preset(request, cycle))
    return HttpResponse(rendered(made.document, on_screen(cycle.client, cycle.pk)).replace(PLACE, "–"))


@require_POST
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def composed_ask(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The PDF of exactly what is composed."""
    cycle = cycle_or_404(request, cycle_id)
    made = composer.typed(cycle, request.POST, language_of(request))
    if not made.check():
        return show(request, made, 422, preset_in(request, cycle))
    report, is_new = jobs.ask(cycle, made.wave, made.language, request.user, choice=made.choice)
    if is_new:
        hint(render_reports)
    elif report.state == JobState.DONE:
        messages.info(request, _("Nothing has changed since this report was made. It is in the list."))
    return redirect(request.membership.url("prioritization:reports", cycle.pk))


@require_safe
def report_colours(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The client's colours as a style sheet, for the preview."""
    cycle = cycle_or_404(request, cycle_id)
    response = HttpResponse(colours(cycle.client), content_type="text/css")
    response["Cache-Control"] = "private, no-cache"
    return response
