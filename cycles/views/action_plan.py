"""Plans of a cycle: one more, its goal and sponsor, into the bin and back."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles.action_forms import PlanForm
from cycles.models import Action, ActionPlan, Cycle
from cycles.plans import bin_plan, restore_plan
from cycles.views import plan as plan_page
from cycles.views.bench import Undo
from cycles.views.reached import the_cycle, the_plan


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def plan_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        language=cycle.language,
        instance=ActionPlan(cycle=cycle),
    )
    if form.is_valid():
        made = form.save()
        cycle.touch()
        return HttpResponseRedirect(f"{request.membership.url('cycles:plan', cycle.pk)}?plan={made.pk}")
    return show_form(request, cycle, form)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def plan_edit(request: MemberRequest, plan_id: int) -> HttpResponse:
    plan = the_plan(request, plan_id)
    form = PlanForm(
        request.POST if request.method == "POST" else None, language=plan.cycle.language, instance=plan
    )
    if form.saved():
        plan.cycle.touch()
        return HttpResponseRedirect(f"{request.membership.url('cycles:plan', plan.cycle_id)}?plan={plan.pk}")
    return show_form(request, plan.cycle, form)


@require_POST
def plan_delete(request: MemberRequest, plan_id: int) -> HttpResponse:
    plan = the_plan(request, plan_id)
    bin_plan(plan)
    return plan_page.changed(request, plan.cycle, undo=plan_page.undo_of(request, plan), gone=plan)


@require_POST
def plan_restore(request: MemberRequest, plan_id: int) -> HttpResponse:
    plan = the_plan(request, plan_id, binned=True)
    restore_plan(plan)
    said = _("“%(name)s” is back.") % {"name": plan}
    return plan_page.changed(request, plan.cycle, undo=Undo(said))


def show_form(request: MemberRequest, cycle: Cycle, form: PlanForm) -> HttpResponse:
    n = Action.objects.filter(plan=form.instance, deleted_at=None).count() if form.instance.pk else 0
    context = {"cycle": cycle, "form": form, "plan": form.instance, "n_actions": n}
    return render(request, "cycles/plan_form.html", context, status=form.status)
