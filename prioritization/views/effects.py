"""What actions are to change and what they changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from cycles.models import Action, Moment, Requirement
from cycles.outline import outline_of
from cycles.views.reached import only_of, the_action, the_cycle
from prioritization.effect_page import page_of, told_of
from prioritization.effects import begun_on, effects_of, has_target
from prioritization.target_form import FixedMeanwhileError, TargetForm, answered_waves, fix, initial_of
from prioritization.target_plan import planned


@require_safe
def effects(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """What is known of the effect of each action."""
    cycle = the_cycle(request, cycle_id)
    outline = outline_of(cycle, cycle.scores)
    page = page_of(effects_of(cycle, outline), cycle.scores)
    context = {"cycle": cycle, "page": page, "may_edit": request.membership.is_editor}
    return render(request, "prioritization/effects.html", context)


@require_http_methods(["GET", "POST"])
def target(request: MemberRequest, action_id: int) -> HttpResponse:
    """What one action is to change: read by everybody, fixed by editors; `plan` only reckons."""
    action = the_action(request, action_id)
    only_of(Moment.objects.filter(stage__cycle=action.plan.cycle), request.POST.getlist("moments"))
    if request.method != "POST":
        return show(request, action, form_of(action))
    form = form_of(action, request.POST)
    reckons = bool(request.POST.get("plan"))
    if not form.is_valid() or reckons:
        return show(request, action, form, only_plan=reckons)
    try:
        fix(form, request.user)
    except FixedMeanwhileError:
        return told_meanwhile(request, action_again(action))
    messages.success(request, _("The target is fixed."))
    return redirect(request.membership.url("prioritization:target", action.pk))


def told_meanwhile(request: MemberRequest, action: Action) -> HttpResponse:
    """What was typed stays, what holds now stands above, and the next press is about that."""
    data = request.POST.copy()
    data["seen"] = initial_of(action, [], ())["seen"]
    form = form_of(action, data)
    form.add_error(None, _("Somebody fixed it meanwhile. What holds now stands above: look at it first."))
    return show(request, action, form)


def action_again(action: Action) -> Action:
    """As it is in the database now."""
    return Action.objects.select_related("plan__cycle__client").get(pk=action.pk)


def form_of(action: Action, data: Any = None) -> TargetForm:
    cycle = action.plan.cycle
    waves = answered_waves(cycle)
    initial = initial_of(action, waves, served(action)) if data is None else None
    return TargetForm(data, action=action, cycle=cycle, waves=waves, initial=initial)


def served(action: Action) -> list[int]:
    """The moments it serves, itself or by a requirement."""
    by_requirement = Requirement.objects.filter(actions=action, deleted_at=None).values_list(
        "moment", flat=True
    )
    moments = action.moments.filter(deleted_at=None).values_list("pk", flat=True)
    return sorted({*moments, *by_requirement})


def show(request: MemberRequest, action: Action, form: TargetForm, only_plan: bool = False) -> HttpResponse:
    """The page; for htmx while somebody chooses, only what it would take."""
    cycle, plan = action.plan.cycle, plan_of(action, form)
    faults = form.is_bound and not form.is_valid()
    context: dict[str, Any] = {"cycle": cycle, "action": action, "plan": plan, "form": form, "faults": faults}
    if request.htmx and only_plan:
        return render(request, "prioritization/_target_plan.html", context)
    known = effects_of(cycle)
    mine = next((e for e in known if e.action.pk == action.pk), None)
    context |= {
        "target": action.target if has_target(action) else None,
        "told": told_of(mine, cycle.scores) if mine else None,
        "former": action.former_targets.select_related("baseline", "fixed_by").prefetch_related("moments"),
        "begun": begun_on(action),
        "may_edit": request.membership.is_editor,
    }
    page, fragment = "prioritization/target.html", "prioritization/_target.html"
    return page_or_fragment(request, page, fragment, context, 422 if faults and not only_plan else 200)


def plan_of(action: Action, form: TargetForm) -> Any:
    """What the target of the page takes: as typed, else as fixed; None where that makes no sense."""
    if not form.is_bound:
        form = TargetForm({**form.initial, "reason": "-"}, action=action, cycle=form.cycle, waves=form.waves)
    form.is_valid()
    told = form.cleaned_data
    if not {"moments", "baseline", "smallest_change"} <= told.keys() or "segment" in form.errors:
        return None
    change = float(told["smallest_change"])
    return planned(form.cycle, action.pk, list(told["moments"]), told["baseline"], form.group, change)
