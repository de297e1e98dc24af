"""The fields of a visit: drawn for a phone or a consultant's table, and read back. No database.

Of every moment: whether one went through it (`w3`) and six criteria (`c3_tone`), each a point of the
scale, "na", or nothing, which is no answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from surveys.answers import clean_text
from surveys.form_cards import Choice, Option
from surveys.models import Criterion, Item
from surveys.visits.wording import LABEL_OF
from surveys.wording import Words

NOT_APPLICABLE = "na"
NOTES_LIMIT = 4000
# Of any other field.
OTHER_LIMIT = 20
TIMES = ("arrived", "left")

Fields = Mapping[str, str]
# None: not applicable.
Scores = dict[tuple[int, str], int | None]


@dataclass(frozen=True)
class Card:
    number: int
    progress: str
    heading: str
    stage: str
    went: Choice
    fields: tuple[Choice, ...]


@dataclass(frozen=True)
class Fault:
    """`is_gap`: left empty, which may stay so; else wrong, which may not."""

    anchor: str
    question: str
    message: str
    is_gap: bool = False


@dataclass
class Reading:
    scores: Scores = field(default_factory=dict)
    arrived: time | None = None
    left: time | None = None
    notes: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def only_gaps(self) -> bool:
        return bool(self.faults) and all(fault.is_gap for fault in self.faults)

    def error(self, name: str) -> str:
        return next((fault.message for fault in self.faults if fault.anchor == name), "")


def name_of(number: int, criterion: str) -> str:
    return f"c{number}_{criterion}"


def names_of(items: Sequence[Item]) -> frozenset[str]:
    """Of every field that is kept while the form is half filled in."""
    rated = {name_of(n, criterion) for n in range(1, len(items) + 1) for criterion in Criterion.values}
    return frozenset({*rated, *(f"w{n}" for n in range(1, len(items) + 1)), *TIMES, "notes"})


def kept_fields(items: Sequence[Item], data: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What was typed, right or wrong, of the fields that the form has and no others."""
    found = {}
    for name in sorted(names_of(items) & data.keys()):
        limit = NOTES_LIMIT if name == "notes" else OTHER_LIMIT
        value = clean_text(data[name][-1])[:limit] if data[name] else ""
        if value:
            found[name] = value
    return found


def as_typed(
    items: Sequence[Item], scores: Scores, arrived: time | None, left: time | None, notes: str
) -> dict[str, str]:
    """A visit that was filled in, as the fields that would say the same."""
    typed = {"notes": notes}
    for name, at in zip(TIMES, (arrived, left), strict=True):
        typed[name] = f"{at:%H:%M}" if at else ""
    for number, item in enumerate(items, 1):
        for criterion in Criterion.values:
            if (item.pk, criterion) in scores:
                value = scores[item.pk, criterion]
                typed[name_of(number, criterion)] = NOT_APPLICABLE if value is None else str(value)
                typed[f"w{number}"] = "y"
    return {name: value for name, value in typed.items() if value}


# --- Drawing -----------------------------------------------------------------------------------------


def cards(
    items: Sequence[Item], typed: Fields, reading: Reading | None, highest: int, say: Words
) -> list[Card]:
    return [
        Card(
            number,
            say.say("progress", n=number, total=len(items)),
            item.text(say.language),
            item.stage.get(say.language, ""),
            _went(number, typed, reading, say),
            tuple(lines(number, typed, reading, highest, say)),
        )
        for number, item in enumerate(items, 1)
    ]


def _went(number: int, typed: Fields, reading: Reading | None, say: Words) -> Choice:
    name = f"w{number}"
    # Who scored something went through it, whether or not they said so.
    scored = any(typed.get(name_of(number, criterion)) for criterion in Criterion.values)
    chosen = typed.get(name) or ("y" if scored else "")
    options = tuple(
        Option(value, say[label], "", chosen == value) for value, label in (("y", "yes"), ("n", "no"))
    )
    return Choice(name, say["went"], options, "two", error=reading.error(name) if reading else "")


def lines(number: int, typed: Fields, reading: Reading | None, highest: int, say: Words) -> Iterable[Choice]:
    ends = say.spoken("satisfaction_words")
    for criterion in Criterion.values:
        name = name_of(number, criterion)
        options = [
            Option(str(point), str(point), "", typed.get(name) == str(point))
            for point in range(1, highest + 1)
        ]
        options.append(
            Option(NOT_APPLICABLE, say["visit_na"], say["visit_na_spoken"], typed.get(name) == NOT_APPLICABLE)
        )
        yield Choice(
            name,
            say[LABEL_OF[criterion]],
            tuple(options),
            "six",
            f"1 {ends[0]}",
            f"{highest} {ends[-1]}",
            error=reading.error(name) if reading else "",
        )


# --- Reading -----------------------------------------------------------------------------------------


def read(items: Sequence[Item], data: Fields, highest: int, say: Words) -> Reading:
    reading = Reading(notes=clean_text(data.get("notes", "")))
    for number, item in enumerate(items, 1):
        if data.get(f"w{number}") != "n":
            _read_moment(reading, number, item, data, highest, say)
    reading.arrived, reading.left = (_time(reading, name, data, say) for name in TIMES)
    if reading.arrived and reading.left and reading.left < reading.arrived:
        reading.faults.append(Fault("left", say["visit_left"], say["visit_backwards"]))
    if len(reading.notes) > NOTES_LIMIT:
        message = say.say("too_long", limit=NOTES_LIMIT, n=len(reading.notes))
        reading.faults.append(Fault("notes", say["visit_words"], message))
    return reading


def _read_moment(reading: Reading, number: int, item: Item, data: Fields, highest: int, say: Words) -> None:
    gaps = []
    before = len(reading.scores)
    for criterion in Criterion.values:
        name = name_of(number, criterion)
        value = data.get(name, "").strip()
        question = f"{item.text(say.language)}: {say[LABEL_OF[criterion]]}"
        message = say.say("visit_choose", low=1, high=highest)
        if value == NOT_APPLICABLE:
            reading.scores[item.pk, criterion] = None
        elif not value:
            gaps.append(Fault(name, question, message, is_gap=True))
        elif value.isascii() and value.isdigit() and 1 <= int(value[:3]) <= highest:
            reading.scores[item.pk, criterion] = int(value)
        else:
            reading.faults.append(Fault(name, question, message))
    # A moment that was not looked at is no gap; one that was begun, or gone through, is to be completed.
    if data.get(f"w{number}") == "y" or len(reading.scores) > before:
        reading.faults += gaps


def _time(reading: Reading, name: str, data: Fields, say: Words) -> time | None:
    """18:05, 18:05:00; 6:05 as people write it."""
    typed = data.get(name, "").strip()
    if not typed:
        return None
    hours, _, minutes = typed.partition(":")
    minutes = minutes.partition(":")[0]
    is_written = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hours, minutes))
    if is_written and int(hours) < 24 and int(minutes) < 60:
        return time(int(hours), int(minutes))
    reading.faults.append(Fault(name, say[f"visit_{name}"], say["visit_bad_time"]))
    return None
