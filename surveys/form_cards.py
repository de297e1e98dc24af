"""The questions as a customer counts them: one card a question, with everything a template prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from surveys.answers import EFFORT_MAX, Reading
from surveys.form_reader import Data, many
from surveys.models import QuestionKind
from surveys.questionnaire import (
    COMMENT_LIMIT,
    LONG_LIMIT,
    SHORT_LIMIT,
    AskedExtra,
    AskedItem,
    AskedMoment,
    Questionnaire,
    text_in,
)
from surveys.wording import Words

# The class of a scale in the style sheet, by how many points it has.
COLUMNS = {5: "five", 7: "seven", 10: "five", 11: "eleven"}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    spoken: str
    checked: bool
    # What static/css/survey.css shows while this one is chosen: "t3" shows question 3.
    marks: str = ""


@dataclass(frozen=True)
class Choice:
    """Radio buttons or boxes: side by side for numbers, below each other for texts."""

    name: str
    legend: str
    options: tuple[Option, ...]
    columns: str
    low: str = ""
    high: str = ""
    note: str = ""
    error: str = ""
    marks: str = ""
    several: bool = False
    is_choice: bool = True

    @property
    def is_filled(self) -> bool:
        return any(option.checked for option in self.options)


@dataclass(frozen=True)
class Writing:
    """A line, a longer text, a number."""

    name: str
    label: str
    value: str
    limit: int
    is_long: bool = False
    is_number: bool = False
    note: str = ""
    error: str = ""
    marks: str = ""
    is_choice: bool = False

    @property
    def is_filled(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True)
class Card:
    """One question as the customer counts them: a moment, or what is asked once at the end."""

    number: str
    progress: str
    heading: str
    stage: str = ""
    went: Choice | None = None
    fields: tuple[Choice | Writing, ...] = ()
    parts: tuple[Choice, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Something of it is answered."""
        choices = [self.went] if self.went else []
        return any(field.is_filled for field in (*choices, *self.fields, *self.parts))


@dataclass(frozen=True)
class Typed:
    """What a form carried, to be shown again: with its faults, in another language, or as saved."""

    data: Data
    reading: Reading | None = None
    notice: str = ""
    is_calm: bool = False  # the notice tells of no fault
    from_mail: tuple[str, ...] = ()  # the questions whose score was pressed in the mail

    def error(self, name: str) -> str:
        return self.reading.message(name) if self.reading else ""


