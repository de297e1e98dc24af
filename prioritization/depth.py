"""How far the matrix can be trusted: the quadrants under every rule (S2), how sure the order is (S5.7),
and what the customers say matters against what goes with their satisfaction (S7).

It takes a worker some tenths of a second, so it is kept with the stored matrix; for other filters the
page that shows it computes it.
"""

from dataclasses import asdict
from typing import Any, Protocol

import numpy as np

from prioritization.analysis.estimates import Estimates
from prioritization.analysis.importance import stated_against_derived
from prioritization.analysis.ranking import rank_certainty, sensitivity
from prioritization.analysis.tally import Tally
from prioritization.sources import derived_from, refusal

SEED = 20060918


class Read(Protocol):
    """`matrix.Reading`, which imports this module."""

    @property
    def everybody(self) -> Tally: ...

    @property
    def segment(self) -> Tally | None: ...

    def estimates(self, tally: Tally, derived: bool) -> Estimates: ...


def deepened(result: dict[str, Any], reading: Read) -> dict[str, Any]:
    """The same result of this reading, with `quadrants`, `rank_certainty` and `derived` for each moment."""
    tally = reading.segment or reading.everybody
    e = reading.estimates(tally, result["source"] == "derived")
    cross = result["crosshair"]
    user = (cross["importance"], cross["satisfaction"]) if cross and cross["rule"] == "user" else None
    rules = sensitivity(e, user=user)
    sure = rank_certainty(e, np.random.default_rng(SEED))
    summary, columns = against_stated(tally, reading.estimates(tally, derived=False))
    moments = [
        {
            **moment,
            "quadrants": {str(rule): found[m] and str(found[m]) for rule, found in rules.items()},
            "rank_certainty": asdict(one) if (one := sure[m]) else None,
            "derived": columns[m],
        }
        for m, moment in enumerate(result["moments"])
    ]
    return {**result, "moments": moments, "derived": summary}


def is_deep(result: dict[str, Any]) -> bool:
    return "derived" in result


def against_stated(tally: Tally, stated: Estimates) -> tuple[dict[str, Any], list[dict[str, Any] | None]]:
    """What derived importance says of the whole, and of each moment; nothing where it is refused.

    `stated` is what the customers say, by rating or by picking.
    """
    derived = derived_from(tally)
    refused = refusal(tally, derived)
    summary: dict[str, Any] = {"refused": refused}
    if derived is None:
        return summary, [None] * tally.moments
    summary |= {
        "method": str(derived.method),
        "r2": derived.r2,
        "n": derived.n,
        "n_min_pair": derived.n_min_pair,
        "missing": str(derived.missing),
        "delta": derived.delta,
        "moments": int(derived.kept.sum()),
    }
    if refused:
        return summary, [None] * tally.moments
    shown = derived.kept & (stated.n_importance >= 10)
    meanings = stated_against_derived(
        np.where(shown, stated.importance, np.nan), np.where(shown, derived.share, np.nan)
    )
    columns = [
        {
            "share": float(derived.share[m]),
            "r": float(derived.r[m]),
            "meaning": str(meanings[m]) if meanings[m] else None,
            "stated": float(stated.importance[m]) if shown[m] else None,
        }
        if derived.kept[m]
        else None
        for m in range(tally.moments)
    ]
    return summary, columns
