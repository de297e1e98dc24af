"""What was read from a file: answers in arrays, and the waves they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from cyclemap.text import natural
from prioritization.analysis.ratings import Floats, Ints
from prioritization.ratings_file.blocks import NOT_EXPERIENCED, Codes

NOT_ASKED = -4


@dataclass(frozen=True, eq=False)
class Answers:
    """R respondents, M moments in the order of `Choices.used`, W waves in the order in which they were.

    wave (R,); importance, satisfaction (R, M): rating, NONE, NOT_EXPERIENCED, NOT_ASKED;
    overall, nps (R,): rating or NONE; weight (R,) or None; days (R,) or None.
    """

    waves: tuple[str, ...]
    wave: Ints
    importance: Codes
    satisfaction: Codes
    overall: Codes | None
    nps: Codes | None
    weight: Floats | None
    days: tuple[date | None, ...] | None
    segments: dict[str, list[str]]
    blank: int = 0
    # Of the long layout: rows about a moment that is not imported.
    passed_over: int = 0

    def __len__(self) -> int:
        return len(self.wave)

    @property
    def has_importance(self) -> bool:
        return bool((self.importance > 0).any())

    @property
    def ratings(self) -> int:
        """Rows of the table of ratings that this makes."""
        return int((self.satisfaction != NOT_ASKED).sum())


def asked_only(satisfaction: Codes, importance: Codes, wave: Ints) -> Codes:
    """A moment that nobody of a wave rated, or said not to have lived, was not asked in it."""
    out = satisfaction.copy()
    for number in range(int(wave.max(initial=-1)) + 1):
        rows = wave == number
        said = (satisfaction[rows] > 0) | (satisfaction[rows] == NOT_EXPERIENCED) | (importance[rows] > 0)
        silent = ~said.any(axis=0)
        out[np.ix_(rows, silent)] = NOT_ASKED
    return out


def in_order(names: Sequence[str], days: Sequence[date | None] | None) -> tuple[str, ...]:
    """By their first day where there are days, else by name, in which numbers count as numbers."""
    first: dict[str, date] = {}
    for name, day in zip(names, days or (), strict=False):
        if day is not None:
            first[name] = min(day, first.get(name, day))

    return tuple(sorted(set(names), key=lambda name: (first.get(name, date.min), natural(name))))
