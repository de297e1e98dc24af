"""What an address names, if this member may see it and it has not been deleted; else 404."""

from collections.abc import Iterable, Mapping

from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import MemberRequest
from cycles.models import (
    Action,
    ActionFile,
    ActionPlan,
    Attachment,
    Cycle,
    Moment,
    Requirement,
    Stage,
)


def the_cycle(request: MemberRequest, pk: int) -> Cycle:
    rows = request.membership.reach(Cycle).select_related("client")
    return get_object_or_404(rows, pk=pk)


def the_stage(request: MemberRequest, pk: int, *, binned: bool = False) -> Stage:
    """A stage in its place; `binned`: wherever it is."""
    rows = Stage.everywhere.filter(cycle__in=request.membership.reach(Cycle)).select_related("cycle__client")
    return get_object_or_404(rows if binned else rows.filter(deleted_at=None), pk=pk)


def the_moment(request: MemberRequest, pk: int, *, binned: bool = False) -> Moment:
    """A moment in its place; `binned`: wherever it is."""
    rows = request.membership.reach(Moment).select_related("stage__cycle__client")
    moment = get_object_or_404(rows, pk=pk)
    if moment.deleted_at and not binned:
        raise Http404
    return moment


def the_requirement(request: MemberRequest, pk: int, *, binned: bool = False) -> Requirement:
    rows = request.membership.reach(Requirement).select_related("moment__stage__cycle__client")
    requirement = get_object_or_404(rows.filter(moment__deleted_at=None), pk=pk)
    if requirement.deleted_at and not binned:
        raise Http404
    return requirement


def the_action(request: MemberRequest, pk: int, *, binned: bool = False) -> Action:
    rows = request.membership.reach(Action).select_related("plan__cycle__client")
    action = get_object_or_404(rows, pk=pk)
    if action.deleted_at and not binned:
        raise Http404
    return action


def the_plan(request: MemberRequest, pk: int, *, binned: bool = False) -> ActionPlan:
    rows = request.membership.reach(ActionPlan).select_related("cycle__client")
    plan = get_object_or_404(rows, pk=pk)
    if plan.deleted_at and not binned:
        raise Http404
    return plan


def the_action_file(request: MemberRequest, pk: int, *, binned: bool = False) -> ActionFile:
    rows = request.membership.reach(ActionFile).select_related("action__plan__cycle__client")
    file = get_object_or_404(rows.filter(action__deleted_at=None), pk=pk)
    if file.deleted_at and not binned:
        raise Http404
    return file


def the_attachment(request: MemberRequest, pk: int, *, binned: bool = False) -> Attachment:
    rows = request.membership.reach(Attachment).select_related("moment__stage__cycle__client")
    attachment = get_object_or_404(rows.filter(moment__deleted_at=None), pk=pk)
    if attachment.deleted_at and not binned:
        raise Http404
    return attachment


def only_of(rows: models.QuerySet, values: Iterable[str]) -> None:
    """404 if a form names an object that is none of these rows: nobody's page offers one of elsewhere."""
    named = {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 16}
    if named and rows.filter(pk__in=named).count() != len(named):
        raise Http404


def numbers_in(text: str) -> list[int]:
    """The numbers of a list such as "3,1,2"."""
    parts = text.split(",")[:1000]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 16]


def number_in(values: Mapping[str, str], name: str) -> int | None:
    """A number of an address, or None where it is missing or is none."""
    text = values.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
