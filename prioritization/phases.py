"""Before, during and after the transaction: three scores of one cycle, each with n and interval.

A moment belongs to the phase of its stage. What has no phase is in none of the three, and is named.
"""

from dataclasses import dataclass

from cycles.choices import Phase
from cycles.models import Stage
from cycles.outline import Outline
from cycles.phases import suggested
from prioritization.analysis.grades import Thresholds
from prioritization.card_lines import Level, Line
from prioritization.grade_scale import LETTERS, USUAL_LETTERS
from prioritization.marking import Key, Marking, side_of
from prioritization.matrix import Reading, read
from prioritization.tallies.read import BeingCountedError
from surveys.models import Wave


@dataclass(frozen=True)
class Phases:
    """`lines` of the three in their order, without those no stage belongs to; `untagged` stages have none."""

    lines: tuple[Line, ...]
    untagged: tuple[Stage, ...]
    top: int = 5
    suggested: tuple[tuple[Stage, str], ...] = ()  # for the untagged

    @property
    def known(self) -> bool:
        return any(line.mean for line in self.lines)

    @property
    def named(self) -> list[tuple[Stage, str]]:
        """The suggestion as people read it."""
        return [(stage, str(Phase(phase).label)) for stage, phase in self.suggested]


def phases_of(marking: Marking, outline: Outline) -> Phases:
    keys: dict[str, list[Key]] = {phase: [] for phase in Phase.values}
    for entry in outline:
        if entry.stage.phase in keys:
            keys[entry.stage.phase].append(entry.moment.pk)
    named = [("", str(Phase(phase).label), moments) for phase, moments in keys.items() if moments]
    untagged = untagged_in(outline)
    guessed = suggested(outline) if untagged else {}
    return Phases(
        tuple(marking.level(Level.PHASE, named)),
        untagged,
        marking.top,
        tuple((stage, guessed[stage.pk]) for stage in untagged),
    )


def untagged_in(outline: Outline) -> tuple[Stage, ...]:
    """Stages with moments in them and without a phase."""
    return tuple(part.stage for part in outline.parts if part.entries and not part.stage.phase)


def phases_in(wave: Wave, outline: Outline) -> Phases | None:
    """Of everybody, without a comparison: for the overview. Two queries; None while answers are counted."""
    try:
        reading = read(wave)
    except BeingCountedError:
        return None
    return of_reading(reading, wave.survey.scale_max, outline)


def of_reading(reading: Reading, top: int, outline: Outline) -> Phases:
    thresholds = Thresholds(LETTERS, USUAL_LETTERS)  # grades are not shown here
    return phases_of(Marking(side_of(reading), None, thresholds, top, reading.least), outline)
