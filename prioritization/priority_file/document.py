"""The answer as JSON, format "cyclemap-priority/1": numbers unrounded, a missing one null."""

import json
from math import isfinite
from typing import Any

from prioritization.analysis.engine import MomentPriority
from prioritization.analysis.headline import Metric
from prioritization.priority_file.answer import Answer, Options

FORMAT = "cyclemap-priority/1"


def document(answer: Answer, options: Options) -> dict[str, Any]:
    cross = answer.priorities.crosshair
    rule = options.crosshair if isinstance(options.crosshair, str) else options.crosshair[0]
    return {
        "format": FORMAT,
        "n_respondents": answer.n_respondents,
        "importance_source": answer.source.value,
        "crosshair": {
            "rule": rule,
            "importance": number(cross.importance) if cross else None,
            "satisfaction": number(cross.satisfaction) if cross else None,
        },
        "moments": [moment(answer, m, priority) for m, priority in enumerate(answer.priorities.moments)],
        "derived": derived(answer),
        "metrics": {"nps": metric(answer.nps), "csat": metric(answer.csat)},
        "change": changes(answer),
        "warnings": list(answer.notes),
    }


def as_text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def moment(answer: Answer, m: int, p: MomentPriority) -> dict[str, Any]:
    return {
        "id": answer.moments[m],
        "label": answer.labels[m],
        "suppressed": p.suppressed,
        "n_importance": p.n_importance,
        "n_satisfaction": p.n_satisfaction,
        "n_not_experienced": p.n_not_experienced,
        "n_no_answer": p.n_no_answer,
        "reach": number(p.reach),
        "importance": number(p.importance),
        "satisfaction": number(p.satisfaction),
        "se_importance": number(p.se_importance),
        "se_satisfaction": number(p.se_satisfaction),
        "cov": number(p.cov),
        "gap": number(p.gap),
        "gap_pomp": number(p.gap_pomp),
        "priority_index": number(p.priority_index),
        "opportunity": number(p.opportunity),
        "quadrant": p.quadrant.value if p.quadrant else None,
        "on_line": p.on_line,
        "p_quadrant": p.p_quadrant._asdict() if p.p_quadrant else None,
        "verdict": p.verdict.value if p.verdict else None,
        "rank": p.rank,
        "derived": derived_of(answer, m, p),
    }


def derived_of(answer: Answer, m: int, p: MomentPriority) -> dict[str, float | None] | None:
    found = answer.derived
    if found is None or not found.kept[m] or p.suppressed:
        return None
    return {
        "share_pct": None if found.refused else number(100 * found.share[m]),
        "value": None if found.refused else number(found.value[m]),
        "r": number(found.r[m]),
    }


def derived(answer: Answer) -> dict[str, Any] | None:
    found = answer.derived
    if found is None:
        return None
    return {
        "method": found.method.value,
        "r2": number(found.r2),
        "n_min_pair": found.n_min_pair,
        "missing": found.missing.value,
        "refused": found.refused.value if found.refused else None,
    }


def metric(found: Metric | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    return {
        "value": number(found.value),
        "low": number(found.low),
        "high": number(found.high),
        "n": found.n,
    }


def changes(answer: Answer) -> list[dict[str, Any]]:
    found = answer.change
    if found is None:
        return []
    rows = []
    for m, verdict in enumerate(found.verdicts):
        d = found.difference
        rows.append(
            {
                "moment": answer.moments[m],
                "before": number(d.first[m]),
                "after": number(d.second[m]),
                "diff": number(d.diff[m]),
                "low": number(d.low[m]),
                "high": number(d.high[m]),
                "p": number(d.p[m]) if verdict else None,
                "p_holm": number(found.p_holm[m]) if verdict else None,
                "hedges_g": number(found.hedges_g[m]) if verdict else None,
                "verdict": verdict.value if verdict else None,
            }
        )
    return rows


def number(x: Any) -> float | None:
    """NaN and infinity are no JSON: null."""
    return None if x is None or not isfinite(x) else float(x)
