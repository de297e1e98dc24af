"""The scores the map shows: the latest wave's matrix, moment by moment."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef

from cyclemap.svg import satisfaction_step
from cycles.models import Cycle
from cycles.scores import Score, Scores
from prioritization.models import Matrix
from surveys.models import Respondent


def latest_scores(cycles: Sequence[Cycle]) -> dict[int, Scores]:
    """By the cycle's key, of the wave opened last in which customers have answered. One query."""
    rows = Matrix.objects.filter(
        wave__survey__cycle__in=cycles, wave__survey__respondent=Respondent.CUSTOMER, n_responses__gt=0
    ).order_by("-wave__opened_at", "-wave_id")
    if len(cycles) > 1:
        of_cycle = rows.filter(wave__survey__cycle=OuterRef("wave__survey__cycle"))
        rows = rows.filter(pk=of_cycle.values("pk")[:1])
    values = ("wave__survey__cycle", "wave__name", "wave__survey__scale_max", "n_responses", "result")
    return {cycle: scores(*matrix) for cycle, *matrix in rows.values_list(*values)[: len(cycles)]}


def scores(wave: str, highest: int, n_responses: int, result: dict[str, Any]) -> Scores:
    scale = (1, highest)
    return Scores(
        wave=wave,
        n_responses=n_responses,
        satisfaction=satisfaction_index(result["moments"]),
        scale=scale,
        moments={m["id"]: score(m, scale) for m in result["moments"] if m["id"] is not None},
    )


def score(moment: dict[str, Any], scale: tuple[int, int]) -> Score:
    return Score(
        importance=moment["importance"],
        satisfaction=moment["satisfaction"],
        n=min(moment["n_importance"], moment["n_satisfaction"]),
        quadrant=moment["quadrant"],
        step=satisfaction_step(moment["satisfaction"], *scale),
        enough=not moment["suppressed"],
    )


def satisfaction_index(moments: list[dict[str, Any]]) -> float | None:
    """Satisfaction weighted by importance, in points of the scale (S5.4); None when nothing is shown."""
    known = [(m["importance"], m["satisfaction"]) for m in moments if not m["suppressed"]]
    weight = sum(importance for importance, _ in known)
    return sum(i * s for i, s in known) / weight if weight else None
