"""What was deleted: of a cycle, and the cycles of a workspace. It stays 30 days."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.bin import DAYS
from cycles.models import (
    Action,
    ActionFile,
    ActionPlan,
    Attachment,
    Cycle,
    Indicator,
    Measurement,
    Moment,
    Requirement,
    ServiceLevel,
    Stage,
)
from cycles.views.reached import the_cycle


@require_safe
def cycle_bin(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    context = {"cycle": cycle, "days": DAYS, **lying_in(cycle), "may_edit": request.membership.is_editor}
    return render(request, "cycles/bin.html", context)


def lying_in(cycle: Cycle) -> dict[str, Any]:
    """Each thing once: what went with a stage or a moment comes back with it."""
    gone = Q(deleted_at__isnull=False)
    with_stage = Q(stage__deleted_at__isnull=False, deleted_at=F("stage__deleted_at"))
    together = Count("moments", filter=Q(moments__deleted_at=F("deleted_at")))
    with_plan = Count("actions", filter=Q(actions__deleted_at=F("deleted_at")))
    moments = Moment.objects.filter(gone, stage__cycle=cycle).exclude(with_stage).select_related("stage")
    below = {"moment__stage__cycle": cycle, "moment__deleted_at": None}
    in_place = Q(moment=None) | Q(moment__deleted_at=None)
    return {
        "stages": Stage.everywhere.filter(gone, cycle=cycle).annotate(n=together).order_by("-deleted_at"),
        "moments": moments.order_by("-deleted_at"),
        "requirements": Requirement.objects.filter(gone, **below)
        .select_related("moment")
        .order_by("-deleted_at"),
        "plans": ActionPlan.objects.filter(gone, cycle=cycle).annotate(n=with_plan).order_by("-deleted_at"),
        "actions": Action.objects.filter(gone, plan__cycle=cycle)
        .exclude(plan__deleted_at__isnull=False, deleted_at=F("plan__deleted_at"))
        .order_by("-deleted_at"),
        "action_files": ActionFile.objects.filter(gone, action__plan__cycle=cycle, action__deleted_at=None)
        .select_related("action")
        .order_by("-deleted_at"),
        "levels": ServiceLevel.objects.filter(gone, in_place, cycle=cycle).order_by("-deleted_at"),
        "indicators": Indicator.objects.filter(gone, in_place, cycle=cycle)
        .exclude(stage__deleted_at__isnull=False)
        .order_by("-deleted_at"),
        "results": Measurement.objects.filter(gone, cycle=cycle)
        .filter(
            Q(service_level__deleted_at=None, indicator=None)
            | Q(indicator__deleted_at=None, service_level=None)
        )
        .select_related("service_level", "indicator")
        .order_by("-deleted_at"),
        "attachments": Attachment.objects.filter(gone, **below)
        .select_related("moment")
        .order_by("-deleted_at"),
    }


@require_safe
def cycles_bin(request: MemberRequest) -> HttpResponse:
    """The cycles of the workspace that were deleted."""
    binned = request.membership.reach(Cycle, binned=True).filter(deleted_at__isnull=False)
    context = {
        "cycles": binned.select_related("client").order_by("-deleted_at"),
        "days": DAYS,
        "may_edit": request.membership.is_editor,
    }
    return render(request, "cycles/cycles_bin.html", context)
