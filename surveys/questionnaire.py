"""What a survey asks. Of an opened survey nothing ever changes, so a process works it out once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.models import Item, Survey

# Enough for every survey that is open at a time; a process that has met more starts afresh.
KEPT = 300
SECONDS_A_SCALE = 6
SECONDS_FOR_THE_REST = 30
COMMENT_LIMIT = 4000


@dataclass(frozen=True)
class Question:
    """One moment asked about. Its place in the form, not its key, names its fields: w1, i1, s1."""

    item_id: int
    number: int
    wording: dict[str, str]
    stage: dict[str, str]

    def text(self, language: str) -> str:
        return self.wording.get(language) or next(iter(self.wording.values()), str(self.number))

    def stage_name(self, language: str) -> str:
        return self.stage.get(language) or next(iter(self.stage.values()), "")


@dataclass(frozen=True)
class Questionnaire:
    survey_id: int
    # Part of every key that something is kept under: the survey as it was opened, once and for ever.
    frozen_at: datetime | None
    brand: str
    address: str
    language: str
    scale_max: int
    asks_importance: bool
    asks_overall: bool
    asks_nps: bool
    asks_comment: bool
    questions: tuple[Question, ...]

    @property
    def length(self) -> int:
        """How many questions a customer counts: moments, and what is asked once."""
        return len(self.questions) + self.asks_overall + self.asks_nps + self.asks_comment

    @property
    def minutes(self) -> int:
        scales = len(self.questions) * (1 + self.asks_importance) + self.asks_overall + self.asks_nps
        return max(1, round((scales * SECONDS_A_SCALE + self.asks_comment * SECONDS_FOR_THE_REST) / 60))


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
        found = _kept[key] = _read(survey, survey.items.all())
    return found


def _read(survey: Survey, items: Iterable[Item]) -> Questionnaire:
    return Questionnaire(
        survey_id=survey.pk,
        frozen_at=survey.frozen_at,
        brand=survey.brand,
        address=survey.address,
        language=survey.language,
        scale_max=survey.scale_max,
        asks_importance=survey.asks_importance,
        asks_overall=survey.asks_overall,
        asks_nps=survey.asks_nps,
        asks_comment=survey.asks_comment,
        questions=tuple(
            Question(item.pk, number, item.wording, item.stage) for number, item in enumerate(items, 1)
        ),
    )
