"""What is kept of the respondents of one wave: sums, never their rows."""

from dataclasses import dataclass, replace

import numpy as np

from prioritization.analysis.correlation import ENOUGH_COMPLETE, Correlations, Missing, correlations
from prioritization.analysis.estimates import Estimates, Source, estimate
from prioritization.analysis.picks import picks_as_importance
from prioritization.analysis.ratings import Bools, Ints, Ratings, Scale, Scales
from prioritization.analysis.resampling import Grouped
from prioritization.analysis.tally import Cross, Tally, columns


@dataclass(frozen=True, eq=False)
class Sums:
    """Additive. `every` counts the respondents of the wave before any segment was chosen.

    complete   cross-products of those who answered overall and rated every moment
    grouped    sums by random group, for the bootstrap of derived importance; None when not wanted
    """

    every: int
    tally: Tally
    picks: Tally | None
    complete: Cross | None
    grouped: Grouped | None

    @classmethod
    def of(cls, ratings: Ratings, every: int, group: Ints | None, groups: int) -> "Sums":
        tally, complete = Tally.of(ratings), None
        if ratings.overall is not None:
            x = columns(ratings)
            rows = ~np.isnan(x[:, ratings.moments :]).any(axis=1)
            complete = (
                tally.cross
                if rows.all()
                else Cross.of(x[rows], None if ratings.weights is None else ratings.weights[rows])
            )
        return cls(
            every,
            tally,
            None if ratings.picks is None else Tally.of(picks_as_importance(ratings)),
            complete,
            None if group is None else Grouped.of(ratings, group, groups),
        )

    def __add__(self, other: "Sums") -> "Sums":
        both = self.complete is not None and other.complete is not None
        return Sums(
            self.every + other.every,
            self.tally + other.tally,
            None if self.picks is None or other.picks is None else self.picks + other.picks,
            self.complete + other.complete if both else None,  # type: ignore[operator]
            None if self.grouped is None or other.grouped is None else self.grouped + other.grouped,
        )

    def on(self, scales: Scales) -> "Sums":
        """The same on narrower scales, once the whole file has shown which they are."""
        picks = self.picks
        if picks is not None:
            picks = picks.on(replace(scales, importance=picks.scales.importance))
        return replace(self, tally=self.tally.on(scales), picks=picks)

    def estimates(self, source: Source) -> Estimates:
        """ValueError: picks where none were made."""
        if source is Source.PICKS:
            if self.picks is None:
                raise ValueError("nothing was picked")
            return estimate(self.picks, Source.PICKS)
        return estimate(self.tally)

    def correlations(self, included: Bools) -> Correlations | None:
        """Listwise when that keeps 70 % of the answers to overall and no moment is left out (S7)."""
        cross = self.tally.cross
        if cross is None or self.complete is None:
            return None
        answered, complete = cross.n[-1, -1], self.complete.n[-1, -1]
        if included.all() and answered and complete >= ENOUGH_COMPLETE * answered:
            return correlations(self.complete, included, missing=Missing.LISTWISE)
        return correlations(cross, included)


def provisional(given: Scale | None) -> Scale:
    """The scale to count on while the whole file is not yet read."""
    return given or Scale(0, 10)


def inferred(low: int, high: int) -> Scale:
    """The usual scale that holds all ratings seen: 1 or 0 to 5, 7 or 10."""
    return Scale(min(low, 1), next((end for end in (5, 7, 10) if high <= end), high))
