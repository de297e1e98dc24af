"""Read a submitted form: numbers out, or what is missing and where. One pass, no form field per scale."""

import re
from collections.abc import Callable, Mapping, Sequence

from surveys.answers import EFFORT_MAX, NOT_PICKED, PICKED, Answers, Extra, Fault, Rated, Reading, clean_text
from surveys.models import QuestionKind
from surveys.questionnaire import (
    COMMENT_LIMIT,
    LONG_LIMIT,
    SHORT_LIMIT,
    AskedExtra,
    AskedItem,
    AskedMoment,
    Questionnaire,
)
from surveys.wording import Words

# The fields of a form by name, as many values as were sent of each.
Data = Mapping[str, str | Sequence[str]]
NUMBER = re.compile(r"[-+]?[0-9]{1,12}([.,][0-9]{1,6})?")


def one(data: Data, name: str) -> str:
    """The last value, as browsers and Django have it."""
    value = data.get(name, "")
    return value if isinstance(value, str) else value[-1] if value else ""


def many(data: Data, name: str) -> Sequence[str]:
    value = data.get(name, ())
    return [value] if isinstance(value, str) else value


def read_answers(asked: Questionnaire, data: Data, say: Words) -> Reading:
    return Reader(asked, data, say).read()


class Reader:
    """Goes through one form once."""

    def __init__(self, asked: Questionnaire, data: Data, say: Words) -> None:
        self.asked = asked
        self.data = data
        self.say = say
        self.language = say.language
        self.faults: list[Fault] = []
        # What a page sends, as browsers send it; each other spelling is looked at closely.
        self.plain = {str(number): number for number in range(1, asked.scale_max + 1)}

    def read(self) -> Reading:
        """In the order of the page, so that the summary of what is missing is in that order too."""
        asked, brand = self.asked, self.asked.brand
        lived = [rated for moment in asked.moments for rated in self.moment(moment)]
        ratings = self.picked(lived) if asked.picks else lived
        overall = effort = nps = None
        if asked.asks_overall:
            overall = self.number("overall", 1, asked.scale_max, lambda: self.say.say("overall", brand=brand))
        if asked.asks_effort:
            effort = self.number(
                "effort", 1, EFFORT_MAX, lambda: self.say.say("effort_question", brand=brand)
            )
        if asked.asks_nps:
            nps = self.number("nps", 0, 10, lambda: self.say.say("nps", brand=brand))
        extra = self.extra()
        comment = self.comment()
        contact = asked.asks_contact and one(self.data, "contact") == "1"
        answers = Answers(tuple(ratings), overall, nps, comment, effort, extra, wants_contact=contact)
        return Reading(answers, self.faults)

    def moment(self, moment: AskedMoment) -> list[Rated]:
        item = moment.item
        went = one(self.data, f"w{item.number}")
        if went == "n":
            # What the page hides then, the server ignores: a browser without :has() may still send it.
            return [Rated(one_of.item_id, None, None, experienced=False) for one_of in moment.items]
        if went not in ("", "y"):
            self.fault(f"w{item.number}", self.named(item, "went"), self.say["choose_went"])
        asks_importance = self.asked.asks_importance and not item.is_requirement
        if went == "y" and asks_importance and not moment.parts:
            # What nearly every page sends: two plain numbers, to be read at once.
            weight = self.plain.get(one(self.data, f"i{item.number}"))
            score = self.plain.get(one(self.data, f"s{item.number}"))
            if weight and score:
                return [Rated(item.item_id, weight, score, experienced=True)]
        importance = self.scale(f"i{item.number}", item, "importance") if asks_importance else None
        scores = [self.scale(f"s{part.number}", part, "satisfaction") for part in moment.items]
        if went == "y" or importance is not None or any(score is not None for score in scores):
            if asks_importance and importance is None:
                self.gap(f"i{item.number}", item, "importance")
            for part, score in zip(moment.items, scores, strict=True):
                if score is None:
                    self.gap(f"s{part.number}", part, "satisfaction")
        weights = [importance, *[None] * len(moment.parts)]
        return [
            Rated(part.item_id, weight, score, experienced=True)
            for part, weight, score in zip(moment.items, weights, scores, strict=True)
        ]

    def picked(self, lived: list[Rated]) -> list[Rated]:
        """Of the moments asked about each was picked or not; left blank, nothing is known of any."""
        moments = {m.item.item_id: m.item.number for m in self.asked.moments if not m.item.is_requirement}
        numbers = {str(number): number for number in moments.values()}
        told = set(many(self.data, "p"))
        chosen = {numbers[value] for value in told if value in numbers}
        question = self.say.count("picks", self.asked.picks)
        if told - numbers.keys():
            self.fault("p", question, self.say["choose_option"])
        if len(chosen) > self.asked.picks:
            form = "too_many.one" if self.asked.picks == 1 else "too_many.other"
            self.fault("p", question, self.say.say(form, m=len(chosen), n=self.asked.picks))
        if not chosen:
            return lived
        return [
            Rated(
                r.item_id,
                PICKED if moments[r.item_id] in chosen else NOT_PICKED,
                r.satisfaction,
                r.experienced,
            )
            if r.item_id in moments
            else r
            for r in lived
        ]

    def extra(self) -> dict[str, Extra]:
        """What the page hides is neither taken nor missed."""
        found: dict[str, Extra] = {}
        places: dict[int, set[int]] = {}
        for extra in self.asked.extras:
            if extra.parent and not places.get(extra.parent, set()) & extra.places:
                continue
            if extra.is_list:
                chosen = self.chosen(extra)
                places[extra.number] = set(chosen)
                several = extra.kind == QuestionKind.MULTIPLE
                value: Extra | None = chosen if several else chosen[0] if chosen else None
            elif extra.kind == QuestionKind.NUMBER:
                value = self.written_number(extra)
            else:
                value = self.text(extra)
            if value is not None and value not in ("", []):
                found[extra.key] = value
            elif extra.is_required and not any(fault.anchor == extra.name for fault in self.faults):
                message, question = self.say["required"], extra.text(self.language)
                self.faults.append(Fault(extra.name, question, message, is_gap=False, is_missing=True))
        return found

    def chosen(self, extra: AskedExtra) -> list[int]:
        """The places of the options chosen, in their order."""
        several = extra.kind == QuestionKind.MULTIPLE
        told = set(many(self.data, extra.name) if several else [one(self.data, extra.name)]) - {""}
        places = {str(place): place for place in range(len(extra.options))}
        if told - places.keys():
            self.fault(extra.name, extra.text(self.language), self.say["choose_option"])
        return sorted(places[value] for value in told if value in places)

    def written_number(self, extra: AskedExtra) -> int | float | None:
        value = one(self.data, extra.name).strip().replace("\N{MINUS SIGN}", "-")
        if not value:
            return None
        if not NUMBER.fullmatch(value):
            self.fault(extra.name, extra.text(self.language), self.say["write_number"])
            return None
        number = float(value.replace(",", "."))
        return int(number) if number.is_integer() else number

    def text(self, extra: AskedExtra) -> str:
        limit = LONG_LIMIT if extra.kind == QuestionKind.LONG_TEXT else SHORT_LIMIT
        text = clean_text(one(self.data, extra.name))
        if extra.kind != QuestionKind.LONG_TEXT:
            text = text.replace("\n", " ")
        if len(text) > limit:
            message = self.say.say("too_long", limit=limit, n=len(text))
            self.fault(extra.name, extra.text(self.language), message)
        return text

    def comment(self) -> str:
        if not self.asked.asks_comment:
            return ""
        text = clean_text(one(self.data, "comment"))
        if len(text) > COMMENT_LIMIT:
            message = self.say.say("too_long", limit=COMMENT_LIMIT, n=len(text))
            self.fault("comment", self.say["comment"], message)
        return text

    def scale(self, name: str, item: AskedItem, question: str) -> int | None:
        plain = self.plain.get(one(self.data, name))
        if plain is not None:
            return plain
        return self.number(name, 1, self.asked.scale_max, lambda: self.named(item, question))

    def number(self, name: str, low: int, high: int, question: Callable[[], str]) -> int | None:
        """`question`: how it is called, worked out only for a fault, as that costs more than the rest."""
        value = one(self.data, name)
        if not value:
            return None
        # Not int() alone: it also takes " 3", "+3" and the digits of other scripts.
        if value.isascii() and value.isdigit() and len(value) <= 2 and low <= int(value) <= high:
            return int(value)
        self.fault(name, question(), self.say.say("choose", low=low, high=high))
        return None

    def named(self, item: AskedItem, question: str) -> str:
        return f"{item.text(self.language)}: {self.say[question]}"

    def gap(self, name: str, item: AskedItem, question: str) -> None:
        if any(fault.anchor == name for fault in self.faults):
            return
        message = self.say.say("choose", low=1, high=self.asked.scale_max)
        self.faults.append(Fault(name, self.named(item, question), message, is_gap=True, is_missing=True))

    def fault(self, name: str, question: str, message: str) -> None:
        self.faults.append(Fault(name, question, message, is_gap=False))
