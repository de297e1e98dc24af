"""What changed between two waves, moment by moment, and whether it is more than chance (S8.1, S8.5).

The one rule for page, overview, report, file and snapshots.

Both waves are held against the crosshair of the later one, or points would seem to move when only
the cross did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from prioritization.analysis.change import ChangeVerdict, change_verdict, hedges_g, shrunk, welch
from prioritization.analysis.multiplicity import holm
from surveys.models import Wave

Found = Mapping[str, Any]  # a moment of "cyclemap-matrix/3"


@dataclass(frozen=True)
class Change:
    """Of the satisfaction of one moment. `p` is Holm's over all moments compared; None: no test.

    The verdict is that of S8.5: more than chance, an effect that is not tiny, and still there when the
    pull of the worst towards the mean is taken off.
    """

    importance_before: float
    satisfaction_before: float
    difference: float
    low: float | None
    high: float | None
    p: float | None
    verdict: str = ChangeVerdict.NO_EVIDENCE

    @property
    def clear(self) -> bool:
        return self.verdict != ChangeVerdict.NO_EVIDENCE


def key_of(moment: Found) -> str:
    """What a moment is known by in any wave: its place on the map, or, gone from there, its question."""
    return str(moment["id"]) if moment["id"] is not None else f"q{moment['item']}"


def comparable(earlier: Wave, wave: Wave) -> bool:
    """Asked earlier, of the same kind of people, on the same scale."""
    a, b = earlier.survey, wave.survey
    asked_alike = (a.respondent, a.scale_max) == (b.respondent, b.scale_max)
    return bool(asked_alike and earlier.opened_at and wave.opened_at and earlier.opened_at < wave.opened_at)


def changes(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Change]:
    """By key, for the moments that may be shown in both matrices."""
    old = {key_of(m): m for m in before["moments"] if not m["suppressed"]}
    new = {key_of(m): m for m in now["moments"] if not m["suppressed"] and key_of(m) in old}
    keys = list(new)

    def column(wave: Mapping[str, Found], field: str) -> np.ndarray:
        values = (wave[key][field] for key in keys)
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    s1, v1, n1 = (column(old, f) for f in ("satisfaction", "se_satisfaction", "n_satisfaction"))
    s2, v2, n2 = (column(new, f) for f in ("satisfaction", "se_satisfaction", "n_satisfaction"))
    v1, v2 = v1**2, v2**2
    found = welch(s1, v1, n1, s2, v2, n2)
    p_holm = holm(found.p)
    g = hedges_g(found.diff, np.sqrt(v1 * n1), n1, np.sqrt(v2 * n2), n2)
    adjusted = s2 - shrunk(s1, v1)
    verdicts = [
        str(change_verdict(*(float(x) for x in row)))
        for row in zip(p_holm, found.low, found.high, g, adjusted, strict=True)
    ]
    columns = zip(keys, found.diff, found.low, found.high, p_holm, verdicts, strict=True)
    return {
        key: Change(
            old[key]["importance"],
            old[key]["satisfaction"],
            float(difference),
            known(low),
            known(high),
            known(p),
            verdict,
        )
        for key, difference, low, high, p, verdict in columns
    }


def known(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
