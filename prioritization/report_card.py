"""The customer's report card (libreta de calificaciones): the grades of a cycle, moment by moment.

For one wave and the same narrowings as the matrix: segment, period, source of importance. A moment that
too few rated has no grade and is in no total, so nothing can be subtracted from one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cycles.models import Cycle
from cycles.outline import Outline, Part, outline_of
from cycles.scores import Scores
from prioritization import figures
from prioritization.analysis import grades
from prioritization.analysis.grades import Thresholds
from prioritization.board import worded
from prioritization.card_lines import Level, Line, lined
from prioritization.comparison import comparable
from prioritization.filters import Filters
from prioritization.grade_scale import GradeScale, scale_of
from prioritization.graded_requirements import Rated, moves, rated
from prioritization.marking import Key, Marking, Named, key_of, side_of
from prioritization.matrix import Period, Reading, Segment, least_shown, open_to_view, read
from prioritization.phases import Phases, phases_of
from surveys.models import Item, Wave


@dataclass(frozen=True)
class Choice:
    """Whose answers are graded, and against which wave the change is tested."""

    segment: Segment | None = None
    period: Period | None = None
    importance: str = "stated"
    compare: Wave | None = None
    words: tuple[tuple[str, str], ...] = ()  # what was asked for, as people read it

    @classmethod
    def of(cls, filters: Filters) -> "Choice":
        unsaid = {_("Crosshair"), _("Stage"), _("Channel")}
        words = tuple(pair for pair in filters.in_words if pair[0] not in unsaid)
        return cls(filters.segment, filters.period, filters.importance, filters.compare, words)

    @classmethod
    def usual(cls, wave: Wave, waves: Sequence[Wave]) -> "Choice":
        """Everybody, against the comparable wave before (`waves` the latest first)."""
        return cls(compare=next((w for w in waves if comparable(w, wave)), None))


@dataclass(frozen=True)
class Step:
    """One grade as it is printed: from which percent of the scale, and from which point of it."""

    label: str
    css: int
    percent: float
    point: float

    @property
    def percent_text(self) -> str:
        whole = self.percent == int(self.percent)
        return f"{figures.decimal(self.percent, 0 if whole else 1)}{figures.percent(0)[1:]}"

    @property
    def point_text(self) -> str:
        return figures.decimal(self.point, 2).rstrip("0").rstrip(",.")


@dataclass(frozen=True)
class StageLines:
    """A stage, and its moments, each followed by its requirements."""

    colour: str
    line: Line
    rows: tuple[Line, ...]

    @property
    def asked(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Card:
    cycle: Cycle
    wave: Wave
    scale: GradeScale
    top: int  # of the scale of satisfaction, which begins at 1
    respondents: int
    least: int
    weighted: bool
    overall: Line
    stages: tuple[StageLines, ...]
    phases: Phases
    compare: Wave | None = None
    compare_withheld: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def thresholds(self) -> Thresholds:
        return self.scale.thresholds

    @property
    def steps(self) -> list[Step]:
        starts = (*self.thresholds.starts, 0.0)
        return [
            Step(label, self.thresholds.shade(place), start, 1 + start / 100 * (self.top - 1))
            for place, (label, start) in enumerate(zip(self.thresholds.labels, starts, strict=True))
        ]

    @property
    def moments(self) -> list[Line]:
        return [line for stage in self.stages for line in stage.rows if line.is_moment]

    @property
    def lines(self) -> list[Line]:
        """All of them, from the whole to the parts: for a file."""
        found = [self.overall, *self.phases.lines]
        for stage in self.stages:
            found += [stage.line, *stage.rows]
        return found

    @property
    def graded(self) -> bool:
        return self.overall.grade is not None

    @property
    def compares(self) -> bool:
        return any(line.change for line in self.lines)

    @property
    def hidden(self) -> list[Line]:
        return [line for line in self.moments if line.grade is None]

    @property
    def title(self) -> str:
        if not self.graded:
            return _("Too few answers for a grade")
        said = {"grade": self.overall.grade_text, "mean": self.overall.mean_text, "top": self.top}
        return _("The cycle earns %(grade)s: %(mean)s of %(top)s") % said

    @property
    def says(self) -> str:
        """The best and the worst stage."""
        known = sorted(
            (stage.line for stage in self.stages if stage.line.mean and stage.line.name),
            key=lambda line: line.mean.value if line.mean else 0,
        )
        if len(known) < 2:
            return ""
        worst, best = known[0], known[-1]
        return _("Best stage: %(best)s, %(best_grade)s. Worst: %(worst)s, %(worst_grade)s.") % {
            "best": best.name,
            "best_grade": best.grade_text,
            "worst": worst.name,
            "worst_grade": worst.grade_text,
        }


def card_of(cycle: Cycle, wave: Wave, choice: Choice | None = None, outline: Outline | None = None) -> Card:
    """BeingCountedError: too many answers are not counted yet for somebody who waits."""
    choice = choice or Choice()
    return marked(cycle, choice, wave, read(wave, choice.segment, choice.period), outline)


def marked(
    cycle: Cycle, choice: Choice, wave: Wave, reading: Reading, outline: Outline | None = None
) -> Card:
    """The card of answers that were read."""
    outline = outline or outline_of(cycle, Scores())
    derived = choice.importance == "derived"
    earlier = read_before(choice)
    scale, top = scale_of(cycle), wave.survey.scale_max
    marking = Marking(
        side_of(reading, derived),
        side_of(earlier, derived) if earlier else None,
        scale.thresholds,
        top,
        reading.least,
    )
    return Card(
        cycle=cycle,
        wave=wave,
        scale=scale,
        top=top,
        respondents=(reading.segment or reading.everybody).respondents,
        least=reading.least,
        weighted=marking.now.weighted,
        overall=marking.level(Level.OVERALL, [("", "", list(marking.now.at))])[0],
        stages=stages_of(marking, outline, reading, requirements_of(marking, choice, wave, earlier)),
        phases=phases_of(marking, outline),
        compare=choice.compare if earlier else None,
        compare_withheld=bool(choice.compare and not earlier),
        words=choice.words,
    )


def read_before(choice: Choice) -> Reading | None:
    """The same people in the earlier wave; None where they were too few to be shown then."""
    wave, segment = choice.compare, choice.segment
    if wave is None:
        return None
    reading = read(wave, segment)
    if segment is not None:
        name, value = segment
        sizes = reading.sizes.get(name, {})
        if value not in open_to_view(sizes, reading.everybody.respondents, least_shown(wave)):
            return None
    return reading if reading.everybody.respondents else None


# --- Stages, moments, requirements ---------------------------------------------------------------


def stages_of(
    marking: Marking, outline: Outline, reading: Reading, required: dict[Key, list[Line]]
) -> tuple[StageLines, ...]:
    """In the order of the map; what was asked and is no longer there stands last, in no stage."""
    asked = marking.now.at
    parts: list[tuple[Part | None, list[Named]]] = []
    on_map: set[Key] = set()
    for part in outline.parts:
        named: list[Named] = [
            (str(e.number), str(e.moment), [e.moment.pk]) for e in part.entries if e.moment.pk in asked
        ]
        on_map |= {e.moment.pk for e in part.entries}
        if named:
            parts.append((part, named))
    gone = [item for item in reading.items if key_of(item) not in on_map]
    if gone:
        parts.append((None, [(NO_NUMBER, worded(item.wording), [key_of(item)]) for item in gone]))
    moments = iter(marking.level(Level.MOMENT, [one for _part, named in parts for one in named]))
    stages = marking.level(
        Level.STAGE,
        [("", name_of(part), [key for *_, keys in named for key in keys]) for part, named in parts],
    )
    return tuple(
        StageLines(part.stage.colour if part else "", line, tuple(rows_of(named, moments, required)))
        for (part, named), line in zip(parts, stages, strict=True)
    )


NO_NUMBER = "\N{EN DASH}"


def name_of(part: Part | None) -> str:
    return str(part.stage) if part else _("No longer on the map")


def rows_of(named: Sequence[Named], moments: Iterator[Line], required: dict[Key, list[Line]]) -> list[Line]:
    rows: list[Line] = []
    for *_named, keys in named:
        rows += [next(moments), *required.get(keys[0], ())]
    return rows


def requirements_of(
    marking: Marking, choice: Choice, wave: Wave, earlier: Reading | None
) -> dict[Key, list[Line]]:
    """Lines of the requirements that were asked about, by moment; their changes are tested together."""
    language = (get_language() or "")[:2]
    items = required_items(wave)
    now = rated(items, language, wave, choice.segment, choice.period, marking.least)
    then: list[Rated] = []
    if now and earlier and choice.compare:
        before = required_items(choice.compare)
        then = rated(before, language, choice.compare, choice.segment, None, least_shown(choice.compare))
    found: dict[Key, list[Line]] = {}
    for one, change in zip(now, grades.changes(moves(now, then)), strict=True):
        line = lined(
            Level.REQUIREMENT, "", one.wording, one.mean, None, change, marking.thresholds, marking.top
        )
        found.setdefault(one.moment, []).append(replace(line, least=marking.least))
    return found


def required_items(wave: Wave) -> list[Item]:
    return [item for item in wave.survey.items.all() if item.is_requirement]
