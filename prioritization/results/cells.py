"""Which cells of the results may be shown: a cell is one question, asked of one group (S0).

A moment that few of a group have lived is hidden for the group even where the group itself is large,
and so is whatever would give it away by subtraction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from prioritization.analysis.ratings import Bools, Ints
from prioritization.results.counts import Counts, Reading, Split


@dataclass(frozen=True, eq=False)
class Cells:
    """What is shown: the counts of the chosen group, and which questions of it are hidden."""

    counts: Counts
    satisfaction: Bools
    importance: Bools
    overall: bool
    nps: bool
    effort: bool
    extras: dict[int, bool]

    @property
    def any_hidden(self) -> bool:
        alone = (self.overall, self.nps, self.effort, *self.extras.values())
        return bool(self.satisfaction.any() or self.importance.any() or any(alone))


def cells_of(reading: Reading, split: Split, chosen: Sequence[int], k: int) -> Cells:
    """`chosen` parts of the split; none is everybody."""
    keys = [question.pk for question in reading.questions]
    everybody = bases(reading.everybody, keys)
    parts = np.array([bases(part, keys) for part in reading.parts]).reshape(-1, len(everybody))
    if not chosen:
        counts, hidden = reading.everybody, small(everybody, k)
    elif split.stretches:
        counts, hidden = reduce(add, [reading.parts[p] for p in chosen]), np.asarray(small(parts, k).any(0))
    else:
        (place,) = chosen
        counts, hidden = reading.parts[place], hidden_parts(parts, everybody - parts.sum(0), k)[place]
    m = len(reading.items)
    overall, nps, effort = (bool(x) for x in hidden[2 * m : 2 * m + 3])
    extras = {key: bool(x) for key, x in zip(keys, hidden[2 * m + 3 :], strict=True)}
    return Cells(counts, hidden[:m], hidden[m : 2 * m], overall, nps, effort, extras)


def bases(counts: Counts, questions: Sequence[int]) -> Ints:
    """How many answered each question: satisfaction of the items, importance, overall, NPS, CES, extra."""
    points = counts.joint.shape[1] - 1
    heads = [counts.overall.sum(), counts.nps.sum(), counts.effort.sum()]
    extras = [sum(counts.extras.get(key, {}).values()) for key in questions]
    rated = counts.joint[:, :, :points].sum((1, 2))
    weighed = counts.joint[:, :points].sum((1, 2))
    return np.concatenate([rated, weighed, np.array([*heads, *extras], np.int64)]).astype(np.int64)


def small(counts: Ints, k: int) -> Bools:
    return np.asarray((counts > 0) & (counts < k))


def hidden_parts(counts: Ints, rest: Ints, k: int) -> Bools:
    """(parts, questions) which are hidden. The rest, which nobody can choose, hides with them: together
    they are nobody, or k and more, so that everybody less all that is shown is no small group."""
    hidden = small(counts, k)
    for column in range(counts.shape[1]):
        mine, gone = counts[:, column], hidden[:, column]
        while 0 < mine[gone].sum() + rest[column] < k and (mine[~gone] > 0).any():
            left = np.where(gone | (mine == 0), np.iinfo(np.int64).max, mine)
            gone[int(left.argmin())] = True
    return hidden
