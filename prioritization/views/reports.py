"""The reports of a cycle: ask for one, see it being made, take it away."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Role
from cyclemap.celery import hint
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle
from prioritization import jobs
from prioritization.models import JobState, Report, ReportMail, ReportSchedule
from prioritization.reports.filename import download_name
from prioritization.reports.forms import ReportForm
from prioritization.reports.kinds import file_type
from prioritization.schedules import schedules_of
from prioritization.share_links import open_links
from prioritization.tasks import render_reports

PER_PAGE = 20
# A manager may ask for a report of the own client; it changes nothing but the list.
ASKERS = EDITORS | {Role.MANAGER}


def cycle_or_404(request: MemberRequest, cycle_id: int) -> Cycle:
    cycles = request.membership.reach(Cycle).select_related("client")
    return get_object_or_404(cycles, pk=cycle_id)


def answer(
    request: MemberRequest, cycle: Cycle, form: ReportForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, or the part of it below the headline."""
    made = request.membership.reach(Report).filter(cycle=cycle).select_related("wave", "requested_by")
    if request.membership.is_editor:
        made = made.annotate(open_links=open_links())
    made = made.order_by("-pk")  # grouping by an annotation drops the order of the model
    context = {
        "cycle": cycle,
        "form": form or ReportForm(cycle=cycle, language=request.LANGUAGE_CODE),  # type: ignore[attr-defined]
        "reports": Paginator(made, PER_PAGE).get_page(request.GET.get("page")),
        "may_ask": request.membership.role in ASKERS,
        "schedules": monthly(request, cycle),
    }
    return page_or_fragment(
        request, "prioritization/reports.html", "prioritization/_reports.html", context, status
    )


def monthly(request: MemberRequest, cycle: Cycle) -> list[tuple[ReportSchedule, date]]:
    """What is made every month, and when next: for those who may change it."""
    if not request.membership.is_editor:
        return []
    today = timezone.localdate()
    return [(one, one.next_on(today)) for one in schedules_of(request.membership, cycle)]


def moved_on(request: MemberRequest, cycle: Cycle) -> HttpResponse:
    """What an accepted press answers: the fragment, or the way back to the page."""
    if request.htmx:
        return answer(request, cycle)
    return redirect(request.membership.url("prioritization:reports", cycle.pk))


@require_safe
def reports(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return answer(request, cycle_or_404(request, cycle_id))


@allow(write=ASKERS)
@require_POST
def report_ask(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    form = ReportForm(request.POST, cycle=cycle, language=request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    if not form.is_valid():
        return answer(request, cycle, form, status=422)
    chosen = form.cleaned_data
    report, made = jobs.ask(cycle, chosen["wave"], chosen["language"], request.user, kind=chosen["kind"])
    if chosen["notify"] and report.is_live:
        ReportMail.objects.get_or_create(report=report, person=request.user, occasion="")
    if made:
        hint(render_reports)
    elif report.state == JobState.DONE:
        messages.info(request, _("Nothing has changed since this report was made. It is in the list."))
    return moved_on(request, cycle)


@require_safe
def report_progress(request: MemberRequest, report_id: int) -> HttpResponse:
    """One line of the list, which asks for itself again while the report is being made."""
    report = get_object_or_404(
        request.membership.reach(Report).select_related("cycle", "wave", "requested_by"), pk=report_id
    )
    if not request.htmx:
        return redirect(request.membership.url("prioritization:reports", report.cycle_id))
    context = {"report": report, "may_ask": request.membership.role in ASKERS, "news": not report.is_live}
    return render(request, "prioritization/_report.html", context)


@allow(write=ASKERS)
@require_POST
def report_cancel(request: MemberRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(request.membership.reach(Report), pk=report_id)
    jobs.cancel(report)
    return moved_on(request, cycle_or_404(request, report.cycle_id))


@allow(write=ASKERS)
@require_POST
def report_retry(request: MemberRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(request.membership.reach(Report), pk=report_id)
    if jobs.ask_again(report, request.user):
        hint(render_reports)
    else:
        messages.info(request, _("An equal report is in the list already."))
    return moved_on(request, cycle_or_404(request, report.cycle_id))


@require_safe
def report_download(request: MemberRequest, report_id: int) -> FileResponse:
    """The file, to those who may see the client: asked anew at every download."""
    report = get_object_or_404(
        request.membership.reach(Report).select_related("cycle__client", "wave"),
        pk=report_id,
        state=JobState.DONE,
    )
    try:
        file = report.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file,
        as_attachment=True,
        filename=download_name(report),
        content_type=file_type(report.kind).content_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response
