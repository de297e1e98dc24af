"""The answers one by one, as the product itself reads them (docs/importing.md): a row a respondent, or a
row a rating. Read in batches, so that the size of a survey costs time and no memory.

Of an anonymous survey nothing leads to a person: neither key nor day, in an order drawn anew for every
file, and without the values of groups that may not be looked at.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone

from cyclemap.sheets import inert
from prioritization.analysis.picks import WAS_PICKED
from prioritization.matrix import watermarks
from prioritization.results.extra import in_language
from prioritization.results.who import LANGUAGE, Who, link_of, who
from prioritization.tallies.dimensions import kind_of
from surveys.models import Importance, Item, Question, QuestionKind, Rating, Response, Survey, Wave

BATCH = 2000
NOT_EXPERIENCED = "NE"
Cell = str | int | float | None
Ratings = Mapping[int, tuple[int | None, int | None, bool]]  # item -> importance, satisfaction, experienced


@dataclass(frozen=True)
class Table:
    """A header and rows, to be gone through once."""

    name: str
    header: Sequence[str]
    rows: Callable[[], Iterator[Sequence[Cell]]] = field(repr=False)


class Answers:
    """The answers of some waves of one survey."""

    def __init__(self, waves: Sequence[Wave]) -> None:
        self.waves = {wave.pk: wave for wave in waves}
        self.survey: Survey = waves[0].survey
        self.items: list[Item] = list(self.survey.items.select_related("requirement"))
        self.questions: list[Question] = list(self.survey.questions.all())
        self.names = unique([item.text(self.survey.language) for item in self.items])
        self.anonymous = self.survey.is_anonymous

    @cached_property
    def found(self) -> QuerySet[Response]:
        return Response.objects.filter(wave__in=list(self.waves))

    @cached_property
    def weighted(self) -> bool:
        return self.found.exclude(weight=None).exists()

    @cached_property
    def segments(self) -> list[str]:
        """Names of all segments that anybody has."""
        names: dict[str, None] = {}
        for some in self.found.order_by().values_list("segments", flat=True).distinct().iterator(BATCH):
            names.update(dict.fromkeys(kind_of(some or {})))
        return sorted(names)

    @cached_property
    def open(self) -> dict[int, Who]:
        marks = watermarks(list(self.waves.values()))
        return {pk: who(wave, marks[pk]) for pk, wave in self.waves.items()}

    def batches(self) -> Iterator[list[tuple[int, Response, Ratings]]]:
        """Each answer with its place in the file, from 1, and its ratings."""
        number = 0
        batch: list[Response] = []
        for answer in self.ordered().iterator(BATCH):
            batch.append(answer)
            if len(batch) == BATCH:
                yield self.with_ratings(batch, number)
                number += len(batch)
                batch = []
        if batch:
            yield self.with_ratings(batch, number)

    def ordered(self) -> QuerySet[Any]:
        answers = self.found.annotate(link=link_of(is_anonymous=self.anonymous)).defer("digest")
        if not self.anonymous:
            found: QuerySet[Any] = answers.order_by("wave__number", "pk")
            return found
        salt = Value(secrets.token_hex(16), output_field=TextField())
        drawn = MD5(Concat(Cast("pk", CharField()), salt, output_field=TextField()))
        shuffled: QuerySet[Any] = answers.annotate(drawn=drawn).order_by("wave__number", "drawn")
        return shuffled

    def with_ratings(self, batch: Sequence[Response], number: int) -> list[tuple[int, Response, Ratings]]:
        ratings: dict[int, dict[int, tuple[int | None, int | None, bool]]] = {}
        rows = Rating.objects.filter(response_id__in=[answer.pk for answer in batch]).order_by()
        fields = ("response_id", "item_id", "importance", "satisfaction", "experienced")
        for pk, item, importance, satisfaction, experienced in rows.values_list(*fields):
            ratings.setdefault(pk, {})[item] = (importance, satisfaction, bool(experienced))
        return [(place, answer, ratings.get(answer.pk, {})) for place, answer in enumerate(batch, number + 1)]

    def key(self, number: int, answer: Response) -> Cell:
        return number if self.anonymous else answer.pk

    def segment(self, answer: Response, name: str, kind: Mapping[str, str]) -> str:
        value = kind.get(name, "")
        if value and self.anonymous and self.open[answer.wave_id].size(name, value) is None:
            return ""
        return inert(value)

    def language(self, answer: Response) -> str:
        if self.anonymous and self.open[answer.wave_id].size(LANGUAGE, answer.language) is None:
            return ""
        return answer.language


def unique(names: Sequence[str]) -> list[str]:
    """Two moments of one name are told apart; headings may not differ by case alone, nor hold a line end."""
    seen: set[str] = set()
    found = []
    for name in names:
        name = " ".join(name.split())
        other, number = name, 2
        while other.casefold() in seen:
            other, number = f"{name} ({number})", number + 1
        seen.add(other.casefold())
        found.append(other)
    return found


def named(answers: Answers, layout: str) -> str:
    waves = list(answers.waves.values())
    which = f"wave-{waves[0].number}" if len(waves) == 1 else "waves"
    return f"answers-{answers.survey.pk}-{which}-{layout}"


# --- A row a respondent ----------------------------------------------------------------------------


def wide(waves: Sequence[Wave]) -> Table:
    answers = Answers(waves)
    columns = wide_columns(answers)

    def rows() -> Iterator[Sequence[Cell]]:
        for batch in answers.batches():
            for number, answer, ratings in batch:
                kind = kind_of(answer.segments or {})
                yield [cell for column in columns for cell in column.cells(number, answer, ratings, kind)]

    return Table(named(answers, "wide"), [head for column in columns for head in column.heads], rows)


@dataclass(frozen=True)
class Columns:
    heads: Sequence[str]
    cells: Callable[[int, Response, Ratings, Mapping[str, str]], Sequence[Cell]]


def wide_columns(answers: Answers) -> list[Columns]:
    survey, waves = answers.survey, answers.waves
    columns = [
        Columns(["respondent_id"], lambda n, a, r, k: [answers.key(n, a)]),
        Columns(["wave"], lambda n, a, r, k: [inert(str(waves[a.wave_id]))]),
    ]
    if answers.weighted:
        columns.append(Columns(["weight"], lambda n, a, r, k: [1 if a.weight is None else a.weight]))
    names = answers.segments
    columns.append(
        Columns(
            [f"seg:{name}" for name in names], lambda n, a, r, k: [answers.segment(a, x, k) for x in names]
        )
    )
    if survey.asks_overall:
        columns.append(Columns(["overall"], lambda n, a, r, k: [a.overall]))
    if survey.asks_nps:
        columns.append(Columns(["nps"], lambda n, a, r, k: [a.nps]))
    columns += rated(answers)
    if survey.asks_effort:
        columns.append(Columns(["effort"], lambda n, a, r, k: [a.effort]))
    return columns + told(answers)


def rated(answers: Answers) -> list[Columns]:
    """Requirements have columns of their own kind, which a matrix of moments leaves out."""
    survey = answers.survey
    pairs = list(zip(answers.items, answers.names, strict=True))
    moments = [(item.pk, name) for item, name in pairs if not item.is_requirement]
    required = [(item.pk, name) for item, name in pairs if item.is_requirement]
    columns = []
    if survey.importance == Importance.RATED:
        columns.append(
            Columns(
                [f"imp:{name}" for _, name in moments],
                lambda n, a, r, k: [weight(r, pk) for pk, _ in moments],
            )
        )
    columns.append(
        Columns([f"sat:{name}" for _, name in moments], lambda n, a, r, k: [went(r, pk) for pk, _ in moments])
    )
    if survey.importance == Importance.PICKS:
        most = [f"pick{k + 1}" for k in range(survey.picks)]
        columns.append(Columns(most, lambda n, a, r, k: picked(r, moments, len(most))))
    return [
        *columns,
        Columns(
            [f"req:{name}" for _, name in required], lambda n, a, r, k: [went(r, pk) for pk, _ in required]
        ),
    ]


def weight(ratings: Ratings, item: int) -> Cell:
    return ratings[item][0] if item in ratings else None


def went(ratings: Ratings, item: int) -> Cell:
    if item not in ratings:
        return None
    _importance, satisfaction, experienced = ratings[item]
    return satisfaction if experienced else NOT_EXPERIENCED


def picked(ratings: Ratings, moments: Sequence[tuple[int, str]], most: int) -> list[Cell]:
    names: list[Cell] = [name for pk, name in moments if weight(ratings, pk) == WAS_PICKED]
    return [*names, *[None] * most][: max(most, len(names))][:most]


def told(answers: Answers) -> list[Columns]:
    """What no matrix is made of: the extra questions, the comment, and how the answer came."""
    survey = answers.survey
    asked = unique([in_language(q.wording, survey.language) or str(q) for q in answers.questions])
    columns = [
        Columns([f"question:{name}"], lambda n, a, r, k, q=question: [said(a, q, survey.language)])  # type: ignore[misc]
        for question, name in zip(answers.questions, asked, strict=True)
    ]
    if survey.asks_comment:
        columns.append(
            Columns(["comment", "tags"], lambda n, a, r, k: [inert(a.comment), inert(", ".join(a.tags))])
        )
    columns.append(Columns(["language", "link"], lambda n, a, r, k: [answers.language(a), way_in(a)]))
    if not answers.anonymous:
        columns.append(Columns(["date"], lambda n, a, r, k: [timezone.localdate(a.submitted_at).isoformat()]))
    return columns


def way_in(answer: Response) -> str:
    return str(answer.link)  # type: ignore[attr-defined]


def said(answer: Response, question: Question, language: str) -> Cell:
    value = (answer.extra or {}).get(str(question.pk))
    if value is None:
        return None
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        chosen = [value] if not isinstance(value, list) else value
        options = [
            in_language(question.options[p], language) for p in chosen if 0 <= p < len(question.options)
        ]
        return inert("; ".join(options))
    return value if isinstance(value, int | float) else inert(str(value))


# --- A row a rating ----------------------------------------------------------------------------------


def long(waves: Sequence[Wave]) -> Table:
    """What was not asked has no row; seen and left blank is a row without number."""
    answers = Answers(waves)
    language = answers.survey.language
    header = [
        "respondent",
        "wave",
        *(["weight"] if answers.weighted else []),
        "moment",
        "importance",
        "satisfaction",
        "stage",
        "kind",
    ]
    things = [
        (
            item.pk,
            inert(name),
            inert(in_language(item.stage, language)),
            "requirement" if item.is_requirement else "moment",
        )
        for item, name in zip(answers.items, answers.names, strict=True)
    ]

    def rows() -> Iterator[Sequence[Cell]]:
        for batch in answers.batches():
            for number, answer, ratings in batch:
                whose: list[Cell] = [answers.key(number, answer), inert(str(answers.waves[answer.wave_id]))]
                if answers.weighted:
                    whose.append(1 if answer.weight is None else answer.weight)
                for pk, name, stage, kind in things:
                    if pk in ratings:
                        yield [*whose, name, weight(ratings, pk), went(ratings, pk), stage, kind]

    return Table(named(answers, "long"), header, rows)
