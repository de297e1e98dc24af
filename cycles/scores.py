"""What customers think of each moment, as the map shows it.

The map is below the surveys and the matrix, so it does not know them: settings name the function
that answers (`MOMENT_SCORES`), as they name the user model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.formats import number_format
from django.utils.module_loading import import_string

from cyclemap.svg import satisfaction_cuts

if TYPE_CHECKING:
    from cycles.models import Cycle


@dataclass(frozen=True)
class Score:
    """One moment in the latest wave. None where nobody, or too few, answered."""

    importance: float | None
    satisfaction: float | None
    n: int
    quadrant: str | None
    step: int  # colour step of the satisfaction, 0 to 5
    enough: bool  # n reaches the threshold of publication
    # The 95% interval of the satisfaction.
    low: float | None = None
    high: float | None = None
    rank: int | None = None  # of all moments, by urgency: 1 asks for action first


@dataclass(frozen=True)
class Scores:
    """The latest wave of a cycle, as far as the map needs it."""

    wave: str = ""
    n_responses: int = 0
    satisfaction: float | None = None
    scale: tuple[int, int] = (1, 5)
    moments: Mapping[int, Score] | None = None
    round: int | None = None  # whose answers these are; None where nobody answered
    line: float | None = None  # satisfaction at the crosshair of the matrix: below it, it is low

    @property
    def cuts(self) -> str:
        """Where one colour of the wheel ends and the next begins."""
        return " · ".join(number_format(cut, 1) for cut in satisfaction_cuts(*self.scale))

    def of(self, moment_id: int) -> Score | None:
        return (self.moments or {}).get(moment_id)


@dataclass(frozen=True)
class Round:
    """One time customers were asked and answered: what a reader of the map may choose."""

    key: int
    name: str
    n_responses: int


def rounds_of(cycle: "Cycle") -> list[Round]:
    """The latest first. One query."""
    source: Callable[[Cycle], list[Round]] = import_string(settings.MOMENT_ROUNDS)
    return source(cycle)


def scores_in(cycle: "Cycle", round_key: int) -> Scores | None:
    """What was said in that round; None where this cycle has no such round. One query."""
    source: Callable[[Cycle, int], Scores | None] = import_string(settings.MOMENT_SCORES_IN)
    return source(cycle, round_key)


def scores_of_all(cycles: "Sequence[Cycle]") -> dict[int, Scores]:
    """By the cycle's key, in one query; for each of the cycles."""
    source: Callable[[Sequence[Cycle]], dict[int, Scores]] = import_string(settings.MOMENT_SCORES)
    found = source(cycles)
    return {cycle.pk: found.get(cycle.pk, Scores()) for cycle in cycles}


def scores_of(cycle: "Cycle") -> Scores:
    return scores_of_all([cycle])[cycle.pk]
