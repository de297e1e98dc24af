"""What the sums of one survey are about, and the one vector that holds them all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from prioritization.analysis.ratings import Floats, Ints, Scale, Scales
from prioritization.analysis.tally import Cross, Histogram, Tally
from surveys.models import Survey

# Raised when counting or storing changes: everything is then counted again.
VERSION = 1
NPS_POINTS = 11

Bytes = NDArray[np.uint8]


def rules() -> str:
    """The part of the fingerprint that is the same for all surveys."""
    return hashlib.sha256(f"{VERSION} {settings.TIME_ZONE}".encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Layout:
    """`items` are keys in the order of the survey; `points` of the scale, which begins at 1."""

    items: tuple[int, ...]
    points: int
    overall: bool
    nps: bool
    zone: str
    # Items about a requirement: asked beside the moments, and none of their columns.
    beside: tuple[int, ...] = ()

    @classmethod
    def of(cls, survey: Survey, items: Iterable[tuple[int, bool]]) -> Self:
        """From each item's key and whether it is about a requirement, in the order of the survey."""
        asked = tuple(items)
        return cls(
            tuple(key for key, is_requirement in asked if not is_requirement),
            survey.scale_max,
            survey.asks_overall,
            survey.asks_nps,
            settings.TIME_ZONE,
            tuple(key for key, is_requirement in asked if is_requirement),
        )

    @cached_property
    def fingerprint(self) -> str:
        asked = f"{self.items} {self.points} {self.overall} {self.nps}"
        return rules() + hashlib.sha256(asked.encode()).hexdigest()[:40]

    @property
    def moments(self) -> int:
        return len(self.items)

    @property
    def width(self) -> int:
        """Columns of the cross-products: importance and satisfaction of each moment, overall."""
        return 2 * self.moments + 1

    @property
    def joint_shape(self) -> tuple[int, int, int]:
        return self.moments, self.points + 1, self.points + 3

    @cached_property
    def count_sizes(self) -> tuple[int, int, int, int]:
        """Cells of: joint, overall, nps, overall by satisfaction."""
        m, i, s = self.joint_shape
        return m * i * s, self.points, NPS_POINTS, m * self.points * self.points

    @cached_property
    def triangle(self) -> tuple[Ints, Ints]:
        a, b = np.triu_indices(self.width)
        return a.astype(np.int64), b.astype(np.int64)

    @cached_property
    def product_sizes(self) -> tuple[int, int, int, int]:
        """Cells of: n (triangle), sum x, sum x**2, sum xy (triangle), pair by pair."""
        triangle = self.width * (self.width + 1) // 2
        return triangle, self.width**2, self.width**2, triangle

    @property
    def scales(self) -> Scales:
        scale = Scale(1, self.points)
        return Scales(scale, scale, scale if self.overall else None)


@dataclass(frozen=True, eq=False)
class Sums:
    """Whole numbers only, so that sums are exact in any order."""

    n: int
    counts: Ints
    products: Ints

    @classmethod
    def none(cls, layout: Layout) -> Self:
        zeros = (np.zeros(sum(sizes), np.int64) for sizes in (layout.count_sizes, layout.product_sizes))
        return cls(0, *zeros)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.counts + other.counts, self.products + other.products)

    def equals(self, other: "Sums") -> bool:
        return (
            self.n == other.n
            and np.array_equal(self.counts, other.counts)
            and np.array_equal(self.products, other.products)
        )

    def tally(self, layout: Layout) -> Tally:
        """As the analysis takes it: the very numbers of `Tally.of` over the same answers."""
        joint, overall, nps, by_satisfaction = split(self.counts, layout.count_sizes)
        n, x, xx, xy = (part.astype(np.float64) for part in split(self.products, layout.product_sizes))
        m, p, width = layout.moments, layout.points, layout.width
        return Tally(
            layout.scales,
            self.n,
            Histogram.unweighted(joint.reshape(layout.joint_shape)),
            Cross.unweighted(
                mirrored(n, layout), x.reshape(width, width), xx.reshape(width, width), mirrored(xy, layout)
            ),
            Histogram.unweighted(overall) if layout.overall else None,
            Histogram.unweighted(nps) if layout.nps else None,
            Histogram.unweighted(by_satisfaction.reshape(m, p, p)) if layout.overall else None,
        )


def split(vector: Ints, sizes: tuple[int, ...]) -> list[Ints]:
    return np.split(vector, np.cumsum(sizes)[:-1])


def mirrored(triangle: Floats, layout: Layout) -> Floats:
    a, b = layout.triangle
    full = np.empty((layout.width, layout.width))
    full[a, b] = full[b, a] = triangle
    return full


def packed(vector: NDArray[np.integer]) -> bytes:
    """One byte that tells the width of a number, then the numbers in the narrowest type that holds them.

    ValueError: a number below zero.
    """
    if vector.size and int(vector.min()) < 0:
        raise ValueError("sums of answers are never below zero")
    kind = np.min_scalar_type(int(vector.max(initial=0)))
    return bytes([kind.itemsize]) + vector.astype(kind.newbyteorder("<")).tobytes()


def unpacked(data: bytes) -> Ints:
    return np.frombuffer(data, dtype=f"<u{data[0]}", offset=1).astype(np.int64)
