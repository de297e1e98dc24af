"""Read a submitted form: numbers out, or what is missing and where. One pass, no form field per scale."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.questionnaire import COMMENT_LIMIT, Questionnaire
from surveys.wording import Words

# PostgreSQL refuses NUL, and no other control character was typed by a person.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Rated:
    """One moment of one answer. Lived and without number: seen, and left blank."""

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

    @property
    def is_empty(self) -> bool:
        asked_once = self.overall is None and self.nps is None and not self.comment
        return asked_once and all(rating.is_blank for rating in self.ratings)

    @property
    def digest(self) -> str:
        """Equal for equal answers, whatever else the form carried."""
        rows = [[r.item_id, r.importance, r.satisfaction, r.experienced] for r in self.ratings]
        text = json.dumps([rows, self.overall, self.nps, self.comment])
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Something at one question. A gap may be left blank on purpose; what is wrong may not be."""

    anchor: str
    question: str
    message: str
    is_gap: bool


@dataclass
class Reading:
    answers: Answers
    faults: list[Fault] = field(default_factory=list)

    @property
    def only_gaps(self) -> bool:
        return bool(self.faults) and all(fault.is_gap for fault in self.faults)

    def message(self, anchor: str) -> str:
        return next((fault.message for fault in self.faults if fault.anchor == anchor), "")


class Reader:
    """Goes through one form once."""

    def __init__(self, asked: Questionnaire, data: Mapping[str, str], say: Words) -> None:
        self.asked = asked
        self.data = data
        self.say = say
        self.language = say.language
        self.faults: list[Fault] = []

    def read(self) -> Reading:
        ratings = tuple(self.rating(question.item_id, question.number) for question in self.asked.questions)
        brand = self.asked.brand
        overall = (
            self.number("overall", 1, self.asked.scale_max, self.say.say("overall", brand=brand))
            if self.asked.asks_overall
            else None
        )
        nps = self.number("nps", 0, 10, self.say.say("nps", brand=brand)) if self.asked.asks_nps else None
        return Reading(Answers(ratings, overall, nps, self.comment()), self.faults)

    def rating(self, item_id: int, n: int) -> Rated:
        went = self.data.get(f"w{n}", "")
        if went == "n":
            # What the page hides then, the server ignores: a browser without :has() may still send it.
            return Rated(item_id, None, None, experienced=False)
        if went not in ("", "y"):
            self.fault(f"w{n}", n, "went", self.say["choose_went"])
        asks_importance = self.asked.asks_importance
        importance = self.scale(f"i{n}", n, "importance") if asks_importance else None
        satisfaction = self.scale(f"s{n}", n, "satisfaction")
        begun = went == "y" or importance is not None or satisfaction is not None
        if begun and asks_importance and importance is None:
            self.gap(f"i{n}", n, "importance")
        if begun and satisfaction is None:
            self.gap(f"s{n}", n, "satisfaction")
        return Rated(item_id, importance, satisfaction, experienced=True)

    def scale(self, name: str, n: int, question: str) -> int | None:
        return self.number(name, 1, self.asked.scale_max, self.named(n, question))

    def named(self, n: int, question: str) -> str:
        return f"{self.asked.questions[n - 1].text(self.language)}: {self.say[question]}"

    def number(self, name: str, low: int, high: int, question: str) -> int | None:
        value = self.data.get(name, "")
        if not value:
            return None
        # Not int() alone: it also takes " 3", "+3" and the digits of other scripts.
        if value.isascii() and value.isdigit() and len(value) <= 2 and low <= int(value) <= high:
            return int(value)
        message = self.say.say("choose", low=low, high=high)
        self.faults.append(Fault(name, question, message, is_gap=False))
        return None

    def gap(self, name: str, n: int, question: str) -> None:
        if any(fault.anchor == name for fault in self.faults):
            return
        message = self.say.say("choose", low=1, high=self.asked.scale_max)
        self.faults.append(Fault(name, self.named(n, question), message, is_gap=True))

    def fault(self, name: str, n: int, question: str, message: str) -> None:
        self.faults.append(Fault(name, self.named(n, question), message, is_gap=False))

    def comment(self) -> str:
        if not self.asked.asks_comment:
            return ""
        text = clean_text(self.data.get("comment", ""))
        if len(text) > COMMENT_LIMIT:
            message = self.say.say("too_long", limit=COMMENT_LIMIT, n=len(text))
            self.faults.append(Fault("comment", self.say["comment"], message, is_gap=False))
        return text


def read_answers(asked: Questionnaire, data: Mapping[str, str], say: Words) -> Reading:
    return Reader(asked, data, say).read()


def clean_text(text: str) -> str:
    """As typed, with one kind of line end, as browsers count them for `maxlength`."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
