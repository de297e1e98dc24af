"""SERVQUAL, with its own sign: perception less expectation, negative = shortfall (S12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from prioritization.analysis.ratings import Floats

# Parasuraman, Zeithaml and Berry (1988): items of each dimension, 22 in all.
DIMENSIONS: dict[str, range] = {
    "tangibles": range(4),
    "reliability": range(4, 9),
    "responsiveness": range(9, 13),
    "assurance": range(13, 17),
    "empathy": range(17, 22),
}


@dataclass(frozen=True, eq=False)
class Servqual:
    """`items` (22,) gaps P - E; a gap per dimension; `total` their mean, `weighted` by points of 100."""

    items: Floats
    dimensions: dict[str, float]
    total: float
    weighted: float | None


def servqual(
    expectation: Floats,
    perception: Floats,
    points: Mapping[str, float] | None = None,
    dimensions: Mapping[str, Sequence[int]] = DIMENSIONS,
) -> Servqual:
    """From (R, items) ratings with NaN; item gaps over those who gave both.

    ValueError: shapes that differ, items beyond the dimensions, or points that do not sum to 100.
    """
    if expectation.shape != perception.shape:
        raise ValueError("expectation and perception must have one shape")
    if sum(len(items) for items in dimensions.values()) != expectation.shape[1]:
        raise ValueError("every item belongs to one dimension")
    gap = perception - expectation
    there = ~np.isnan(gap)
    n = there.sum(0)
    items = np.divide(np.nan_to_num(gap).sum(0), n, out=np.full(gap.shape[1], np.nan), where=n > 0)
    means = {name: float(items[list(columns)].mean()) for name, columns in dimensions.items()}
    weighted = None
    if points is not None:
        if abs(sum(points.values()) - 100) > 1e-9 or set(points) != set(means):
            raise ValueError("the points of the dimensions sum to 100")
        weighted = sum(points[name] / 100 * means[name] for name in means)
    return Servqual(items, means, float(np.mean(list(means.values()))), weighted)


def servperf(perception: Floats, dimensions: Mapping[str, Sequence[int]] = DIMENSIONS) -> dict[str, float]:
    """Performance only (Cronin and Taylor 1992): mean perception per dimension."""
    items = np.nanmean(perception, axis=0)
    return {name: float(items[list(columns)].mean()) for name, columns in dimensions.items()}
