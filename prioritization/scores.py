"""The scores the map shows: the latest wave's matrix, moment by moment."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import F, OuterRef
from scipy.stats import t as student

from cyclemap.svg import satisfaction_step
from cycles.models import Cycle
from cycles.scores import Round, Score, Scores
from prioritization.filters import wave_label
from prioritization.models import Matrix
from surveys.models import Respondent, Wave

VALUES = ("wave", "wave__name", "wave__survey__scale_max", "n_responses", "result")


def latest_scores(cycles: Sequence[Cycle]) -> dict[int, Scores]:
    """By the cycle's key, of the wave opened last in which customers have answered. One query."""
    rows = Matrix.objects.filter(
        wave__survey__cycle__in=cycles, wave__survey__respondent=Respondent.CUSTOMER, n_responses__gt=0
    ).order_by("-wave__opened_at", "-wave_id")
    if len(cycles) > 1:
        of_cycle = rows.filter(wave__survey__cycle=OuterRef("wave__survey__cycle"))
        rows = rows.filter(pk=of_cycle.values("pk")[:1])
    values = ("wave__survey__cycle", *VALUES)
    return {cycle: scores(*matrix) for cycle, *matrix in rows.values_list(*values)[: len(cycles)]}


def rounds_of(cycle: Cycle) -> list[Round]:
    """Every wave with answers, of customers or others, the latest first. One query."""
    rows = list(
        Wave.objects.filter(survey__cycle=cycle, matrix__n_responses__gt=0)
        .select_related("survey")
        .annotate(n=F("matrix__n_responses"))
        .order_by("-opened_at", "-pk")
    )
    return [Round(wave.pk, named(wave, rows), wave.n) for wave in rows]


def named(wave: Wave, waves: Sequence[Wave]) -> str:
    """As the matrix page names it; who answered, where it was not the customers."""
    name = wave_label(wave, waves)
    who = wave.survey.respondent
    return name if who == Respondent.CUSTOMER else f"{name} · {Respondent(who).label}"


def scores_in(cycle: Cycle, round_key: int) -> Scores | None:
    rows = Matrix.objects.filter(wave__survey__cycle=cycle, wave=round_key, n_responses__gt=0)
    found = rows.values_list(*VALUES).first()
    return scores(*found) if found else None


def scores(key: int, wave: str, highest: int, n_responses: int, result: dict[str, Any]) -> Scores:
    scale = (1, highest)
    return Scores(
        wave=wave,
        n_responses=n_responses,
        satisfaction=satisfaction_index(result["moments"]),
        scale=scale,
        moments={m["id"]: score(m, scale) for m in result["moments"] if m["id"] is not None},
        round=key,
        line=(result.get("crosshair") or {}).get("satisfaction"),
    )


@cache
def quantile(n: int) -> float:
    """Of Student's t, for a 95% interval of a mean of n answers."""
    return float(student.ppf(0.975, n - 1))


def interval(moment: dict[str, Any], scale: tuple[int, int]) -> tuple[float | None, float | None]:
    """Of the satisfaction, within the scale; nothing where it may not be shown."""
    mean, se, n = (moment.get(name) for name in ("satisfaction", "se_satisfaction", "n_satisfaction"))
    if mean is None or se is None or not n or n < 2:
        return None, None
    half = quantile(n) * se
    return max(float(scale[0]), mean - half), min(float(scale[1]), mean + half)


def score(moment: dict[str, Any], scale: tuple[int, int]) -> Score:
    low, high = interval(moment, scale)
    return Score(
        importance=moment["importance"],
        satisfaction=moment["satisfaction"],
        n=min(moment["n_importance"], moment["n_satisfaction"]),
        quadrant=moment["quadrant"],
        step=satisfaction_step(moment["satisfaction"], *scale),
        enough=not moment["suppressed"],
        low=low,
        high=high,
        rank=moment["rank"],
    )


def satisfaction_index(moments: list[dict[str, Any]]) -> float | None:
    """Satisfaction weighted by importance, in points of the scale (S5.4); None when nothing is shown."""
    known = [(m["importance"], m["satisfaction"]) for m in moments if not m["suppressed"]]
    weight = sum(importance for importance, _ in known)
    return sum(i * s for i, s in known) / weight if weight else None
