"""The page of questions. Of an opened survey all but its end is the same for everyone: it is drawn
and compressed once a process, and each request adds the few lines that are the customer's own.
"""

import zlib
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from django.conf import settings
from django.template import Engine
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from cyclemap.stencil import fill
from surveys.form_cards import CardMaker, Typed, taken_over
from surveys.languages import direction
from surveys.questionnaire import KEPT, Questionnaire
from surveys.wording import Words

# Stands in the drawn page where the customer's own lines go; no text of a client can hold it.
SEAM = "\0"
GZIP = 31  # zlib's way of asking for a gzip stream


class Mode(Enum):
    """Whose answers these will be, which the page says truthfully."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    OPEN = "open"
    KIOSK = "kiosk"

    @property
    def is_open(self) -> bool:
        """Through a link for whoever comes by."""
        return self in (Mode.OPEN, Mode.KIOSK)


def facts(asked: Questionnaire, say: Words, mode: Mode) -> list[tuple[str, str]]:
    """What it takes, and who will know what."""
    effort = say.say(
        "effort",
        questions=say.count("questions", asked.length),
        minutes=say.count("minutes", asked.minutes),
    )
    who = {
        Mode.NAMED: (say["together"], say.say("nameless", brand=asked.brand)),
        Mode.ANONYMOUS: (say["anonymous"], say["anonymous_how"]),
    }.get(mode, (say["together"], say["open_how"]))
    return [(effort[:1].upper() + effort[1:], say["skip"]), who]


def draw(
    asked: Questionnaire,
    say: Words,
    end: str,
    typed: Typed | None = None,
    *,
    mode: Mode = Mode.NAMED,
    start: str = "",
    is_preview: bool = False,
) -> str:
    """The whole page. `start`: where a kiosk goes back to."""
    faults = typed.reading.faults if typed and typed.reading else []
    missing = sum(fault.is_missing for fault in faults)
    cards = CardMaker(asked, say, typed).cards()
    context = {
        "brand": asked.brand,
        "words": say,
        "dir": direction(say.language),
        "title": say.say("title", brand=asked.brand),
        "facts": facts(asked, say, mode),
        "total": str(asked.length),
        "cards": cards,
        "next": next((card.number for card in cards if not card.is_begun), ""),
        "others": [(code, name) for code, name in asked.languages if code != say.language],
        "switch_sends": not is_preview,
        "notice": typed.notice if typed else "",
        "is_calm": bool(typed and typed.is_calm),
        "from_mail": taken_over(cards, typed.from_mail, say) if typed else [],
        "missing": say.count("missing", missing) if missing else "",
        "faults": [(fault, say.say("go_to", question=fault.question)) for fault in faults],
        "only_gaps": bool(typed and typed.reading and typed.reading.only_gaps),
        "is_preview": is_preview,
        "saves": mode is Mode.NAMED and not is_preview,
        "is_kiosk": mode is Mode.KIOSK,
        "keeps_nothing": mode.is_open,
        "start": start,
        "end": end,
    }
    return render_to_string("surveys/public/form.html", context)


@dataclass(frozen=True)
class End:
    """What is the customer's own: the page's mark, until when, the way out. Without a mark: a preview."""

    mark: str = ""
    no_more_path: str = ""
    closes_on: date | None = None


def draw_end(say: Words, end: End, mode: Mode = Mode.NAMED) -> str:
    if mode.is_open:
        until = ""
    elif end.closes_on:
        until = say.say("until", date=day(end.closes_on, say.language))
    else:
        until = say["yours"]
    row = {
        "mark": end.mark,
        "no_more_path": end.no_more_path,
        "until": until,
        "send": say["send"],
        "save": "" if mode.is_open else say["save"],
        "no_more": say["no_more"],
    }
    return fill(Engine.get_default().get_template("surveys/public/_form_end.html"), row)


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


def zipped(page: bytes) -> bytes:
    """A page drawn for one customer, who has what is secret in it from its address already."""
    zipper = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    return zipper.compress(page) + zipper.flush()


_drawn: dict[tuple[object, ...], Drawn] = {}


def drawn(asked: Questionnaire, language: str, mode: Mode = Mode.NAMED, start: str = "") -> Drawn:
    """Kept by what is asked: of drawn moments each choice is a page of its own."""
    key = (asked.survey_id, asked.frozen_at, language, mode, start, asked.choice)
    found = _drawn.get(key)
    if found is None or settings.DEBUG:
        if len(_drawn) >= KEPT:
            _drawn.clear()
        page = draw(asked, asked.words(language), SEAM, mode=mode, start=start)
        found = _drawn[key] = Drawn(page)
    return found
