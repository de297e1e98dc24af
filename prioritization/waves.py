"""The stored matrices of a cycle, read as standings: wave by wave, each held against the one before."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from django.utils.translation import get_language

from cycles.models import Cycle, Moment
from prioritization.analysis.engine import MIN_N
from prioritization.models import Matrix
from prioritization.shapes import Spread
from prioritization.standing import Change, Row, Standing, weighted_mean
from surveys.models import Wave


def matrices_of(cycle: Cycle) -> list[Matrix]:
    """Those with answers, the latest wave first. One query."""
    return list(
        Matrix.objects.filter(wave__survey__cycle=cycle, n_responses__gt=0)
        .select_related("wave__survey")
        .order_by("-wave__opened_at", "-wave_id")
    )


def comparable(matrix: Matrix, earlier: Wave) -> bool:
    """Same kind of respondents and same scale, asked before."""
    now, then = matrix.wave.survey, earlier.survey
    return (
        (now.respondent, now.scale_max) == (then.respondent, then.scale_max)
        and matrix.wave.opened_at is not None
        and earlier.opened_at is not None
        and earlier.opened_at < matrix.wave.opened_at
    )


def standing_of(wave: Wave, matrices: Sequence[Matrix], moments: Sequence[Moment]) -> Standing | None:
    """The wave, held against the one before. `moments` are those of the map, in order.

    None when nobody has answered, or nothing has been computed yet.
    """
    matrix = next((m for m in matrices if m.wave_id == wave.pk), None)
    if matrix is None:
        return None
    before = next((m for m in matrices if comparable(matrix, m.wave)), None)
    then = {m["id"]: m for m in before.result["moments"] if m["id"]} if before else {}
    on_map = {moment.pk: (number, moment) for number, moment in enumerate(moments, 1)}
    cross = matrix.result["crosshair"]
    return Standing(
        wave=str(matrix.wave),
        before=str(before.wave) if before else "",
        scale=(1, matrix.wave.survey.scale_max),
        n_responses=matrix.n_responses,
        threshold=MIN_N,
        cross=(cross["importance"], cross["satisfaction"]) if cross else None,
        rows=tuple(row_of(m, on_map.get(m["id"]), then.get(m["id"])) for m in matrix.result["moments"]),
        before_satisfaction=weighted_mean(row_of(m, None, None) for m in before.result["moments"])
        if before
        else None,
    )


def row_of(found: dict[str, Any], place: tuple[int, Moment] | None, then: dict[str, Any] | None) -> Row:
    """One moment of a stored matrix, named and numbered as on today's map where it still stands there."""
    number, moment = place or (None, None)
    p = found["p_quadrant"] or {}
    ring = found["ellipse"]
    return Row(
        moment_id=moment.pk if moment else None,
        number=str(number or "·"),
        name=str(moment) if moment else worded(found["label"]),
        critical=bool(moment and moment.is_critical),
        n=min(found["n_importance"], found["n_satisfaction"]),
        importance=found["importance"],
        satisfaction=found["satisfaction"],
        gap=found["gap"],
        quadrant=found["quadrant"],
        certainty=p.get(found["quadrant"]),
        rank=found["rank"] or 0,
        spread=Spread(ring["major"], ring["minor"], ring["angle"])
        if ring and not ring["degenerate"]
        else None,
        change=change_of(found, then),
    )


def worded(label: dict[str, str]) -> str:
    """The question as it was asked, in the reader's language where it was asked in it."""
    language = (get_language() or "")[:2]
    return label.get(language) or next(iter(label.values()), "")


def change_of(now: dict[str, Any], then: dict[str, Any] | None) -> Change | None:
    if then is None or now["satisfaction"] is None or then["satisfaction"] is None:
        return None
    delta = now["satisfaction"] - then["satisfaction"]
    spread = sqrt((now["se_satisfaction"] or 0) ** 2 + (then["se_satisfaction"] or 0) ** 2)
    return Change(then["satisfaction"], delta, clear=abs(delta) > 1.96 * spread > 0)
