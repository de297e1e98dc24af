"""The one door: a tally in, the priorities of its moments out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from prioritization.analysis import indices
from prioritization.analysis.certainty import (
    Ellipse,
    QuadrantProbabilities,
    Verdict,
    ellipses,
    quadrant_probabilities,
    verdict,
)
from prioritization.analysis.crosshair import Crosshair, CrosshairRule, Quadrant, on_line, place, quadrant
from prioritization.analysis.estimates import Estimates, Source, estimate
from prioritization.analysis.ratings import Bools, Floats
from prioritization.analysis.tally import Tally

MIN_N = 10
MANY_NOT_ANSWERED = 0.20


@dataclass(frozen=True)
class MomentPriority:
    """One moment on the matrix. None is "not known" or, when `suppressed`, "not shown".

    `cov` is the covariance of the two means, `key` the ranking key of S5.1; `indicative` says that
    there are 10 to 29 answers on an axis, so that no verdict is firm.
    """

    n_importance: int | None
    n_satisfaction: int | None
    n_not_experienced: int | None
    n_no_answer: int | None
    reach: float | None
    suppressed: bool
    indicative: bool
    importance: float | None = None
    satisfaction: float | None = None
    se_importance: float | None = None
    se_satisfaction: float | None = None
    cov: float | None = None
    gap: float | None = None
    gap_pomp: float | None = None
    priority_index: float | None = None
    key: float | None = None
    opportunity: float | None = None
    quadrant: Quadrant | None = None
    on_line: bool = False
    p_quadrant: QuadrantProbabilities | None = None
    verdict: Verdict | None = None
    rank: int | None = None
    ellipse: Ellipse | None = None


@dataclass(frozen=True)
class Notice:
    """Something the reader must be told; `code` names it, whoever shows it words it.

    Codes: `suppressed` (n), `indicative` (n), `many_not_answered` (share), `all_suppressed`,
    `independent` (certainty without cross-products), `scales_differ`.
    """

    code: str
    moment: int | None = None
    value: float | None = None


@dataclass(frozen=True)
class Priorities:
    """The crosshair is None when no moment may be shown."""

    crosshair: Crosshair | None
    moments: tuple[MomentPriority, ...]
    warnings: tuple[Notice, ...]


def prioritize(
    source: Tally | Estimates,
    *,
    crosshair: CrosshairRule = "grand_mean",
    min_n: int = MIN_N,
    rng: np.random.Generator | None = None,
) -> Priorities:
    """Crosshair, quadrants, certainty, indices and ranks of the moments (S0 to S6).

    source     a tally, or estimates made from one (or from a published table)
    crosshair  "grand_mean", "scale_midpoint", "median", "trimmed_mean" or ("user", I, S)
    min_n      moments with fewer answers on either axis are suppressed and leave the crosshair
    rng        needed by "median" and "trimmed_mean", whose certainty is drawn

    ValueError: an unknown rule, or one of those two without `rng`.
    """
    e = source if isinstance(source, Estimates) else estimate(source)
    shown = visible(e, min_n)
    cross = place(crosshair, e.importance, e.satisfaction, shown, e.scales)
    if not shown.any():
        return Priorities(
            None, tuple(_counts(e, m, suppressed=True) for m in range(e.moments)), notices(e, shown)
        )
    p = quadrant_probabilities(
        e.importance, e.satisfaction, e.full_covariance(), cross, shown & _spread_known(e), rng=rng
    )
    numbers = _numbers(e, shown)
    places = indices.ranks(numbers["key"], e.importance)
    rings = ellipses(e.blocks, np.minimum(e.n_importance, e.n_satisfaction))
    columns = {name: array.tolist() for name, array in numbers.items()}
    rows = []
    for m in range(e.moments):
        if not shown[m]:
            rows.append(_counts(e, m, suppressed=True))
            continue
        known = {name: _number(values[m]) for name, values in columns.items()}
        i, s = columns["importance"][m], columns["satisfaction"][m]
        rows.append(
            _counts(
                e,
                m,
                suppressed=False,
                **known,
                quadrant=quadrant(i, s, cross),
                on_line=on_line(i, s, cross),
                p_quadrant=None if np.isnan(p[m, 0]) else QuadrantProbabilities(*p[m].tolist()),
                verdict=verdict(p[m], int(e.n_importance[m]), int(e.n_satisfaction[m])),
                rank=places[m],
                ellipse=rings[m],
            )
        )
    return Priorities(cross, tuple(rows), notices(e, shown))


def _numbers(e: Estimates, shown: Bools) -> dict[str, Floats]:
    """What each moment is told of itself, by the field of MomentPriority, (M,) each."""
    gap, gap_pomp, key, index, opportunity = _indices(e)
    return {
        "importance": e.importance,
        "satisfaction": e.satisfaction,
        "se_importance": np.sqrt(e.blocks[:, 0, 0]),
        "se_satisfaction": np.sqrt(e.blocks[:, 1, 1]),
        "cov": e.blocks[:, 0, 1],
        "gap": gap,
        "gap_pomp": gap_pomp,
        "priority_index": index,
        "key": np.where(shown, key, np.nan),
        "opportunity": opportunity,
    }


def satisfaction_only(e: Estimates, *, min_n: int = MIN_N) -> Priorities:
    """What remains when importance is not known or refused: satisfaction, no matrix, no ranks."""
    shown = ~np.isnan(e.satisfaction) & (e.n_satisfaction >= min_n)
    return Priorities(
        None,
        tuple(
            _counts(
                e,
                m,
                suppressed=not shown[m],
                satisfaction=_number(float(e.satisfaction[m])) if shown[m] else None,
                se_satisfaction=_number(float(np.sqrt(e.blocks[m, 1, 1]))) if shown[m] else None,
            )
            for m in range(e.moments)
        ),
        tuple(Notice("suppressed", m, float(e.n_satisfaction[m])) for m in range(e.moments) if not shown[m]),
    )


def _indices(e: Estimates) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Gap, gap in POMP, ranking key, displayed index, opportunity: the last three by the source of the
    importance (S5.1, S5.5, S5.6). A share of picks or of R2 is no rating, so it has no gap."""
    none = np.full(e.moments, np.nan)
    if e.source is Source.PICKS:
        score = e.importance * (1 - e.top_two_satisfaction)
        return none, none, score, score, none
    if e.source is Source.DERIVED:
        score = indices.derived_priority(e.importance / 100, e.satisfaction, e.scales.satisfaction)
        return none, none, score, score, none
    gap_pomp = indices.gap_pomp(e.importance, e.satisfaction, e.scales)
    return (
        indices.gap(e.importance, e.satisfaction, e.scales),
        gap_pomp,
        indices.ranking_key(e.importance, gap_pomp, e.scales),
        indices.priority_index(e.importance, gap_pomp, e.scales),
        indices.opportunity(e.top_two_importance, e.top_two_satisfaction),
    )


