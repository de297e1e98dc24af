"""The columns of a file that say something about who answered, not about a moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prioritization.analysis.ratings import Floats
from prioritization.ratings_file.blocks import Codes


@dataclass
class Rows:
    """What is said once a respondent, a list a column."""

    lines: list[int]
    respondent: list[str] | None
    wave: list[str] | None
    overall: Codes | None
    nps: Codes | None
    weight: Floats | None
    date: list[str] | None
    segments: dict[str, list[str]]

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        def lists(name: str) -> list[str] | None:
            if getattr(parts[0], name) is None:
                return None
            return [cell for part in parts for cell in getattr(part, name)]

        def arrays(name: str) -> NDArray[np.int16] | None:
            if getattr(parts[0], name) is None:
                return None
            return np.concatenate([getattr(part, name) for part in parts])

        return cls(
            [line for part in parts for line in part.lines],
            lists("respondent"),
            lists("wave"),
            arrays("overall"),
            arrays("nps"),
            arrays("weight"),  # type: ignore[arg-type]
            lists("date"),
            {name: [cell for part in parts for cell in part.segments[name]] for name in parts[0].segments},
        )

    def take(self, which: Sequence[int]) -> "Rows":
        def some(cells: list[str] | None) -> list[str] | None:
            return None if cells is None else [cells[row] for row in which]

        return Rows(
            [self.lines[row] for row in which],
            some(self.respondent),
            some(self.wave),
            None if self.overall is None else self.overall[list(which)],
            None if self.nps is None else self.nps[list(which)],
            None if self.weight is None else self.weight[list(which)],
            some(self.date),
            {name: [cells[row] for row in which] for name, cells in self.segments.items()},
        )
