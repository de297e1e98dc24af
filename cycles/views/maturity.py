"""How mature the organisation says it is: assess, compare two days, take as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Role
from cycles.maturity import assessments_of, comparison_of, document_of
from cycles.maturity_forms import AssessmentForm
from cycles.models import Assessment, Cycle
from cycles.views.bench import Undo
from cycles.views.reached import number_in, the_cycle

ASSESSORS = EDITORS | {Role.MANAGER}


@require_safe
def maturity(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return show(request, cycle)


def show(request: MemberRequest, cycle: Cycle, form: AssessmentForm | None = None) -> HttpResponse:
    rows = assessments_of(cycle)
    may_write = request.membership.role in ASSESSORS
    context = {
        "cycle": cycle,
        "assessments": rows,
        "comparison": comparison_of(rows, request.GET.get("a"), request.GET.get("b")),
        "form": form or AssessmentForm(initial={"made_by": str(request.user)}),
        "may_write": may_write,
        "adding": "new" in request.GET,
        "undo": undo_in(request, cycle) if may_write else None,
        "binned": binned_in(cycle) if may_write else [],
    }
    return render(request, "cycles/maturity.html", context, status=422 if form else 200)


@require_POST
@allow(write=ASSESSORS)
def maturity_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The same form sent twice is one assessment."""
    cycle = the_cycle(request, cycle_id)
    form = AssessmentForm(request.POST, instance=Assessment(cycle=cycle))
    if not form.is_valid():
        return show(request, cycle, form)
    key = form.cleaned_data["key"]
    if not (key and Assessment.objects.filter(cycle=cycle, key=key).exists()):
        if key:
            form.instance.key = key
        form.save()
        cycle.touch()
    messages.success(request, _("The assessment is kept."))
    return back(request, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(read=ASSESSORS, write=ASSESSORS)
def assessment(request: MemberRequest, assessment_id: int) -> HttpResponse:
    """Correct one."""
    row = the_assessment(request, assessment_id)
    form = AssessmentForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        form.save()
        row.cycle.touch()
        messages.success(request, _("The assessment is kept."))
        return back(request, row.cycle)
    context: dict[str, Any] = {"cycle": row.cycle, "form": form, "assessment": row}
    return render(request, "cycles/assessment.html", context, status=422 if form.is_bound else 200)


@require_POST
@allow(write=ASSESSORS)
def assessment_delete(request: MemberRequest, assessment_id: int) -> HttpResponse:
    row = the_assessment(request, assessment_id, binned=True)
    if row.deleted_at is None:
        row.deleted_at = timezone.now()
        row.save(update_fields=["deleted_at"])
        row.cycle.touch()
    return back(request, row.cycle, f"?deleted={row.pk}")


@require_POST
@allow(write=ASSESSORS)
def assessment_restore(request: MemberRequest, assessment_id: int) -> HttpResponse:
    row = the_assessment(request, assessment_id, binned=True)
    if row.deleted_at is not None:
        row.deleted_at = None
        row.save(update_fields=["deleted_at"])
        row.cycle.touch()
    return back(request, row.cycle)


@require_safe
def maturity_json(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    document = document_of(cycle, assessments_of(cycle))
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="maturity-{cycle.pk}.json"'
    return response


def the_assessment(request: MemberRequest, pk: int, *, binned: bool = False) -> Assessment:
    rows = request.membership.reach(Assessment).select_related("cycle__client")
    return get_object_or_404(rows if binned else rows.filter(deleted_at=None), pk=pk)


def back(request: MemberRequest, cycle: Cycle, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(request.membership.url("cycles:maturity", cycle.pk) + query)


def binned_in(cycle: Cycle) -> list[Assessment]:
    return list(Assessment.objects.filter(cycle=cycle, deleted_at__isnull=False).order_by("-deleted_at"))


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    row = next((row for row in binned_in(cycle) if row.pk == gone), None) if gone else None
    if row is None:
        return None
    said = _("The assessment “%(assessment)s” has been deleted.") % {"assessment": row}
    return Undo(said, request.membership.url("cycles:assessment_restore", row.pk))