def visible(e: Estimates, min_n: int) -> Bools:
    """(M,) moments with enough answers on both axes to be shown (S0)."""
    there = ~(np.isnan(e.importance) | np.isnan(e.satisfaction))
    if not e.counted:
        return there
    return there & (e.n_importance >= min_n) & (e.n_satisfaction >= min_n)


def notices(e: Estimates, shown: Bools) -> tuple[Notice, ...]:
    out: list[Notice] = []
    lower = np.minimum(e.n_importance, e.n_satisfaction)
    for m in range(e.moments):
        if e.counted and not shown[m]:
            out.append(Notice("suppressed", m, float(lower[m])))
        elif e.counted and lower[m] < 30:
            out.append(Notice("indicative", m, float(lower[m])))
        if e.item_nonresponse[m] > MANY_NOT_ANSWERED:
            out.append(Notice("many_not_answered", m, float(e.item_nonresponse[m])))
    if not shown.any():
        out.append(Notice("all_suppressed"))
    elif e.covariance is None and _spread_known(e)[shown].any():
        out.append(Notice("independent"))
    if e.source is Source.STATED and not e.scales.coincide:
        out.append(Notice("scales_differ"))
    return tuple(out)


def _spread_known(e: Estimates) -> Bools:
    return np.asarray(~np.isnan(e.blocks).any(axis=(1, 2)))


def _counts(e: Estimates, m: int, *, suppressed: bool, **more: Any) -> MomentPriority:
    n_importance, n_satisfaction = int(e.n_importance[m]), int(e.n_satisfaction[m])
    return MomentPriority(
        n_importance=n_importance if e.counted else None,
        n_satisfaction=n_satisfaction if e.counted else None,
        n_not_experienced=int(e.n_not_experienced[m]) if e.counted else None,
        n_no_answer=int(e.n_no_answer[m]) if e.counted else None,
        reach=_number(float(e.reach[m])),
        suppressed=suppressed,
        indicative=e.counted and not suppressed and min(n_importance, n_satisfaction) < 30,
        **more,
    )


def _number(x: float) -> float | None:
    return None if np.isnan(x) else x
