"""What a customer answered, as numbers and texts, and what is missing or wrong in it."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import NamedTuple

# How a survey of picks keeps its answers, as importance: of a moment that was listed and not picked, of a
# picked one; none where the question was left blank. The analysis counts them so (prioritization/analysis).
NOT_PICKED, PICKED = 1, 2
EFFORT_MAX = 7

# PostgreSQL refuses NUL, and no other control character was typed by a person.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# Of a list of options the places chosen, from 0 (one: a number; several: a list); a number; a text.
Extra = int | float | str | list[int]


class Rated(NamedTuple):
    """One item of one answer. Lived and without number: seen, and left blank."""

    item_id: int
    importance: int | None
    satisfaction: int | None
    experienced: bool

    @property
    def is_blank(self) -> bool:
        return self.experienced and self.importance is None and self.satisfaction is None


@dataclass(frozen=True)
class Answers:
    ratings: tuple[Rated, ...]
    overall: int | None
    nps: int | None
    comment: str
    effort: int | None = None
    # By the key of the question; what was not answered is not there.
    extra: dict[str, Extra] = field(default_factory=dict)
    # Asks to be contacted, which is reason enough to send.
    wants_contact: bool = False

    @property
    def is_empty(self) -> bool:
        numbers = (self.overall, self.nps, self.effort)
        once = all(number is None for number in numbers) and not (
            self.comment or self.extra or self.wants_contact
        )
        return once and all(rating.is_blank for rating in self.ratings)

    @property
    def digest(self) -> str:
        """Equal for equal answers, whatever else the form carried."""
        rows = [[r.item_id, r.importance, r.satisfaction, r.experienced] for r in self.ratings]
        once = [self.overall, self.nps, self.comment, self.effort, self.extra]
        if self.wants_contact:
            once.append("contact")
        text = json.dumps([rows, *once])
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Something at one question. A gap may be left blank on purpose; what is wrong may not be."""

    anchor: str
    question: str
    message: str
    is_gap: bool
    is_missing: bool = False


@dataclass
class Reading:
    answers: Answers
    faults: list[Fault] = field(default_factory=list)

    @property
    def only_gaps(self) -> bool:
        return bool(self.faults) and all(fault.is_gap for fault in self.faults)

    def message(self, anchor: str) -> str:
        return next((fault.message for fault in self.faults if fault.anchor == anchor), "")


def clean_text(text: str) -> str:
    """As typed, with one kind of line end, as browsers count them for `maxlength`."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
