"""What a survey asks. Of an opened survey nothing ever changes, so a process works it out once."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from surveys.languages import offered, words_of
from surveys.models import Importance, Item, Question, QuestionKind, Survey
from surveys.wording import Words

# Enough for every survey that is open at a time; a process that has met more starts afresh.
KEPT = 300
SECONDS_A_SCALE = 6
SECONDS_FOR_WRITING = 30
COMMENT_LIMIT = 4000
SHORT_LIMIT, LONG_LIMIT = 200, 2000


@dataclass(frozen=True)
class AskedItem:
    """One item asked about. Its place in the instrument, not its key, names its fields: w1, i1, s1."""

    item_id: int
    number: int
    wording: dict[str, str]
    stage: dict[str, str]
    is_critical: bool
    is_requirement: bool

    def text(self, language: str) -> str:
        return text_in(self.wording, language) or str(self.number)

    def stage_name(self, language: str) -> str:
        return text_in(self.stage, language)


@dataclass(frozen=True)
class AskedMoment:
    """What a customer sees as one question: a moment, and its requirements that are items of their own."""

    item: AskedItem
    parts: tuple[AskedItem, ...] = ()

    @property
    def items(self) -> tuple[AskedItem, ...]:
        return (self.item, *self.parts)


@dataclass(frozen=True)
class AskedExtra:
    """A question of the consultant's own, shown only if an earlier one has one of some answers."""

    key: str
    number: int
    kind: str
    wording: dict[str, str]
    options: tuple[dict[str, str], ...]
    is_required: bool
    # The number of the question that decides whether this one is shown; 0: always shown.
    parent: int = 0
    places: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        return f"x{self.number}"

    @property
    def is_list(self) -> bool:
        return self.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)

    def text(self, language: str) -> str:
        return text_in(self.wording, language) or str(self.number)


@dataclass(frozen=True)
class Questionnaire:
    survey_id: int
    # Part of every key that something is kept under: the survey as it was opened, once and for ever.
    frozen_at: datetime | None
    brand: str
    language: str
    languages: tuple[tuple[str, str], ...]
    scale_max: int
    asks_importance: bool
    # How many of the moments a customer may pick as the most important; 0: not asked that way.
    picks: int
    # Beside the critical moments, how many are drawn for each customer; None: everybody is asked about all.
    drawn: int | None
    asks_overall: bool
    asks_effort: bool
    asks_nps: bool
    asks_comment: bool
    # Never of an anonymous one, where a tick would say who answered.
    asks_contact: bool
    moments: tuple[AskedMoment, ...]
    extras: tuple[AskedExtra, ...]
    vocabulary: dict[str, Words] = field(compare=False, repr=False)

    def words(self, language: str) -> Words:
        return self.vocabulary[language]

    @cached_property
    def threads(self) -> tuple[tuple[AskedExtra, ...], ...]:
        """Each extra question that is always shown, with those that depend on it."""
        root: dict[int, int] = {}
        for extra in self.extras:
            root[extra.number] = root[extra.parent] if extra.parent else extra.number
        heads = [extra.number for extra in self.extras if not extra.parent]
        return tuple(tuple(extra for extra in self.extras if root[extra.number] == head) for head in heads)

    def drawn_for(self, seed: bytes) -> "Questionnaire":
        """As one customer is asked: the critical moments and `drawn` others, the same ones whenever the
        seed is the same. What is not drawn is not asked, which is a state of its own (no row).
        """
        if self.drawn is None:
            return self
        others = [moment.item.number for moment in self.moments if not moment.item.is_critical]
        others.sort(key=lambda number: hmac.digest(seed, number.to_bytes(4, "big"), "sha256"))
        left_out = set(others[self.drawn :])
        chosen = tuple(moment for moment in self.moments if moment.item.number not in left_out)
        # A survey without critical moments that draws none would ask nothing.
        return replace(self, drawn=None, moments=chosen or self.moments)

    @property
    def choice(self) -> tuple[int, ...]:
        """Which moments these are: part of the key that a drawn page is kept under."""
        return tuple(moment.item.number for moment in self.moments)

    @property
    def n_moments(self) -> int:
        """How many each customer is asked about."""
        if self.drawn is None:
            return len(self.moments)
        critical = sum(moment.item.is_critical for moment in self.moments)
        return min(len(self.moments), critical + self.drawn) or len(self.moments)

    @property
    def length(self) -> int:
        """How many questions a customer counts: moments, and what is asked once."""
        once = bool(self.picks) + self.asks_overall + self.asks_effort + self.asks_nps
        once += self.asks_comment + self.asks_contact
        return self.n_moments + once + len(self.threads)

    @property
    def minutes(self) -> int:
        items = sum(len(moment.items) for moment in self.moments)
        share = self.n_moments / len(self.moments) if self.moments else 0
        once = bool(self.picks) * 2 + self.asks_overall + self.asks_effort + self.asks_nps
        scales = share * (items + self.asks_importance * len(self.moments)) + once
        written = int(self.asks_comment)
        for head, *_more in self.threads:
            if head.kind == QuestionKind.LONG_TEXT:
                written += 1
            else:
                scales += 1
        return max(1, round((scales * SECONDS_A_SCALE + written * SECONDS_FOR_WRITING) / 60))

    @cached_property
    def names(self) -> frozenset[str]:
        """Of every field of the form."""
        once = {"overall", "effort", "nps", "comment", "contact", "p"}
        rated = {f"{kind}{item.number}" for moment in self.moments for item in moment.items for kind in "wis"}
        return frozenset(once | rated | {extra.name for extra in self.extras})


