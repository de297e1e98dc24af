"""The scores the map shows: the latest wave's matrix, moment by moment."""

from typing import Any

from cyclemap.svg import satisfaction_step
from cycles.models import Cycle
from cycles.scores import Score, Scores
from prioritization.models import Matrix
from surveys.models import Respondent


def latest_scores(cycle: Cycle) -> Scores:
    """Of the wave opened last in which customers have answered. One query."""
    matrix = (
        Matrix.objects.filter(
            wave__survey__cycle=cycle, wave__survey__respondent=Respondent.CUSTOMER, n_responses__gt=0
        )
        .select_related("wave__survey")
        .order_by("-wave__opened_at", "-wave_id")
        .first()
    )
    if matrix is None:
        return Scores()
    moments = matrix.result["moments"]
    scale = (1, matrix.wave.survey.scale_max)
    return Scores(
        wave=matrix.wave.name,
        n_responses=matrix.n_responses,
        satisfaction=satisfaction_index(moments),
        scale=scale,
        moments={m["id"]: score(m, scale) for m in moments if m["id"] is not None},
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
