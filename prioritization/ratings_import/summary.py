"""What an import would bring, in figures, before anything is written; and kept as what it brought."""

from dataclasses import dataclass

import numpy as np

from prioritization.ratings_file.blocks import NOT_EXPERIENCED
from prioritization.ratings_import.answers import NOT_ASKED, Answers
from prioritization.ratings_import.choices import NEW, Choices
from prioritization.ratings_import.headings import AXES, Kind


@dataclass(frozen=True)
class WaveFigures:
    name: str
    respondents: int
    satisfaction: int
    importance: int
    not_experienced: int
    no_answer: int
    not_asked: int  # moments
    silent: int  # respondents who answered nothing


@dataclass(frozen=True)
class Summary:
    waves: tuple[WaveFigures, ...]
    moments: int
    new_moments: tuple[str, ...]
    segments: tuple[str, ...]
    has_importance: bool
    weighted: bool
    dated: bool
    # What is left out, and how much of it.
    blank: int
    passed_over: int
    ignored: tuple[str, ...]

    @property
    def respondents(self) -> int:
        return sum(wave.respondents for wave in self.waves)

    @property
    def ratings(self) -> int:
        return sum(wave.satisfaction + wave.importance for wave in self.waves)


def summary_of(answers: Answers, choices: Choices) -> Summary:
    return Summary(
        tuple(figures(answers, number) for number in range(len(answers.waves))),
        len(choices.used),
        tuple(target.name for target in choices.used if target.moment == NEW),
        tuple(answers.segments),
        answers.has_importance,
        answers.weight is not None,
        answers.days is not None,
        answers.blank,
        answers.passed_over,
        left_out(choices),
    )


def figures(answers: Answers, number: int) -> WaveFigures:
    rows = answers.wave == number
    importance, satisfaction = answers.importance[rows], answers.satisfaction[rows]
    rated = satisfaction > 0
    asked = satisfaction != NOT_ASKED
    said = (rated | (satisfaction == NOT_EXPERIENCED) | (importance > 0)).any(axis=1)
    for once in (answers.overall, answers.nps):
        if once is not None:
            said = said | (once[rows] >= 0)
    return WaveFigures(
        answers.waves[number],
        int(rows.sum()),
        int(rated.sum()),
        int((importance > 0).sum()),
        int((satisfaction == NOT_EXPERIENCED).sum()),
        int((asked & ~rated & (satisfaction != NOT_EXPERIENCED)).sum()),
        int((~asked.any(axis=0)).sum()),
        int(np.count_nonzero(~said)),
    )


def left_out(choices: Choices) -> tuple[str, ...]:
    """Columns, and in the long layout moments, that are not imported."""
    columns = [
        choices.heading(place)
        for place, kind in enumerate(choices.kinds)
        if kind is Kind.IGNORE or (kind in AXES and not choices.is_long and not choices.targets[place].moment)
    ]
    things = [
        thing
        for thing, target in zip(choices.things, choices.targets, strict=False)
        if choices.is_long and not target.moment
    ]
    return (*columns, *things)
