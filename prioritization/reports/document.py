"""What a report shows, gathered in a few queries, whatever the size of the cycle."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cycles.drawing import wheel_of
from cycles.models import Cycle, Requirement
from cycles.outline import Outline, outline_of
from cycles.scores import Scores
from cycles.wheel import Wheel
from prioritization import asking, matrix, plan, waves
from prioritization.asking import Asked
from prioritization.board import Row
from prioritization.plan import Plan, Step
from prioritization.standing import Mark
from prioritization.waves import Standing, mark_of
from surveys.models import Wave

# Layout takes about 18 MB and a second for every 1,000 cells: beyond this, one PDF is the wrong form.
MOST_CELLS = 20_000


class TooLargeError(Exception):
    """More table cells than one PDF carries."""


@dataclass(frozen=True)
class Document:
    cycle: Cycle
    wave: Wave | None
    language: str
    today: date
    as_of: datetime
    outline: Outline
    standing: Standing | None
    asked: Asked | None
    requirements: dict[int, list[Requirement]]
    plan: Plan

    @property
    def persona(self) -> str:
        return self.cycle.text("persona")

    @property
    def long_name(self) -> bool:
        """Too long for the cover's largest size."""
        return len(str(self.cycle)) > 40

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
        return sorted(found, key=lambda mark: int(mark.number) if mark.number.isdigit() else 0)

    @property
    def required_moments(self) -> int:
        return sum(1 for entry in self.outline if self.requirements.get(entry.moment.pk))

    @property
    def requirement_count(self) -> int:
        return sum(len(rows) for rows in self.requirements.values())

    @property
    def cells(self) -> int:
        return 7 * (len(self.outline) + len(self.plan.steps)) + 5 * self.requirement_count


def scored(outline: Outline, scores: Scores) -> Outline:
    """The same outline with what customers think of each moment, without reading it again."""
    parts = [
        replace(part, entries=[replace(e, score=scores.of(e.moment.pk)) for e in part.entries])
        for part in outline.parts
    ]
    return replace(outline, parts=parts, scores=scores)


def gather(cycle: Cycle, wave: Wave | None, language: str, today: date) -> Document:
    """Everything a report on `wave` (None: the map and the plan alone) says on the day `today`.

    The matrix is brought up to date first, so that a report never lags behind the answers.
    """
    outline = outline_of(cycle, Scores())
    standing = asked_of = None
    if wave is not None:
        matrix.refresh(wave)
        asked_of = asking.asked(wave)
        standing = waves.standing_of(wave, waves.matrices_of(cycle), outline)
    document = Document(
        cycle=cycle,
        wave=wave,
        language=language,
        today=today,
        as_of=max(filter(None, [cycle.changed_at, asked_of and asked_of.last])),
        outline=scored(outline, standing.scores) if standing else outline,
        standing=standing,
        asked=asked_of,
        requirements=plan.requirements_of(cycle),
        plan=plan.plan_of(cycle, today),
    )
    if document.cells > MOST_CELLS:
        raise TooLargeError
    return document
