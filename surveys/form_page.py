"""The page of questions. Of an opened survey all but its end is the same for everyone: it is drawn
and compressed once a process, and each request adds the few lines that are the customer's own.
"""

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.template import Engine
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from cyclemap.stencil import fill
from surveys.answers import Reading
from surveys.questionnaire import COMMENT_LIMIT, KEPT, Questionnaire
from surveys.wording import OWN_NAMES, Words, words

# Stands in the drawn page where the customer's own lines go; no text of a client can hold it.
SEAM = "\0"
GZIP = 31  # zlib's way of asking for a gzip stream


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    spoken: str
    checked: bool


@dataclass(frozen=True)
class Scale:
    name: str
    legend: str
    options: tuple[Option, ...]
    low: str
    high: str
    columns: str
    error: str


@dataclass(frozen=True)
class Card:
    """One question as the customer counts them: a moment, or what is asked once at the end."""

    number: str
    progress: str
    heading: str
    stage: str
    went: Scale | None
    scales: tuple[Scale, ...]
    asks_comment: bool = False


@dataclass(frozen=True)
class Typed:
    """What a refused form carried, to be shown again with what is wrong with it."""

    data: dict[str, str]
    reading: Reading
    notice: str = ""

    def error(self, name: str) -> str:
        return self.reading.message(name)


class CardMaker:
    def __init__(self, asked: Questionnaire, say: Words, typed: Typed | None) -> None:
        self.asked = asked
        self.say = say
        self.typed = typed

    def cards(self) -> list[Card]:
        asked, say = self.asked, self.say
        cards = [self.moment(question.number) for question in asked.questions]
        number = len(cards)
        if asked.asks_overall:
            number += 1
            scale = self.scale(
                "overall", say.say("overall", brand=asked.brand), 1, asked.scale_max, "satisfaction_words"
            )
            cards.append(self.card(number, say["overall_heading"], scales=(scale,)))
        if asked.asks_nps:
            number += 1
            scale = self.scale("nps", say.say("nps", brand=asked.brand), 0, 10, "nps_words")
            cards.append(self.card(number, say["nps_heading"], scales=(scale,)))
        if asked.asks_comment:
            cards.append(self.card(number + 1, say["comment_heading"], asks_comment=True))
        return cards

    def moment(self, n: int) -> Card:
        question, say = self.asked.questions[n - 1], self.say
        went = self.choice(
            f"w{n}", say["went"], [("y", say["yes"], ""), ("n", say["no"], "")], "two", ("", "")
        )
        scales = [self.scale(f"s{n}", say["satisfaction"], 1, self.asked.scale_max, "satisfaction_words")]
        if self.asked.asks_importance:
            scales.insert(
                0, self.scale(f"i{n}", say["importance"], 1, self.asked.scale_max, "importance_words")
            )
        stage = question.stage_name(say.language)
        before = self.asked.questions[n - 2].stage_name(say.language) if n > 1 else ""
        return self.card(
            n, question.text(say.language), stage if stage != before else "", went, tuple(scales)
        )

    def card(
        self,
        n: int,
        heading: str,
        stage: str = "",
        went: Scale | None = None,
        scales: tuple[Scale, ...] = (),
        *,
        asks_comment: bool = False,
    ) -> Card:
        progress = self.say.say("progress", n=n, total=self.asked.length)
        return Card(str(n), progress, heading, stage, went, scales, asks_comment)

    def scale(self, name: str, legend: str, low: int, high: int, words_key: str) -> Scale:
        """Each number has its word where there are as many words; else only the ends have one."""
        spoken = self.say.spoken(words_key)
        numbers = range(low, high + 1)
        if len(spoken) != len(numbers):
            spoken = [spoken[0], *[""] * (len(numbers) - 2), spoken[-1]]
        options = [(str(n), str(n), word) for n, word in zip(numbers, spoken, strict=True)]
        columns = {5: "five", 7: "seven", 10: "five", 11: "six"}[len(numbers)]
        return self.choice(name, legend, options, columns, (spoken[0].capitalize(), spoken[-1].capitalize()))

    def choice(
        self,
        name: str,
        legend: str,
        options: list[tuple[str, str, str]],
        columns: str,
        ends: tuple[str, str],
    ) -> Scale:
        chosen = self.typed.data.get(name, "") if self.typed else ""
        return Scale(
            name=name,
            legend=legend,
            options=tuple(Option(value, label, spoken, value == chosen) for value, label, spoken in options),
            low=ends[0],
            high=ends[1],
            columns=columns,
            error=self.typed.error(name) if self.typed else "",
        )


