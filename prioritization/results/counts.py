"""The answers of a wave as counts, whole and part by part, in a few statements of bounded size.

Moments, overall satisfaction and recommendation come from the tallies wherever these know the part
(everybody, segments, months); languages, ways in, requirements, effort and extra questions are counted
by the database. No rating is loaded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import add
from typing import Any

import numpy as np
from django.db.models import CharField, Count, F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncMonth

from prioritization.analysis.ratings import Ints
from prioritization.analysis.tally import Tally
from prioritization.matrix import Watermark, asked
from prioritization.months import Stretch
from prioritization.results.who import KEPT, LANGUAGE, LINK, State, link_of, month_of, state_of
from prioritization.tallies import read as tallies
from prioritization.tallies.read import Filter
from surveys.models import Item, Question, QuestionKind, Rating, Response, Wave

Answers = Any  # a queryset of responses with `part`
# The part of those who may not be looked at by themselves.
REST = -1
# CES 2.0 is asked from 1 to 7, whatever the scale of the survey.
EFFORT_MAX = 7
Extras = Mapping[int, Mapping[str, int]]  # question -> what was said, as JSON -> how often


@dataclass(frozen=True)
class Split:
    """How a wave is cut: by the values of a dimension, or into periods; `parts` () is everybody alone."""

    name: str = ""
    parts: tuple[str, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    @property
    def size(self) -> int:
        return len(self.parts) or len(self.stretches)

    def place(self, value: Any) -> int:
        """Which part a value that the database gave belongs to."""
        if self.stretches:
            month = month_of(value)
            return next(
                (p for p, stretch in enumerate(self.stretches) if stretch.first <= month <= stretch.last),
                REST,
            )
        text = str(value) if value is not None else ""
        return self.parts.index(text) if text in self.parts else REST

    def filters(self) -> list[Filter]:
        if self.stretches:
            return [Filter((), stretch.begins, stretch.ends) for stretch in self.stretches]
        return [Filter(((self.name, value),)) for value in self.parts]

    @property
    def is_tallied(self) -> bool:
        return self.name not in (LANGUAGE, LINK)


@dataclass(frozen=True, eq=False)
class Counts:
    """Of one part. joint (items, points + 1, points + 3): importance, then none, by satisfaction, then
    not experienced, no answer, not asked. overall (points,), nps (11,), effort (7,)."""

    n: int
    joint: Ints
    overall: Ints
    nps: Ints
    effort: Ints
    extras: Extras

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.n + other.n,
            self.joint + other.joint,
            self.overall + other.overall,
            self.nps + other.nps,
            self.effort + other.effort,
            {
                key: added(self.extras.get(key, {}), other.extras.get(key, {}))
                for key in {**self.extras, **other.extras}
            },
        )


def added(some: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {text: some.get(text, 0) + more.get(text, 0) for text in {**some, **more}}


@dataclass(frozen=True, eq=False)
class Reading:
    """`everybody`, and each part of the split; what is in no part is the rest."""

    items: Sequence[Item]
    questions: Sequence[Question]
    everybody: Counts
    parts: Sequence[Counts]


@dataclass(frozen=True)
class Wanted:
    """A reading is the same as long as the answers are: `wave` is only where to find them."""

    state: State
    split: Split
    wave: Wave = field(compare=False)


def read(wave: Wave, split: Split, mark: Watermark) -> Reading:
    """BeingCountedError when the answers have to be counted by the worker first."""
    return kept_reading(Wanted(state_of(wave, mark), split, wave))


@lru_cache(maxsize=KEPT)
def kept_reading(wanted: Wanted) -> Reading:
    wave, split = wanted.wave, wanted.split
    survey = wave.survey
    questions = list(survey.questions.all())
    moments, layout = asked(wave)
    items = list(survey.items.all()) if layout.beside else moments
    points = survey.scale_max
    size = split.size
    joint = np.zeros((size + 1, len(items), points + 1, points + 3), np.int64)
    overall = np.zeros((size + 1, points), np.int64)
    nps = np.zeros((size + 1, 11), np.int64)
    n = np.zeros(size + 1, np.int64)
    if split.is_tallied:
        found = tallies.read(wave.pk, layout, Filter(), *split.filters())
        whole, *some = found.tallies
        columns = [items.index(item) for item in moments]
        for place, tally in enumerate(some):
            take(tally, n, joint, overall, nps, place, columns)
        take(whole, n, joint, overall, nps, REST, columns)
        for kept in (n, joint, overall, nps):
            kept[REST] -= kept[:REST].sum(0)
        by_rows = [item for item in items if item.is_requirement]
    else:
        by_rows = items
    part = part_of(split, is_anonymous=survey.is_anonymous)
    answers = Response.objects.filter(wave=wave).order_by().annotate(part=part)
    heads(answers, split, n, overall, nps, counted=not split.is_tallied)
    if by_rows:
        ratings(wave, split, items, by_rows, n, joint)
    effort = efforts(answers, split) if survey.asks_effort else np.zeros((size + 1, EFFORT_MAX), np.int64)
    extras = extras_of(answers, split, questions)
    parts = [
        Counts(int(n[p]), joint[p], overall[p], nps[p], effort[p], extras[p]) for p in (*range(size), REST)
    ]
    everybody = reduce(add, parts)
    return Reading(items, questions, everybody, parts[:-1])


def take(
    tally: Tally, n: Ints, joint: Ints, overall: Ints, nps: Ints, place: int, columns: Sequence[int]
) -> None:
    n[place] = tally.respondents
    joint[place, columns] = tally.joint.n
    if tally.overall is not None:
        overall[place] = tally.overall.n
    if tally.nps is not None:
        nps[place] = tally.nps.n


# --- By the database -----------------------------------------------------------------------------


def part_of(split: Split, *, is_anonymous: bool, of: str = "") -> Combinable:
    """From which `Split.place` tells where an answer belongs; `of` leads to it."""
    if split.stretches:
        return TruncMonth(f"{of}submitted_at")
    if split.name == LANGUAGE:
        return F(f"{of}language")
    if split.name == LINK:
        return link_of(is_anonymous=is_anonymous, of=of)
    if split.name:
        return Cast(KeyTextTransform(split.name, f"{of}segments"), TextField())
    return Value("", output_field=CharField())


def heads(answers: Answers, split: Split, n: Ints, overall: Ints, nps: Ints, *, counted: bool) -> None:
    """The headline questions of parts that no tally knows."""
    if not counted:
        return
    for part, satisfied, recommends, times in answers.values_list("part", "overall", "nps").annotate(
        times=Count("pk")
    ):
        place = split.place(part)
        n[place] += times
        if satisfied is not None and satisfied <= overall.shape[1]:
            overall[place, satisfied - 1] += times
        if recommends is not None:
            nps[place, recommends] += times


def ratings(
    wave: Wave, split: Split, items: Sequence[Item], wanted: Sequence[Item], n: Ints, joint: Ints
) -> None:
    points = joint.shape[2] - 1
    places = {item.pk: items.index(item) for item in wanted}
    for place in places.values():
        joint[:, place, points, points + 2] = n
    part_there = part_of(split, is_anonymous=wave.survey.is_anonymous, of="response__")
    rows = (
        Rating.objects.filter(response__wave=wave, item__in=list(places))
        .order_by()
        .annotate(part=part_there)
        .values_list("part", "item_id", "importance", "satisfaction", "experienced")
        .annotate(times=Count("response_id"))
    )
    for part, item, importance, satisfaction, experienced, times in rows:
        cell = (split.place(part), places[item])
        i = points if importance is None else importance - 1
        s = points if not experienced else points + 1 if satisfaction is None else satisfaction - 1
        joint[(*cell, i, s)] += times
        joint[(*cell, points, points + 2)] -= times


def efforts(answers: Answers, split: Split) -> Ints:
    found = np.zeros((split.size + 1, EFFORT_MAX), np.int64)
    rows = answers.exclude(effort=None).values_list("part", "effort").annotate(times=Count("pk"))
    for part, effort, times in rows:
        found[split.place(part), effort - 1] += times
    return found


def extras_of(
    answers: Answers, split: Split, questions: Sequence[Question]
) -> list[dict[int, dict[str, int]]]:
    """One statement, however many questions; of a text only whether there is one."""
    found: list[dict[int, dict[str, int]]] = [{} for _ in range(split.size + 1)]
    for part, question, said, times in answers_to(answers, questions):
        texts = found[split.place(part)].setdefault(int(question), {})
        texts[said] = texts.get(said, 0) + times
    return found


TEXTS = {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}
Row = tuple[Any, int, str, int]


def answers_to(answers: Answers, questions: Sequence[Question]) -> Sequence[Row]:
    statements = [statement(answers, question) for question in questions]
    if not statements:
        return []
    first, *more = statements
    rows: Sequence[Row] = list(first.union(*more, all=True)) if more else list(first)
    return rows


class Said(Func):
    """What was answered to an extra question, as text: Django takes a key of digits for a place in a list."""

    output_field = TextField()

    def __init__(self, question: int) -> None:
        self.question = question
        super().__init__(F("extra"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        path = f"CAST(json_extract(%(expressions)s, '$.\"{self.question:d}\"') AS text)"
        return self.as_sql(compiler, connection, template=path, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        path = f"(%(expressions)s ->> '{self.question:d}')"
        return self.as_sql(compiler, connection, template=path, **context)


def statement(answers: Answers, question: Question) -> Any:
    there = answers.annotate(chose=Said(question.pk)).exclude(chose=None)
    if question.kind in TEXTS:
        there = there.annotate(told=Value("", output_field=TextField()))
    else:
        there = there.annotate(told=F("chose"))
    numbered = there.annotate(question=Value(question.pk))
    return numbered.values_list("part", "question", "told").annotate(times=Count("pk"))