class CardMaker:
    def __init__(self, asked: Questionnaire, say: Words, typed: Typed | None) -> None:
        self.asked = asked
        self.say = say
        self.typed = typed
        self.made: list[Card] = []

    def cards(self) -> list[Card]:
        asked, say = self.asked, self.say
        stage = ""
        for moment in asked.moments:
            of = moment.item.stage_name(say.language)
            self.moment(moment, of if of != stage else "")
            stage = of
        if asked.picks:
            self.add(say["picks_heading"], self.picks())
        if asked.asks_overall:
            legend = say.say("overall", brand=asked.brand)
            scale = self.scale("overall", legend, 1, asked.scale_max, "satisfaction_words")
            self.add(say["overall_heading"], scale)
        if asked.asks_effort:
            legend = say.say("effort_question", brand=asked.brand)
            self.add(say["effort_heading"], self.scale("effort", legend, 1, EFFORT_MAX, "effort_words"))
        if asked.asks_nps:
            legend = say.say("nps", brand=asked.brand)
            self.add(say["nps_heading"], self.scale("nps", legend, 0, 10, "nps_words"))
        for thread in asked.threads:
            self.add(say["extra_heading"], *(self.own(extra) for extra in thread))
        if asked.asks_comment:
            comment = Writing(
                "comment", say["comment"], self.value("comment"), COMMENT_LIMIT, is_long=True,
                note=say["optional"], error=self.error("comment"),
            )  # fmt: skip
            self.add(say["comment_heading"], comment)
        if asked.asks_contact:
            self.add(say["contact_heading"], self.contact())
        return self.made

    def add(self, heading: str, *fields: Choice | Writing, **others: Any) -> None:
        n = len(self.made) + 1
        progress = self.say.say("progress", n=n, total=self.asked.length)
        self.made.append(Card(str(n), progress, heading, fields=fields, **others))

    def moment(self, moment: AskedMoment, stage: str) -> None:
        item, say = moment.item, self.say
        went = self.choice(
            f"w{item.number}", say["went"], [("y", say["yes"], ""), ("n", say["no"], "")], columns="two"
        )
        fields = [self.satisfaction(item, say["satisfaction"])]
        if self.asked.asks_importance and not item.is_requirement:
            name = f"i{item.number}"
            fields.insert(0, self.scale(name, say["importance"], 1, self.asked.scale_max, "importance_words"))
        parts = tuple(self.satisfaction(part, part.text(say.language)) for part in moment.parts)
        self.add(item.text(say.language), *fields, stage=stage, went=went, parts=parts)

    def satisfaction(self, item: AskedItem, legend: str) -> Choice:
        return self.scale(f"s{item.number}", legend, 1, self.asked.scale_max, "satisfaction_words")

    def picks(self) -> Choice:
        """All moments asked about, in the order of the service, which is no ranking."""
        options = [
            (str(moment.item.number), moment.item.text(self.say.language), "")
            for moment in self.asked.moments
            if not moment.item.is_requirement
        ]
        legend = self.say.count("picks", self.asked.picks)
        return self.choice("p", legend, options, columns="list", several=True)

    def contact(self) -> Choice:
        """A box, and what ticking it brings."""
        say, brand = self.say, self.asked.brand
        tick = [("1", say["contact_tick"], "")]
        note = say.say("contact_how", brand=brand)
        return self.choice("contact", say["contact_ask"], tick, columns="list", several=True, note=note)

    def own(self, extra: AskedExtra) -> Choice | Writing:
        say, label = self.say, extra.text(self.say.language)
        common: dict[str, Any] = {
            "note": say["needed"] if extra.is_required else say["optional"],
            "marks": " ".join(f"c{number}" for number in self.conditions(extra)),
        }
        if extra.is_list:
            options = [
                (str(place), text_in(text, say.language) or str(place + 1), "")
                for place, text in enumerate(extra.options)
            ]
            several = extra.kind == QuestionKind.MULTIPLE
            shows = {place: self.shows(extra, place) for place in range(len(options))}
            return self.choice(
                extra.name, label, options, columns="list", several=several, shows=shows, **common
            )
        is_long = extra.kind == QuestionKind.LONG_TEXT
        return Writing(
            extra.name, label, self.value(extra.name), LONG_LIMIT if is_long else SHORT_LIMIT,
            is_long=is_long, is_number=extra.kind == QuestionKind.NUMBER, error=self.error(extra.name),
            **common,
        )  # fmt: skip

    def conditions(self, extra: AskedExtra) -> list[int]:
        """Its own condition and those of the questions that lead to it: hidden with any of them."""
        by_number = {each.number: each for each in self.asked.extras}
        found = []
        while extra.parent:
            found.append(extra.number)
            extra = by_number[extra.parent]
        return found

    def shows(self, extra: AskedExtra, place: int) -> str:
        shown = [e.number for e in self.asked.extras if e.parent == extra.number and place in e.places]
        return " ".join(f"t{number}" for number in shown)

    def scale(self, name: str, legend: str, low: int, high: int, words_key: str) -> Choice:
        """Each number has its word where there are as many words; else only the ends have one."""
        spoken = self.say.spoken(words_key)
        numbers = range(low, high + 1)
        ends = (_capitalized(spoken[0]), _capitalized(spoken[-1]))
        if len(spoken) != len(numbers):
            spoken = [spoken[0], *[""] * (len(numbers) - 2), spoken[-1]]
        options = [(str(n), str(n), word) for n, word in zip(numbers, spoken, strict=True)]
        return self.choice(name, legend, options, columns=COLUMNS[len(numbers)], low=ends[0], high=ends[1])

    def choice(
        self,
        name: str,
        legend: str,
        options: list[tuple[str, str, str]],
        *,
        shows: dict[int, str] | None = None,
        **others: Any,
    ) -> Choice:
        chosen = set(many(self.typed.data, name)) if self.typed else set()
        return Choice(
            name=name,
            legend=legend,
            options=tuple(
                Option(value, label, spoken, value in chosen, (shows or {}).get(place, ""))
                for place, (value, label, spoken) in enumerate(options)
            ),
            error=self.error(name),
            **others,
        )

    def value(self, name: str) -> str:
        return next(iter(reversed(many(self.typed.data, name))), "") if self.typed else ""

    def error(self, name: str) -> str:
        return self.typed.error(name) if self.typed else ""


def taken_over(cards: Sequence[Card], names: Sequence[str], say: Words) -> list[tuple[str, str, str]]:
    """Of each score from the mail that is marked: the sentence, the question's place and the way there."""
    return [
        (
            say.say("from_mail", n=option.label, total=field.options[-1].label),
            field.name,
            say.say("go_to", question=field.legend),
        )
        for card in cards
        for field in card.fields
        if isinstance(field, Choice) and field.name in names
        for option in field.options
        if option.checked
    ]


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