def draw(
    asked: Questionnaire, say: Words, end: str, typed: Typed | None = None, *, is_preview: bool = False
) -> str:
    """The whole page."""
    effort = say.say(
        "effort",
        questions=say.count("questions", asked.length),
        minutes=say.count("minutes", asked.minutes),
    )
    faults = typed.reading.faults if typed else []
    gaps = sum(fault.is_gap for fault in faults)
    context = {
        "brand": asked.brand,
        "words": say,
        "title": say.say("title", brand=asked.brand),
        "effort": effort[:1].upper() + effort[1:],
        "total": str(asked.length),
        "cards": CardMaker(asked, say, typed).cards(),
        "others": other_languages(say.language),
        "comment": typed.data.get("comment", "") if typed else "",
        "comment_error": typed.error("comment") if typed else "",
        "comment_limit": str(COMMENT_LIMIT),
        "notice": typed.notice if typed else "",
        "missing": say.count("missing", gaps) if gaps else "",
        "faults": [(fault, say.say("go_to", question=fault.question)) for fault in faults],
        "only_gaps": bool(typed and typed.reading.only_gaps),
        "is_preview": is_preview,
        "end": end,
    }
    return render_to_string("surveys/public/form.html", context)


def draw_end(say: Words, *, mark: str = "", no_more_path: str = "", closes_on: date | None = None) -> str:
    """What is the customer's own: the page's mark, until when, the way out. Without a mark: a preview."""
    until = say.say("until", date=day(closes_on, say.language)) if closes_on else say["yours"]
    row = {
        "mark": mark,
        "no_more_path": no_more_path,
        "until": until,
        "send": say["send"],
        "no_more": say["no_more"],
    }
    return fill(Engine.get_default().get_template("surveys/public/_form_end.html"), row)


def other_languages(language: str) -> list[tuple[str, str]]:
    return [(code, name) for code, name in OWN_NAMES.items() if code != language]


@lru_cache(maxsize=1024)
def day(moment: date, language: str) -> str:
    """15 de noviembre; November 15."""
    with translation.override(language):
        return date_format(moment, "MONTH_DAY_FORMAT")


class Drawn:
    """A page drawn but for its end, and its compressor as it stood there."""

    def __init__(self, page: str) -> None:
        start, _, close = page.partition(SEAM)
        self.start, self.close = start.encode(), close.encode()
        self._zipper = zlib.compressobj(6, zlib.DEFLATED, GZIP)
        self._zipped = self._zipper.compress(self.start) + self._zipper.flush(zlib.Z_SYNC_FLUSH)

    def plain(self, end: str) -> bytes:
        return self.start + end.encode() + self.close

    def zipped(self, end: str) -> bytes:
        """No reader can put a text of his own into this page, so compressing it gives nothing away."""
        zipper = self._zipper.copy()
        return self._zipped + zipper.compress(end.encode() + self.close) + zipper.flush()


_drawn: dict[tuple[int, datetime | None, str], Drawn] = {}


def drawn(asked: Questionnaire, language: str) -> Drawn:
    key = (asked.survey_id, asked.frozen_at, language)
    found = _drawn.get(key)
    if found is None or settings.DEBUG:
        if len(_drawn) >= KEPT:
            _drawn.clear()
        found = _drawn[key] = Drawn(draw(asked, words(language, asked.address), SEAM))
    return found
