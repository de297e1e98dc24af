"""What changed between two waves, moment by moment, and whether it is more than chance (S8.1).

Both waves are held against the crosshair of the later one, or points would seem to move when only
the cross did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from prioritization.analysis.change import ALPHA, welch
from prioritization.analysis.multiplicity import holm

Found = Mapping[str, Any]  # a moment of "cyclemap-matrix/1"


@dataclass(frozen=True)
class Change:
    """Of the satisfaction of one moment. `p` is Holm's over all moments compared; None: no test."""

    importance_before: float
    satisfaction_before: float
    difference: float
    low: float | None
    high: float | None
    p: float | None

    @property
    def clear(self) -> bool:
        return self.p is not None and self.p < ALPHA

    @property
    def verdict(self) -> str:
        if not self.clear:
            return "no_evidence"
        return "improved" if self.difference > 0 else "worsened"


def key_of(moment: Found) -> str:
    """What a moment is known by in any wave: its place on the map, or, gone from there, its question."""
    return str(moment["id"]) if moment["id"] is not None else f"q{moment['item']}"


def changes(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Change]:
    """By key, for the moments that may be shown in both matrices."""
    old = {key_of(m): m for m in before["moments"] if not m["suppressed"]}
    new = {key_of(m): m for m in now["moments"] if not m["suppressed"] and key_of(m) in old}
    keys = list(new)

    def column(wave: Mapping[str, Found], field: str) -> np.ndarray:
        values = (wave[key][field] for key in keys)
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    found = welch(
        column(old, "satisfaction"),
        column(old, "se_satisfaction") ** 2,
        column(old, "n_satisfaction"),
        column(new, "satisfaction"),
        column(new, "se_satisfaction") ** 2,
        column(new, "n_satisfaction"),
    )
    columns = zip(keys, found.diff, found.low, found.high, holm(found.p), strict=True)
    return {
        key: Change(
            old[key]["importance"],
            old[key]["satisfaction"],
            float(difference),
            *(None if np.isnan(x) else float(x) for x in (low, high, p)),
        )
        for key, difference, low, high, p in columns
    }
