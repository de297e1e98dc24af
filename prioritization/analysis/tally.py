"""The mergeable statistics of ratings (S14): what every figure but a few is exactly computed from.

Two tallies of disjoint respondents add up to the tally of both, in any order. Without weights every
number in a tally is a whole number below 2**53, so sums are exact; with weights to rounding.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prioritization.analysis.ratings import NPS_SCALE, Floats, Ints, Ratings, Scale, Scales, State

# Rows at a time for the cross-products: small enough to stay in cache.
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Histogram:
    """Cells of any shape: respondents, sum of weights, sum of squared weights in each."""

    n: Ints
    w: Floats
    w2: Floats

    @classmethod
    def count(cls, codes: NDArray[np.integer], shape: tuple[int, ...], weights: Floats | None) -> Self:
        """`codes` flat cell numbers, one per respondent (and moment); -1 is left out.

        `weights` None, or as long as `codes`.
        """
        kept = codes >= 0
        size = int(np.prod(shape))
        if not kept.all():
            codes = codes[kept]
            weights = None if weights is None else weights[kept]
        n = np.bincount(codes, minlength=size).reshape(shape)
        if weights is None:
            return cls.unweighted(n)
        w = np.bincount(codes, weights, minlength=size).reshape(shape).astype(np.float64)
        w2 = np.bincount(codes, weights**2, minlength=size).reshape(shape).astype(np.float64)
        return cls(n.astype(np.int64), w, w2)

    @classmethod
    def unweighted(cls, n: Ints) -> Self:
        w = n.astype(np.float64)
        return cls(n.astype(np.int64), w, w)

    def at(self, *cells: slice | list[int]) -> "Histogram":
        """The cells chosen along each axis; ValueError when others hold someone."""
        n, w, w2 = self.n, self.w, self.w2
        for axis, chosen in enumerate(cells):
            if not isinstance(chosen, slice):
                n, w, w2 = n.take(chosen, axis), w.take(chosen, axis), w2.take(chosen, axis)
        if n.sum() != self.n.sum():
            raise ValueError("somebody answered off this scale")
        return self.unweighted(n) if self.w2 is self.w else Histogram(n, w, w2)

    def __add__(self, other: "Histogram") -> "Histogram":
        if self.w2 is self.w and other.w2 is other.w:
            return self.unweighted(self.n + other.n)
        return Histogram(self.n + other.n, self.w + other.w, self.w2 + other.w2)


@dataclass(frozen=True, eq=False)
class Cross:
    """Cross-products of the 2M + 1 columns: importance of each moment, satisfaction of each, overall.

    All (2M+1, 2M+1), over the respondents who rated both a and b:
    n, w = sum of weights, wx[a, b] = sum w x_a, wxx[a, b] = sum w x_a**2, wxy = sum w x_a x_b,
    and w2, w2x, w2xy the same with squared weights (for variances).
    """

    n: Floats
    w: Floats
    wx: Floats
    wxx: Floats
    wxy: Floats
    w2: Floats
    w2x: Floats
    w2xy: Floats

    @classmethod
    def of(cls, columns: Floats, weights: Floats | None) -> Self:
        """`columns` (R, P) with NaN where there is no number; `weights` (R,) or None."""
        if weights is None:
            return cls._counted(columns)
        rows, width = columns.shape
        sums = np.zeros((8, width, width))
        for start in range(0, rows, CHUNK):
            x = columns[start : start + CHUNK]
            there = (~np.isnan(x)).astype(np.float64)
            x = np.where(there > 0, x, 0.0)
            sums[0] += there.T @ there
            w = weights[start : start + CHUNK, None]
            w_there, w_x = w * there, w * x
            sums[1] += there.T @ w_there
            sums[2] += x.T @ w_there
            sums[3] += (x * x).T @ w_there
            sums[4] += x.T @ w_x
            sums[5] += w_there.T @ w_there
            sums[6] += w_x.T @ w_there
            sums[7] += w_x.T @ w_x
        return cls(*sums)

    @classmethod
    def _counted(cls, columns: Floats) -> Self:
        """Every weight 1: one product of [there, x, x^2] with [there, x] a chunk, in single precision
        where the sums of a chunk are whole numbers that it holds exactly (below 2**24)."""
        rows, width = columns.shape
        sums = np.zeros((3 * width, 2 * width))
        single = np.empty((min(rows, CHUNK), 3 * width), dtype=np.float32)
        for start in range(0, rows, CHUNK):
            x = columns[start : start + CHUNK]
            there = ~np.isnan(x)
            x = np.where(there, x, 0.0)
            exact = x.size == 0 or (float(np.abs(x).max()) ** 2 * CHUNK < 2**24 and (np.rint(x) == x).all())
            part = single[: len(x)] if exact else np.empty((len(x), 3 * width))
            part[:, :width] = there
            part[:, width : 2 * width] = x
            np.square(part[:, width : 2 * width], out=part[:, 2 * width :])
            sums += part.T @ part[:, : 2 * width]
        a, b, c = sums[:width], sums[width : 2 * width], sums[2 * width :]
        return cls.unweighted(a[:, :width], b[:, :width], c[:, :width], b[:, width:])

    @classmethod
    def unweighted(cls, n: Floats, x: Floats, xx: Floats, xy: Floats) -> Self:
        """From the four sums that remain when every weight is 1."""
        return cls(n, n, x, xx, xy, n, x, xy)

    def __add__(self, other: "Cross") -> "Cross":
        return Cross(
            self.n + other.n,
            self.w + other.w,
            self.wx + other.wx,
            self.wxx + other.wxx,
            self.wxy + other.wxy,
            self.w2 + other.w2,
            self.w2x + other.w2x,
            self.w2xy + other.w2xy,
        )


@dataclass(frozen=True, eq=False)
class Tally:
    """H and X of S14 for M moments, and the histograms of the headline questions.

    joint    (M, KI + 1, KS + 3): importance (its points, then "none") by satisfaction (its points,
             then not experienced, no answer, not asked)
    cross    cross-products, or None where only histograms are kept (then the certainty treats
             moments as independent)
    overall  (KO,), nps (11,)
    overall_by_satisfaction  (M, KO, KS)
    picks    (M, 2, KS + 3): not picked or picked, by satisfaction
    """

    scales: Scales
    respondents: int
    joint: Histogram
    cross: Cross | None = None
    overall: Histogram | None = None
    nps: Histogram | None = None
    overall_by_satisfaction: Histogram | None = None
    picks: Histogram | None = None

    @property
    def moments(self) -> int:
        return int(self.joint.n.shape[0])

    @classmethod
    def of(cls, ratings: Ratings, *, cross: bool = True) -> Self:
        scales, weights = ratings.scales, ratings.weights
        rows, moments = ratings.importance.shape
        flat_weights = None if weights is None else np.repeat(weights, moments)
        importance = _codes(ratings.importance, scales.importance, scales.importance.points)
        satisfaction = np.where(
            ratings.state == State.RATED,
            _codes(ratings.satisfaction, scales.satisfaction, 0),
            scales.satisfaction.points - 1 + ratings.state,
        )
        width = scales.satisfaction.points + 3
        shape = (moments, scales.importance.points + 1, width)
        moment = np.broadcast_to(np.arange(moments), (rows, moments))
        joint = (moment * shape[1] + importance) * width + satisfaction
        picks = overall = overall_by_satisfaction = nps = None
        if ratings.picks is not None:
            codes = (moment * 2 + ratings.picks) * width + satisfaction
            picks = Histogram.count(codes.ravel(), (moments, 2, width), flat_weights)
        if ratings.overall is not None and scales.overall is not None:
            points = scales.overall.points
            answer = _codes(ratings.overall, scales.overall, -1)
            overall = Histogram.count(answer, (points,), weights)
            codes = (moment * points + answer[:, None]) * scales.satisfaction.points + satisfaction
            codes = np.where((answer[:, None] >= 0) & (ratings.state == State.RATED), codes, -1)
            overall_by_satisfaction = Histogram.count(
                codes.ravel(), (moments, points, scales.satisfaction.points), flat_weights
            )
        if ratings.nps is not None:
            nps = Histogram.count(_codes(ratings.nps, NPS_SCALE, -1), (11,), weights)
        return cls(
            scales,
            rows,
            Histogram.count(joint.ravel(), shape, flat_weights),
            Cross.of(columns(ratings), weights) if cross else None,
            overall,
            nps,
            overall_by_satisfaction,
            picks,
        )

    def on(self, scales: Scales) -> "Tally":
        """The same on scales within these, which hold every rating; ValueError where they do not."""
        i = _points(self.scales.importance, scales.importance)
        s = _points(self.scales.satisfaction, scales.satisfaction)
        none, missing = [self.scales.importance.points], self.scales.satisfaction.points + np.arange(3)
        overall = [] if scales.overall is None else _points(self.scales.overall, scales.overall)
        s_wide = [*s, *missing]
        return replace(
            self,
            scales=scales,
            joint=self.joint.at(slice(None), [*i, *none], s_wide),
            overall=self.overall and self.overall.at(overall),
            overall_by_satisfaction=self.overall_by_satisfaction
            and self.overall_by_satisfaction.at(slice(None), overall, s),
            picks=self.picks and self.picks.at(slice(None), slice(None), s_wide),
        )

    def __add__(self, other: "Tally") -> "Tally":
        """ValueError: different scales or numbers of moments. A part that one side lacks is dropped."""
        if self.scales != other.scales or self.moments != other.moments:
            raise ValueError("only tallies of the same moments on the same scales add up")
        return Tally(
            self.scales,
            self.respondents + other.respondents,
            self.joint + other.joint,
            None if self.cross is None or other.cross is None else self.cross + other.cross,
            _both(self.overall, other.overall),
            _both(self.nps, other.nps),
            _both(self.overall_by_satisfaction, other.overall_by_satisfaction),
            _both(self.picks, other.picks),
        )


def columns(ratings: Ratings) -> Floats:
    """(R, 2M + 1): importance of each moment, satisfaction of each, overall (all NaN if not asked)."""
    overall = ratings.overall
    last = np.full(ratings.respondents, np.nan) if overall is None else overall
    return np.column_stack([ratings.importance, ratings.satisfaction, last])


def _points(wide: Scale | None, narrow: Scale) -> list[int]:
    if wide is None or narrow.low < wide.low or narrow.high > wide.high:
        raise ValueError("only a scale within the one that was counted on")
    return list(range(narrow.low - wide.low, narrow.high - wide.low + 1))


def _codes(x: Floats, scale: Scale, none: int) -> NDArray[np.int64]:
    there = ~np.isnan(x)
    return np.where(there, np.where(there, x, 0) - scale.low, none).astype(np.int64)


def _both(a: Histogram | None, b: Histogram | None) -> Histogram | None:
    return None if a is None or b is None else a + b
