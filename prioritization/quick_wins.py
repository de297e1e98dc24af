"""Quick wins elsewhere than on the ranking's page: on the plan, the overview and in the report."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from cycles.models import Cycle
from prioritization.action_ranking import NEVER, Limits, gathered, ground_of, ranked
from prioritization.models import Matrix
from prioritization.plan import Plan as PlanOfCycle
from prioritization.plan import Step, plan_of
from surveys.models import Importance, Respondent


def quick_wins_of(cycle: Cycle) -> dict[int, bool]:
    """For the plan page: by action whether it is a quick win by S13 and the usual limits. Four queries.

    Only of actions that have the figures for it; the others go by their rough estimates.
    """
    latest = Matrix.objects.filter(
        wave__survey__cycle=cycle, wave__survey__respondent=Respondent.CUSTOMER, n_responses__gt=0
    )
    matrix = latest.select_related("wave__survey").order_by("-wave__opened_at", "-wave_id").first()
    return wins_among(matrix, plan_of(cycle, timezone.localdate()).steps)


def plan_with_wins(cycle: Cycle, today: date, matrix: Matrix | None) -> PlanOfCycle:
    """The plan as overview and report tell it, each quick win by its figures where it has them.

    `matrix` is that of the latest wave of customers with answers, None where there is none.
    """
    plan = plan_of(cycle, today)
    wins = wins_among(matrix, plan.steps)
    for step in plan.steps:
        step.action.__dict__["quick_by_figures"] = wins.get(step.action.pk)
    return plan


def wins_among(matrix: Matrix | None, steps: Sequence[Step]) -> dict[int, bool]:
    """From the matrix that is stored for the latest wave of customers. No query."""
    if matrix is None or matrix.wave.survey.importance == Importance.NONE:
        return {}
    ground, places = ground_of(matrix.result, matrix.wave)
    asked = {m["id"] for m in matrix.result["moments"]}
    plans, _lacking, _left_out = gathered(steps, ground, places, asked)
    known = {int(p.id) for p in plans if p.days != NEVER}
    scored = ranked(plans, ground, Limits())
    return {key: one.quick_win for one in scored if (key := int(one.plan.id)) in known}