_kept: dict[tuple[int, datetime], Questionnaire] = {}


def questionnaire_of(survey: Survey, items: Sequence[Item] | None = None) -> Questionnaire:
    """Pass the items of a draft, which are not stored yet (`instrument.items_of`)."""
    if survey.frozen_at is None or items is not None:
        return _read(survey, survey.items.all() if items is None else items)
    key = (survey.pk, survey.frozen_at)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        if survey.get_deferred_fields():
            survey = Survey.objects.get(pk=survey.pk)
        found = _kept[key] = _read(survey, survey.items.all())
    return found


def _read(survey: Survey, items: Iterable[Item]) -> Questionnaire:
    languages = tuple(offered(survey))
    return Questionnaire(
        survey_id=survey.pk,
        frozen_at=survey.frozen_at,
        brand=survey.brand,
        language=survey.language,
        languages=languages,
        scale_max=survey.scale_max,
        asks_importance=survey.importance == Importance.RATED,
        picks=survey.picks if survey.importance == Importance.PICKS else 0,
        drawn=survey.drawn,
        asks_overall=survey.asks_overall,
        asks_effort=survey.asks_effort,
        asks_nps=survey.asks_nps,
        asks_comment=survey.asks_comment,
        asks_contact=survey.asks_contact and not survey.is_anonymous,
        moments=tuple(_moments(items)),
        extras=tuple(_extras(survey.questions.all())),
        vocabulary={code: words_of(survey, code) for code, _name in languages},
    )


def _moments(items: Iterable[Item]) -> list[AskedMoment]:
    """A requirement stands under its moment, which is asked about right before it; one whose moment is not
    asked about stands alone."""
    found: list[AskedMoment] = []
    under: int | None = None
    for number, item in enumerate(items, 1):
        asked = AskedItem(item.pk, number, item.wording, item.stage, item.is_critical, item.is_requirement)
        if item.is_requirement and found and (item.moment_id == under or item.moment_id is None):
            found[-1] = replace(found[-1], parts=(*found[-1].parts, asked))
            continue
        found.append(AskedMoment(asked))
        # Nothing belongs under a requirement, even of the same moment.
        under = -1 if item.is_requirement else item.moment_id
    return found


def _extras(questions: Iterable[Question]) -> list[AskedExtra]:
    found: list[AskedExtra] = []
    numbers: dict[int, int] = {}
    for number, question in enumerate(questions, 1):
        numbers[question.pk] = number
        # Only an earlier question can decide; without one a question is shown to everybody.
        parent = numbers.get(question.shown_if_id or 0, 0)
        found.append(
            AskedExtra(
                key=str(question.pk),
                number=number,
                kind=question.kind,
                wording=question.wording,
                options=tuple(question.options),
                is_required=question.is_required,
                parent=parent if parent != number else 0,
                places=frozenset(question.shown_if_options),
            )
        )
    return found


def text_in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next((text for text in texts.values() if text), "")
