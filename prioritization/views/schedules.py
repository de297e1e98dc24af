"""Reports that are made every month: order one, change it, let it rest, take it away."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles.models import Cycle
from prioritization.handing_forms import ScheduleForm
from prioritization.models import ReportSchedule
from prioritization.views.reports import cycle_or_404


def schedule_or_404(request: MemberRequest, schedule_id: int) -> ReportSchedule:
    found = request.membership.reach(ReportSchedule).select_related("cycle__client")
    return get_object_or_404(found, pk=schedule_id)


def to_list(request: MemberRequest, cycle: Cycle) -> HttpResponse:
    return redirect(request.membership.url("prioritization:reports", cycle.pk) + "#monthly")


def show(request: MemberRequest, cycle: Cycle, form: ScheduleForm, status: int = 200) -> HttpResponse:
    schedule = form.instance if form.instance.pk else None
    context = {"cycle": cycle, "form": form, "schedule": schedule}
    return render(request, "prioritization/schedule.html", context, status=status)


@allow(read=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_new(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    if request.method != "POST":
        first = {"language": request.LANGUAGE_CODE[:2]}  # type: ignore[attr-defined]
        return show(request, cycle, ScheduleForm(client=cycle.client, initial=first))
    instance = ReportSchedule(cycle=cycle, created_by=request.user, last_month=this_month_if_past(request))
    form = ScheduleForm(request.POST, client=cycle.client, instance=instance)
    if not form.is_valid():
        return show(request, cycle, form, status=422)
    schedule = form.save()
    day = schedule.next_on(timezone.localdate())
    said = {"day": date_format(day, "DATE_FORMAT")}
    messages.success(request, _("The report will be made every month, first on %(day)s.") % said)
    return to_list(request, cycle)


def this_month_if_past(request: MemberRequest) -> date | None:
    """Ordered on the 20th for every 5th, the first one is that of next month."""
    today = timezone.localdate()
    told = request.POST.get("day", "")
    return today.replace(day=1) if told.isdecimal() and int(told) < today.day else None


@allow(read=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: MemberRequest, schedule_id: int) -> HttpResponse:
    schedule = schedule_or_404(request, schedule_id)
    cycle = schedule.cycle
    if request.method != "POST":
        return show(request, cycle, ScheduleForm(client=cycle.client, instance=schedule))
    form = ScheduleForm(request.POST, client=cycle.client, instance=schedule)
    if not form.is_valid():
        return show(request, cycle, form, status=422)
    form.save()
    messages.success(request, _("The monthly report was changed."))
    return to_list(request, cycle)


@require_POST
def schedule_pause(request: MemberRequest, schedule_id: int) -> HttpResponse:
    """Press again, and it goes on: `pause` says which of both is meant."""
    schedule = schedule_or_404(request, schedule_id)
    rests = request.POST.get("pause") == "1"
    ReportSchedule.objects.filter(pk=schedule.pk).update(paused_at=timezone.now() if rests else None)
    messages.success(request, _("The monthly report rests.") if rests else _("The monthly report goes on."))
    return to_list(request, schedule.cycle)


@require_POST
def schedule_delete(request: MemberRequest, schedule_id: int) -> HttpResponse:
    """What it made stays in the list."""
    schedule = schedule_or_404(request, schedule_id)
    schedule.delete()
    messages.success(request, _("The monthly report was taken away. What it made stays in the list."))
    return to_list(request, schedule.cycle)
