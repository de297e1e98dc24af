"""Gap, diagonal and the priority indices (S4, S5)."""

import numpy as np

from prioritization.analysis.ratings import Floats, Scale, Scales


def gap(importance: Floats, satisfaction: Floats, scales: Scales) -> Floats:
    """I - S on the raw scale, positive = shortfall; NaN when the two scales differ (S4).

    The opposite sign to SERVQUAL's P - E: never in one table.
    """
    if not scales.coincide:
        return np.full(importance.shape, np.nan)
    return np.asarray(importance - satisfaction)


def gap_pomp(importance: Floats, satisfaction: Floats, scales: Scales) -> Floats:
    """I% - S% in points of percent of maximum possible, positive = shortfall (S4)."""
    return np.asarray(scales.importance.pomp(importance) - scales.satisfaction.pomp(satisfaction))


def distance_to_diagonal(gap_pomp: Floats) -> Floats:
    """Signed distance to the iso-rating line, gap/sqrt(2) (S4)."""
    return np.asarray(gap_pomp / np.sqrt(2))


def ranking_key(importance: Floats, gap_pomp: Floats, scales: Scales) -> Floats:
    """P = I%/100 gap for a shortfall, (1 - I%/100) gap for a surplus: the default key (S5.1)."""
    share = scales.importance.pomp(importance) / 100
    return np.where(gap_pomp >= 0, share * gap_pomp, (1 - share) * gap_pomp)


def priority_index(importance: Floats, gap_pomp: Floats, scales: Scales) -> Floats:
    """max(0, I%/100 gap), 0 to 100: what is displayed (S5.1)."""
    return np.maximum(0.0, scales.importance.pomp(importance) / 100 * gap_pomp)


def opportunity(top_two_importance: Floats, top_two_satisfaction: Floats) -> Floats:
    """10 (T_I + max(T_I - T_S, 0)) of the shares T in the two highest points, 0 to 20 (S5.2, Ulwick).

    Above 10 worth attention, above 15 extreme. Never of means.
    """
    return 10 * (top_two_importance + np.maximum(top_two_importance - top_two_satisfaction, 0.0))


def potential_gain(importance: Floats, satisfaction: Floats, scale: Scale) -> Floats:
    """PGCV = I (S_max - S) of the raw means (S5.3, Hom 1997)."""
    return importance * (scale.high - satisfaction)


def satisfaction_index(importance: Floats, satisfaction: Floats, scale: Scale) -> float:
    """CSI = sum (I_m / sum I) S_m as percent of maximum possible (S5.4); NaN when nothing is known."""
    known = ~(np.isnan(importance) | np.isnan(satisfaction))
    total = importance[known].sum()
    if total <= 0:
        return float("nan")
    return float(scale.pomp((importance[known] * satisfaction[known]).sum() / total))


def derived_priority(share: Floats, satisfaction: Floats, scale: Scale) -> Floats:
    """Share of relative importance (0 to 1) times the head-room 100 - S% (S5.6), 0 to 100."""
    return share * (100.0 - scale.pomp(satisfaction))


def ranks(key: Floats, importance: Floats) -> list[int | None]:
    """1 for the highest key; ties by higher importance, then by position. None where the key is NaN."""
    known = np.flatnonzero(~np.isnan(key))
    order = sorted(known, key=lambda m: (-round(float(key[m]), 9), -round(float(importance[m]), 9), m))
    out: list[int | None] = [None] * len(key)
    for place, m in enumerate(order, start=1):
        out[m] = place
    return out
