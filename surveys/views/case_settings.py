"""Root causes, the policy of a client and the rule of a survey."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from surveys.case_forms import PolicyForm, RuleForm, moments_of
from surveys.cases.looking import newest_answer
from surveys.cases.pareto import PERIODS, PHONE, draw, pareto_of, wanted
from surveys.cases.policy import apply_to_open, policy_of
from surveys.cases.silent import silent_of
from surveys.cases.summary import summary_of
from surveys.models import CaseKind, CaseRule, Survey
from surveys.views.cases import the_cycle


@require_safe
def causes(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    want = wanted(request.GET)
    found = pareto_of(cycle, want, timezone.now())
    title = _("Root causes of the cases")
    context = {
        "cycle": cycle,
        "pareto": found,
        "drawn": draw(found.bars, title),
        "drawn_for_phone": draw(found.bars, title, PHONE),
        "want": want,
        "summary": summary_of(cycle, timezone.localdate()),
        "silent": silent_of(cycle),
        "moments": moments_of(cycle),
        "kinds": CaseKind.choices,
        "periods": PERIODS,
        "is_editor": request.membership.is_editor,
        "tab_here": "causes",
    }
    return page_or_fragment(request, "surveys/cases/causes.html", "surveys/cases/_causes.html", context)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def policy(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    form = PolicyForm(request.POST if request.method == "POST" else None, instance=policy_of(cycle.client))
    if not form.is_valid():
        surveys = list(Survey.objects.filter(cycle=cycle).select_related("case_rule"))
        context = {
            "cycle": cycle,
            "form": form,
            "surveys": surveys,
            "tab_here": "settings",
            "is_editor": True,
        }
        return render(request, "surveys/cases/settings.html", context, status=422 if form.is_bound else 200)
    with transaction.atomic():
        apply_to_open(form.save())
    messages.success(request, _("Saved. The new hours hold for all open cases."))
    return redirect(request.membership.url("surveys:case_settings", cycle.pk))


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def rule(request: MemberRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(request.membership.reach(Survey).select_related("cycle__client"), pk=survey_id)
    held = CaseRule.objects.filter(survey=survey).first()
    was_on = bool(held and held.is_on)
    found = held or CaseRule(survey=survey)
    form = RuleForm(request.POST if request.method == "POST" else None, instance=found, survey=survey)
    if not form.is_valid():
        context = {"cycle": survey.cycle, "survey": survey, "form": form, "tab_here": "settings"}
        context |= {"is_editor": True}
        return render(request, "surveys/cases/rule.html", context, status=422 if form.is_bound else 200)
    saved = form.save()
    if not was_on:
        from_now_on(saved)
    messages.success(request, _("Saved."))
    return redirect(request.membership.url("surveys:case_settings", survey.cycle_id))


def from_now_on(rule: CaseRule) -> None:
    """What was answered before anybody asked for cases opens none."""
    newest = newest_answer()
    CaseRule.objects.filter(pk=rule.pk).update(looked_to=newest, seen_to=newest, seen_at=None)
