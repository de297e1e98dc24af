"""One action: its page, its form, its steps, who has it."""

import re
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Role
from cyclemap.htmx import page_or_fragment
from cycles import approval, evidence, ordering
from cycles.action_forms import ActionForm, OwnerForm, StepForm
from cycles.action_marks import quick_wins_in
from cycles.action_parts import parts_of
from cycles.approval import OvertakenError, StepRefusedError, label_of, managers_of
from cycles.approval_words import buttons_of
from cycles.discussion import new_key
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement
from cycles.moves import into_bin
from cycles.origins import origin_in
from cycles.outline import outline_of
from cycles.owners import assign
from cycles.plan_rows import Shelf, who_approves
from cycles.plans import restore_action
from cycles.views import plan as plan_page
from cycles.views.bench import Undo
from cycles.views.reached import number_in, only_of, the_action, the_cycle

PAGE, FRAGMENT = "cycles/action.html", "cycles/_action_page.html"


@require_safe
def action(request: MemberRequest, action_id: int) -> HttpResponse:
    found = the_action(request, action_id)
    return show(request, found)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def action_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """What the address may fill in is written in `cycles.origins`."""
    cycle = the_cycle(request, cycle_id)
    given = request.POST if request.method == "POST" else request.GET
    origin = origin_in(given.dict(), cycle, request.membership)
    only_of_cycle(request, cycle)
    form = ActionForm(
        request.POST if request.method == "POST" else None, cycle=cycle, initial=initial_of(request, origin)
    )
    if form.is_valid():
        made = add(form, cycle, origin, key_in(request))
        live = _("Added: %(action)s") % {"action": made}
        return plan_page.changed(request, cycle, live=live, at=made)
    return show_form(request, cycle, form, origin)


def initial_of(request: MemberRequest, origin: Any) -> dict[str, Any]:
    moments = [pk for pk in [number_in(request.GET, "moment")] if pk]
    requirements = [pk for pk in [number_in(request.GET, "requirement")] if pk]
    found = origin[2] if origin else None
    return {
        "name": request.GET.get("name", "")[:160] or (found.name if found else ""),
        "plan": number_in(request.GET, "plan"),
        "moments": [*moments, *(found.moments if found else ())],
        "requirements": [*requirements, *(found.requirements if found else ())],
    }


def key_in(request: MemberRequest) -> str:
    """The key of the form that was sent; a new one for a form that is opened."""
    key = request.POST.get("key", "")
    return key if re.fullmatch(r"[0-9a-f]{32}", key) else new_key()


@transaction.atomic
def add(form: ActionForm, cycle: Cycle, origin: Any, key: str) -> Action:
    """Once a form, however often it is sent."""
    ordering.lock(cycle.pk)
    if before := Action.objects.filter(plan__cycle=cycle, form_key=key).first():
        return before
    form.instance.form_key = key
    form.instance.plan = form.cleaned_data["plan"] or ordering.first_plan(cycle, _("Action plan"))
    settle(form)
    made = ordering.number_action(form.save(commit=False))
    form.save_m2m()
    if origin:
        origin[2].made(made)
    return made


def settle(form: ActionForm) -> None:
    """The owner's name beside the member."""
    data = form.cleaned_data
    assign(form.instance, data["owner_member"], data["owner"], data["owner_email"])


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def action_edit(request: MemberRequest, action_id: int) -> HttpResponse:
    found = the_action(request, action_id)
    cycle, plan_before = found.plan.cycle, found.plan_id
    only_of_cycle(request, cycle)
    form = ActionForm(request.POST if request.method == "POST" else None, cycle=cycle, instance=found)

    def before(changing: Action) -> None:
        settle(form)
        if changing.plan_id != plan_before:
            ordering.renumber_action(changing)

    if form.saved(before=before):
        cycle.touch()
        return HttpResponseRedirect(request.membership.url("cycles:action", found.pk))
    return show_form(request, cycle, form)


