"""Where a cycle stands: its map, what the customers think, what is required, what is being done.

Read in about ten queries, whatever the size of the cycle; overview and report both tell from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cycles.drawing import wheel_of
from cycles.models import Cycle, Requirement
from cycles.outline import Outline, outline_of
from cycles.scores import Scores
from cycles.wheel import Wheel
from prioritization.asking import Asked, asked
from prioritization.board import Row
from prioritization.models import Matrix
from prioritization.plan import Plan, Step, requirements_of
from prioritization.quick_wins import plan_with_wins
from prioritization.standing import Mark
from prioritization.waves import Standing, mark_of, matrices_of, standing_of
from surveys.models import Respondent, Wave


@dataclass(frozen=True)
class Situation:
    """On the day `today`, by the answers of `wave` where there is one."""

    cycle: Cycle
    wave: Wave | None
    today: date
    outline: Outline
    standing: Standing | None
    asked: Asked | None
    requirements: dict[int, list[Requirement]]
    plan: Plan

    @property
    def scores(self) -> Scores:
        return self.standing.scores if self.standing else Scores()

    def wheel(self, ident: str, mini: bool = False) -> Wheel:
        return wheel_of(self.cycle, scores=self.scores, outline=self.outline, mini=mini, ident=ident)

    def row(self, moment_id: int) -> Row | None:
        return self.standing.row(moment_id) if self.standing else None

    def mark(self, moment_id: int) -> Mark | None:
        """The sign of a moment, in its quadrant's shape where it has one."""
        if row := self.row(moment_id):
            return mark_of(row)
        entry = self.outline.entry(moment_id)
        return Mark(str(entry.number)) if entry else None

    def marks(self, step: Step) -> list[Mark]:
        """The moments an action serves, in the order of the cycle."""
        found = [mark for pk in step.moment_ids if (mark := self.mark(pk))]
        return sorted(found, key=lambda mark: int(mark.number))

    @property
    def moments_without_requirement(self) -> list[str]:
        return [str(e.moment) for e in self.outline if not self.requirements.get(e.moment.pk)]

    @property
    def requirement_count(self) -> int:
        return sum(len(rows) for rows in self.requirements.values())


def scored(outline: Outline, scores: Scores) -> Outline:
    """The same outline with what customers think of each moment, without reading it again."""
    parts = [
        replace(part, entries=[replace(e, score=scores.of(e.moment.pk)) for e in part.entries])
        for part in outline.parts
    ]
    return replace(outline, parts=parts, scores=scores)


def situation_of(
    cycle: Cycle,
    wave: Wave | None,
    today: date,
    *,
    asking: Wave | None = None,
    matrices: Sequence[Matrix] | None = None,
) -> Situation:
    """`asking`: the wave being asked now, where it is not the one whose answers count."""
    outline = outline_of(cycle, Scores())
    known = matrices_of(cycle) if matrices is None else matrices
    latest = next((m for m in known if m.wave.survey.respondent == Respondent.CUSTOMER), None)
    standing = standing_of(wave, known, outline) if wave else None
    return Situation(
        cycle=cycle,
        wave=wave,
        today=today,
        outline=scored(outline, standing.scores) if standing else outline,
        standing=standing,
        asked=asked(counted) if (counted := asking or wave) else None,
        requirements=requirements_of(cycle),
        plan=plan_with_wins(cycle, today, latest),
    )
