"""Answers as bytes: what a response said about a moment is one, its headline questions another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from prioritization.analysis.ratings import Bools, Ints
from prioritization.tallies.layout import Bytes, Layout, Sums

# Of a byte: the high half is importance (or overall), the low half satisfaction (or recommendation).
NONE = 15
# Rows at a time: small enough to stay in cache.
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Answers:
    """R responses, M moments, D segments.

    pairs  (M, R): 16 * importance + satisfaction. Importance: its point from 0, then "none" (= points).
           Satisfaction: its point from 0, then not experienced, no answer, not asked.
    heads  (R,): 16 * overall + recommendation; 15 is none.
    days   (R,): days since 1970 in the server's time zone.
    codes  (D, R): 0 is no value, else the place of the value in its dimension, from 1.
    """

    pairs: Bytes
    heads: Bytes
    days: NDArray[np.int32]
    codes: NDArray[np.uint16]

    def __len__(self) -> int:
        return int(self.heads.shape[0])

    def take(self, rows: Ints | Bools | slice) -> "Answers":
        return Answers(self.pairs[:, rows], self.heads[rows], self.days[rows], self.codes[:, rows])

    @classmethod
    def joined(cls, parts: Sequence["Answers"]) -> Self:
        """Those with fewer dimensions came when nobody had a value of the later ones."""
        depth = max(part.codes.shape[0] for part in parts)
        return cls(
            np.concatenate([part.pairs for part in parts], axis=1),
            np.concatenate([part.heads for part in parts]),
            np.concatenate([part.days for part in parts]),
            np.concatenate(
                [np.pad(part.codes, ((0, depth - part.codes.shape[0]), (0, 0))) for part in parts], axis=1
            ),
        )


def counted(answers: Answers, layout: Layout) -> Sums:
    """Every histogram and cross-product of S14 over these answers."""
    joint = np.zeros((layout.moments, 256), np.int64)
    heads = np.zeros(256, np.int64)
    by_satisfaction = np.zeros((layout.moments, 256), np.int64)
    width = layout.width
    n, x, xx, xy = np.zeros((4, width, width))
    importance, satisfaction, overall = tables(layout)
    for start in range(0, len(answers), CHUNK):
        pairs, head = answers.pairs[:, start : start + CHUNK], answers.heads[start : start + CHUNK]
        heads += np.bincount(head, minlength=256)
        high = head & 0xF0
        for m in range(layout.moments):
            joint[m] += np.bincount(pairs[m], minlength=256)
            if layout.overall:
                by_satisfaction[m] += np.bincount(high | (pairs[m] & 15), minlength=256)
        columns = np.concatenate([importance[pairs], satisfaction[pairs], overall[head][None]])
        # Points begin at 1, so a zero is "no number". Single precision holds these sums of a chunk
        # exactly: none is above 10 * 10 * 4096 < 2**24.
        there = (columns > 0).astype(np.float32)
        n += there @ there.T
        x += columns @ there.T
        xx += (columns * columns) @ there.T
        xy += columns @ columns.T
    p = layout.points
    _, i, s = layout.joint_shape
    both = heads.reshape(16, 16)
    counts = [
        joint.reshape(-1, 16, 16)[:, :i, :s],
        both[:p].sum(1) if layout.overall else np.zeros(p, np.int64),
        both[:, :11].sum(0) if layout.nps else np.zeros(11, np.int64),
        by_satisfaction.reshape(-1, 16, 16)[:, :p, :p],
    ]
    triangle = layout.triangle
    products = [n[triangle], x.ravel(), xx.ravel(), xy[triangle]]
    return Sums(
        len(answers),
        np.concatenate([part.ravel() for part in counts]),
        np.concatenate(products).astype(np.int64),
    )


def tables(layout: Layout) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """From a byte to the point of importance, of satisfaction, of overall; 0 where there is none."""
    high, low = np.divmod(np.arange(256), 16)
    p = layout.points
    return (
        np.where(high < p, high + 1, 0).astype(np.float32),
        np.where(low < p, low + 1, 0).astype(np.float32),
        np.where((high < p) & layout.overall, high + 1, 0).astype(np.float32),
    )
