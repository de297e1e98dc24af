"""One wave read for grading, and who gives the grades: to one moment, or to a run of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from prioritization.analysis import grades
from prioritization.analysis.engine import MIN_N, visible
from prioritization.analysis.estimates import Estimates, estimate
from prioritization.analysis.grades import Thresholds, mean_of, moved
from prioritization.analysis.ratings import Bools, Floats, Ints
from prioritization.analysis.suppression import reveals_the_rest
from prioritization.card_lines import Level, Line, lined
from prioritization.matrix import Reading
from surveys.models import Item

# A moment of the map by its key; one that left the map by its question, "q12".
Key = int | str
Named = tuple[str, str, Sequence[Key]]  # number, name, which moments


def key_of(item: Item) -> Key:
    return item.moment_id if item.moment_id is not None else f"q{item.pk}"


@dataclass(frozen=True, eq=False)
class Side:
    """What may be shown of one wave. `at` tells the place of a moment among the estimates."""

    estimates: Estimates
    shown: Bools
    at: Mapping[Key, int]

    @property
    def weighted(self) -> bool:
        """Whether any importance is known."""
        return bool((~np.isnan(self.estimates.importance)).any())

    def members(self, keys: Sequence[Key]) -> Ints:
        """The places of those that may be shown."""
        places = [self.at[key] for key in keys if key in self.at]
        return np.array([place for place in places if self.shown[place]], dtype=np.int64)


def side_of(reading: Reading, derived: bool = False) -> Side:
    """A moment that all but a few of the others rated as well would show these few by subtraction (S0)."""
    e = reading.estimates(reading.segment or reading.everybody, derived)
    asks = bool((~np.isnan(e.importance)).any())
    shown = visible(e, reading.least) if asks else e.n_satisfaction >= reading.least
    if reading.segment is not None:
        whole = estimate(reading.everybody).n_satisfaction
        pairs = zip(e.n_satisfaction.tolist(), whole.tolist(), strict=True)
        shown = shown & np.array([not reveals_the_rest(n, of, reading.least) for n, of in pairs], bool)
    return Side(e, np.asarray(shown), {key_of(item): place for place, item in enumerate(reading.items)})


@dataclass
class Marking:
    """`before` where there is a wave to compare with."""

    now: Side
    before: Side | None
    thresholds: Thresholds
    top: int
    least: int = MIN_N
    weights: Floats = field(init=False)

    def __post_init__(self) -> None:
        e = self.now.estimates
        self.weights = e.importance if self.now.weighted else np.ones(e.moments)

    def level(self, level: Level, named: Sequence[Named]) -> list[Line]:
        """One line for each; their changes are tested together (Holm)."""
        changes = grades.changes([self.move(keys) for _number, _name, keys in named])
        total = float(self.weights[self.now.shown].sum())
        lines = []
        for (number, name, keys), change in zip(named, changes, strict=True):
            members = self.now.members(keys)
            share = float(self.weights[members].sum()) / total if self.now.weighted and total else None
            lines.append(
                lined(
                    level,
                    number,
                    name,
                    mean_of(self.now.estimates, members, self.now.weighted),
                    share,
                    change,
                    self.thresholds,
                    self.top,
                    left_out=sum(key in self.now.at for key in keys) - len(members),
                    least=self.least,
                )
            )
        return lines

    def move(self, keys: Sequence[Key]) -> grades.Moved | None:
        """Over the moments that may be shown in both waves."""
        if self.before is None:
            return None
        both = [k for k in keys if len(self.now.members([k])) and len(self.before.members([k]))]
        members_before, members = self.before.members(both), self.now.members(both)
        return moved(self.before.estimates, self.now.estimates, members_before, members, self.now.weighted)
