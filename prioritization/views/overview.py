"""One cycle at a glance: the five steps, the key figures, what asks for attention."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.maturity import assessments_of, comparison_of
from cycles.models import Cycle
from prioritization import asking, findings, headline
from prioritization.act_first import act_first
from prioritization.around import around_of
from prioritization.attention import attention
from prioritization.method import steps_of
from prioritization.next_steps import next_steps
from prioritization.phases import phases_in
from prioritization.recent import recent
from prioritization.situation import Situation, situation_of
from prioritization.waves import matrices_of
from surveys.models import Respondent


@require_safe
def overview(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycles = request.membership.reach(Cycle).select_related("client")
    cycle = get_object_or_404(cycles, pk=cycle_id)
    return render(request, "prioritization/overview.html", context_of(request, cycle))


def context_of(request: MemberRequest, cycle: Cycle) -> dict[str, Any]:
    today = timezone.localdate()
    waves = [w for w in asking.waves_of(cycle) if w.survey.respondent == Respondent.CUSTOMER]
    matrices = matrices_of(cycle)
    answered = next((m.wave for m in matrices if m.wave in waves), None)
    situation: Situation = situation_of(
        cycle, answered, today, asking=waves[0] if waves else None, matrices=matrices
    )
    around = around_of(situation, request.membership)
    items, more = attention(situation, around, request.membership)
    return {
        "cycle": cycle,
        "situation": situation,
        "persona": cycle.text("persona"),
        "wheel": situation.wheel("overview-wheel", mini=True),
        "lede": findings.of_the_overview(situation),
        "steps": steps_of(situation, request.membership),
        "figures": headline.figures_of(situation),
        "first": act_first(situation, around, request.membership),
        "items": items,
        "more": more,
        "next": next_steps(situation, around, request.membership),
        "phases": phases_in(answered, situation.outline) if answered else None,
        "maturity": comparison_of(assessments_of(cycle)),
        "strips": headline.strips_of(situation),
        "events": [(event, event.when(today)) for event in recent(situation, waves)],
        "may_write": request.membership.is_editor,
    }
