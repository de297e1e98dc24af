"""The extra questions: how often each option was chosen, a number in short, texts to read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from prioritization import figures
from prioritization.results.cells import Cells
from prioritization.results.counts import TEXTS
from surveys.models import Question, QuestionKind, Response

# Texts of one question that the page shows; the file has all of them.
MOST_TEXTS = 20


@dataclass(frozen=True)
class Option:
    label: str
    n: int
    share: str
    percent: int


@dataclass(frozen=True)
class Summary:
    """Of numbers: mean and quarters. Neither the smallest nor the largest: they are people."""

    mean: str
    median: str
    low: str
    high: str


@dataclass(frozen=True)
class Extra:
    key: int
    wording: str
    n: int
    hidden: bool
    is_multiple: bool = False
    options: tuple[Option, ...] = ()
    summary: Summary | None = None
    texts: tuple[str, ...] = ()
    is_text: bool = False


def extras(questions: Sequence[Question], cells: Cells, texts: Mapping[int, Sequence[str]]) -> list[Extra]:
    language = get_language() or "es"
    return [extra(question, cells, texts, language) for question in questions]


def extra(question: Question, cells: Cells, texts: Mapping[int, Sequence[str]], language: str) -> Extra:
    said = cells.counts.extras.get(question.pk, {})
    n, hidden = sum(said.values()), cells.extras[question.pk]
    wording = in_language(question.wording, language) or str(question)
    multiple = question.kind == QuestionKind.MULTIPLE
    if hidden:
        return Extra(question.pk, wording, 0, hidden=True)
    if question.kind in TEXTS:
        told = tuple(texts.get(question.pk, ())) if n else ()
        return Extra(question.pk, wording, n, hidden=False, texts=told, is_text=True)
    if question.kind == QuestionKind.NUMBER:
        return Extra(question.pk, wording, n, hidden=False, summary=summary(said))
    return Extra(
        question.pk,
        wording,
        n,
        hidden=False,
        is_multiple=multiple,
        options=options(question, said, n, language),
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def options(question: Question, said: Mapping[str, int], n: int, language: str) -> tuple[Option, ...]:
    times = [0] * len(question.options)
    for text, count in said.items():
        for place in places(text):
            if 0 <= place < len(times):
                times[place] += count
    return tuple(
        Option(
            in_language(option, language),
            count,
            figures.percent(count / n if n else None),
            round(100 * count / n) if n else 0,
        )
        for option, count in zip(question.options, times, strict=True)
    )


def places(text: str) -> list[int]:
    """Of what was chosen, as the database gives it: one place, or a list of them."""
    found = json.loads(text)
    return [int(place) for place in (found if isinstance(found, list) else [found])]


def summary(said: Mapping[str, int]) -> Summary | None:
    found = sorted((float(text), count) for text, count in said.items())
    n = sum(count for _, count in found)
    if not n:
        return None
    mean = sum(value * count for value, count in found) / n
    low, median, high = (quantile(found, n, share) for share in (0.25, 0.5, 0.75))
    return Summary(*(figures.decimal(x, 1) for x in (mean, median, low, high)))


def quantile(found: Sequence[tuple[float, int]], n: int, share: float) -> float:
    """The smallest value that the share of the answers does not exceed; half and half, the middle."""
    passed = 0
    for place, (value, count) in enumerate(found):
        passed += count
        if passed > share * n:
            return value
        if passed == share * n:
            return (value + found[place + 1][0]) / 2 if place + 1 < len(found) else value
    return found[-1][0]


def texts_of(answers: QuerySet[Response], questions: Sequence[Question]) -> dict[int, list[str]]:
    """The latest of each question; one statement."""
    keys = [str(question.pk) for question in questions if question.kind in TEXTS]
    found: dict[int, list[str]] = {int(key): [] for key in keys}
    if not keys:
        return found
    there = Q()
    for key in keys:
        there |= Q(extra__has_key=key)
    for said in answers.filter(there).values_list("extra", flat=True)[: MOST_TEXTS * len(keys)]:
        for key in keys:
            if said.get(key) and len(found[int(key)]) < MOST_TEXTS:
                found[int(key)].append(str(said[key]))
    return found