@allow(write=EDITORS | {Role.MANAGER})
@require_POST
def action_status(request: MemberRequest, action_id: int) -> HttpResponse:
    """One step (`cycles.approval`); posted from the plan page, or from the action's own (`at`)."""
    found = the_action(request, action_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return refused(request, found, form.fault(), 422, step_form=form)
    data = form.cleaned_data
    try:
        approval.take(
            found,
            data["was"],
            data["status"],
            request.membership,
            approved_here=bool(managers_of(found.plan.cycle.client)),
            reason=data["reason"],
        )
    except StepRefusedError as error:
        return refused(request, found, str(error), 422)
    except OvertakenError as error:
        return refused(request, found, str(error), 409)
    said = _("%(action)s: %(status)s") % {"action": found, "status": label_of(approval.state_of(found))}
    return answered(request, found, said)


@require_POST
def action_owner(request: MemberRequest, action_id: int) -> HttpResponse:
    """Somebody else takes it over, as when a member has left."""
    found = the_action(request, action_id)
    form = OwnerForm(request.POST, cycle=found.plan.cycle, auto_id="give_%s")
    if not form.is_valid():
        return show(request, found, 422, owner_form=form)
    data = form.cleaned_data
    assign(found, data["owner_member"], data["owner"], data["owner_email"])
    found.save(update_fields=["owner_member", "owner", "owner_email"])
    said = _("%(action)s is now with %(person)s.") % {"action": found.code, "person": found.owner}
    return answered(request, found, said)


@require_POST
def action_delete(request: MemberRequest, action_id: int) -> HttpResponse:
    found = the_action(request, action_id)
    into_bin(found)
    return plan_page.changed(request, found.plan.cycle, undo=plan_page.undo_of(request, found), gone=found)


@require_POST
def action_restore(request: MemberRequest, action_id: int) -> HttpResponse:
    found = the_action(request, action_id, binned=True)
    restore_action(found)
    said = _("“%(name)s” is back.") % {"name": found}
    return plan_page.changed(request, found.plan.cycle, undo=Undo(said), at=found)


# --- Answers -------------------------------------------------------------------------------------


def answered(request: MemberRequest, found: Action, said: str) -> HttpResponse:
    """After a change: the page it was made on."""
    if request.POST.get("at") != "action":
        return plan_page.changed(request, found.plan.cycle, live=said, at=found)
    found.plan.cycle.touch()
    if not request.htmx:
        return HttpResponseRedirect(request.membership.url("cycles:action", found.pk))
    return show(request, found, live=said)


def refused(request: MemberRequest, found: Action, fault: str, status: int, **more: Any) -> HttpResponse:
    if request.POST.get("at") == "action":
        return show(request, found, status, fault=fault, **more)
    return plan_page.show(request, found.plan.cycle, status, fault=fault, fault_at=found)


def show(request: MemberRequest, found: Action, status: int = 200, **more: Any) -> HttpResponse:
    return page_or_fragment(request, PAGE, FRAGMENT, context_of(request, found) | more, status=status)


def show_form(request: MemberRequest, cycle: Cycle, form: ActionForm, origin: Any = None) -> HttpResponse:
    plans = list(ActionPlan.objects.filter(cycle=cycle, deleted_at=None))
    context = {"cycle": cycle, "form": form, "action": form.instance, "plans": plans, "origin": origin}
    context["key"] = key_in(request)
    return render(request, "cycles/action_form.html", context, status=form.status)


def only_of_cycle(request: MemberRequest, cycle: Cycle) -> None:
    """An action serves moments and requirements of its own cycle; those of another one are not found."""
    only_of(Moment.objects.filter(stage__cycle=cycle), request.POST.getlist("moments"))
    only_of(Requirement.objects.filter(moment__stage__cycle=cycle), request.POST.getlist("requirements"))


def context_of(request: MemberRequest, found: Action) -> dict[str, Any]:
    cycle, member = found.plan.cycle, request.membership
    shelf = Shelf(cycle, outline_of(cycle, cycle.scores), member)
    found.__dict__["quick_by_figures"] = quick_wins_in(cycle).get(found.pk)
    row = shelf.rows([found])[0]
    needs = found.requirements.filter(deleted_at=None, moment__deleted_at=None).select_related("moment")
    return {
        "cycle": cycle,
        "action": found,
        "row": row,
        "state": row.state,
        "state_label": label_of(row.state),
        "steps": buttons_of(row.state, row.choosable),
        "may_send_back": approval.SENT_BACK in row.targets,
        "step_form": StepForm(auto_id="back_%s"),
        "owner_form": OwnerForm(cycle=cycle, auto_id="give_%s"),
        "managers": shelf.managers,
        "who_approves": who_approves(shelf.managers, member),
        "unapproved": bool(shelf.managers)
        and found.status in (approval.APPROVED, approval.DOING, approval.DONE)
        and found.approved_at is None,
        "requirements": needs.order_by("moment__stage__position", "moment__position", "position"),
        "files": list(found.files.filter(deleted_at=None)),
        "file_undo": file_undo_in(request, found),
        "accept": evidence.ACCEPT,
        "parts": parts_of(request, found),
        "several_plans": len(shelf.plans) > 1,
        "today": timezone.localdate(),
        "map_url": member.url("cycles:map", cycle.pk),
        "plan_url": member.url("cycles:plan", cycle.pk),
        "may_edit": member.is_editor,
        "may_report": member.is_editor or member.role == Role.MANAGER,
    }


def file_undo_in(request: MemberRequest, found: Action) -> Undo | None:
    """The way back of a file that was deleted a moment ago, on the page without script."""
    pk = number_in(request.GET, "deleted_file")
    file = (
        found.files.filter(pk=pk, deleted_at__isnull=False).first()
        if pk and request.membership.is_editor
        else None
    )
    if file is None:
        return None
    url = request.membership.url("cycles:action_file_restore", file.pk)
    return Undo(_("“%(file)s” is in the bin.") % {"file": file}, url)
