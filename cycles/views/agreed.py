"""Service levels, indicators and results an address names, if this member may see them; else 404."""

from typing import TypeVar

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import MemberRequest
from cycles.models import Indicator, Measurement, ServiceLevel

M = TypeVar("M", ServiceLevel, Indicator)


def the_level(request: MemberRequest, pk: int, *, binned: bool = False) -> ServiceLevel:
    rows = request.membership.reach(ServiceLevel).select_related(
        "cycle__client", "moment__stage", "requirement", "above"
    )
    return in_place(get_object_or_404(rows, pk=pk), binned)


def the_indicator(request: MemberRequest, pk: int, *, binned: bool = False) -> Indicator:
    rows = request.membership.reach(Indicator).select_related("cycle__client", "moment__stage", "stage")
    found = in_place(get_object_or_404(rows, pk=pk), binned)
    if found.stage and found.stage.deleted_at:
        raise Http404
    return found


def in_place(thing: M, binned: bool) -> M:
    """404 where it lies in the bin itself, unless `binned`, and where its moment does."""
    if thing.deleted_at and not binned:
        raise Http404
    if thing.moment and thing.moment.deleted_at:
        raise Http404
    return thing


def the_measurement(request: MemberRequest, pk: int, *, binned: bool = False) -> Measurement:
    """A result of something that is in its place."""
    rows = request.membership.reach(Measurement)
    found = get_object_or_404(rows if binned else rows.filter(deleted_at=None), pk=pk)
    if found.service_level_id:
        found.service_level = the_level(request, found.service_level_id)
    elif found.indicator_id:
        found.indicator = the_indicator(request, found.indicator_id)
    return found
