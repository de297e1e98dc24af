"""What respondents said, as arrays: two ratings per respondent and moment, and why one may lack (S0)."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class State(IntEnum):
    """Of a satisfaction: the four kinds of "no number" are never coded as numbers."""

    RATED = 0
    NOT_EXPERIENCED = 1
    NO_ANSWER = 2
    NOT_ASKED = 3


@dataclass(frozen=True)
class Scale:
    """Integers from `low` to `high`, both included."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.high <= self.low:
            raise ValueError(f"a scale runs from low to high, not from {self.low} to {self.high}")

    @property
    def points(self) -> int:
        return self.high - self.low + 1

    @property
    def values(self) -> Floats:
        return np.arange(self.low, self.high + 1, dtype=np.float64)

    @property
    def midpoint(self) -> float:
        return (self.low + self.high) / 2

    def pomp(self, x: Floats) -> Floats:
        """Percent of maximum possible, 100 (x - low)/(high - low): all cross-scale arithmetic (S1.4)."""
        return np.asarray(100.0 * (np.asarray(x) - self.low) / (self.high - self.low))


NPS_SCALE = Scale(0, 10)


@dataclass(frozen=True)
class Scales:
    importance: Scale
    satisfaction: Scale
    overall: Scale | None = None

    @property
    def coincide(self) -> bool:
        return self.importance == self.satisfaction


@dataclass(frozen=True, eq=False)
class Ratings:
    """R respondents, M moments. NaN is "no number"; `state` says which kind for satisfaction.

    importance    (R, M) float, NaN where there is none
    satisfaction  (R, M) float, NaN unless the state is RATED
    state         (R, M) of `State`
    weights       (R,) > 0, or None when every respondent counts the same
    overall, nps  (R,) float with NaN, or None when not asked
    picks         (R, M) bool: among "the k most important", or None

    ValueError: shapes that do not fit, a rating off its scale or not whole, a weight not above 0,
    a satisfaction with another state than RATED or the reverse.
    """

    scales: Scales
    importance: Floats
    satisfaction: Floats
    state: NDArray[np.int8]
    weights: Floats | None = None
    overall: Floats | None = None
    nps: Floats | None = None
    picks: Bools | None = None

    def __post_init__(self) -> None:
        if self.importance.ndim != 2:
            raise ValueError("importance must be respondents x moments")
        shape = self.importance.shape
        for name, array in (
            ("satisfaction", self.satisfaction),
            ("state", self.state),
            ("picks", self.picks),
        ):
            if array is not None and array.shape != shape:
                raise ValueError(f"{name} must have the shape of importance, {shape}")
        for name, row in (("weights", self.weights), ("overall", self.overall), ("nps", self.nps)):
            if row is not None and row.shape != shape[:1]:
                raise ValueError(f"{name} must have one number per respondent, {shape[0]}")
        if self.weights is not None and not (np.isfinite(self.weights) & (self.weights > 0)).all():
            raise ValueError("weights must be above zero")
        if not np.array_equal(np.isnan(self.satisfaction), self.state != State.RATED):
            raise ValueError("a satisfaction must be there exactly when its state is RATED")
        on_scale(self.importance, self.scales.importance, "importance")
        on_scale(self.satisfaction, self.scales.satisfaction, "satisfaction")
        if self.overall is not None:
            if self.scales.overall is None:
                raise ValueError("overall needs a scale")
            on_scale(self.overall, self.scales.overall, "overall")
        if self.nps is not None:
            on_scale(self.nps, NPS_SCALE, "nps")

    @property
    def respondents(self) -> int:
        return int(self.importance.shape[0])

    @property
    def moments(self) -> int:
        return int(self.importance.shape[1])

    def take(self, rows: Ints | Bools) -> "Ratings":
        """The respondents chosen by an index or a mask: a wave, a segment, a resample."""

        return Ratings(
            self.scales,
            self.importance[rows],
            self.satisfaction[rows],
            self.state[rows],
            None if self.weights is None else self.weights[rows],
            None if self.overall is None else self.overall[rows],
            None if self.nps is None else self.nps[rows],
            None if self.picks is None else self.picks[rows],
        )


def on_scale(x: Floats, scale: Scale, name: str) -> None:
    """ValueError unless every number of `x` is a whole number of the scale; NaN is no number."""
    with np.errstate(invalid="ignore"):
        off = ~np.isnan(x) & ~((x >= scale.low) & (x <= scale.high) & (x == np.floor(x)))
    if off.any():
        wrong = float(x[off][0])
        raise ValueError(f"{name} {wrong:g} is not a whole number from {scale.low} to {scale.high}")
