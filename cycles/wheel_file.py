"""The wheel as a file of its own: with the name of its cycle, whose answers it shows, and its key."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cyclemap.svg import FONT, INK, INK_2, PAPER, SATISFACTION, ellipsis, num, text_width
from cycles.drawing import counts, wheel_of
from cycles.models import Cycle
from cycles.outline import outline_of
from cycles.scores import Scores
from cycles.wheel import Wheel

MARGIN = 32.0
HEAD, LINE = 92.0, 26.0
LEAST = 760.0
TEXT = 13.0
# How wide the sign before each line of the key is.
SIGNS = {"ramp": 108.0, "size": 50.0, "critical": 26.0, "blank": 26.0, "few": 26.0}


@dataclass(frozen=True)
class KeyItem:
    sign: str
    text: str
    x: str
    y: str
    text_x: str
    text_y: str


@dataclass(frozen=True)
class WheelFile:
    wheel: Wheel
    title: str
    about: str
    width: str
    height: str
    wheel_x: str
    wheel_y: str
    key: tuple[KeyItem, ...]
    ramp: tuple[str, ...] = tuple(SATISFACTION[step][0] for step in range(1, 6))
    margin: str = num(MARGIN)
    font: str = FONT
    paper: str = PAPER
    ink: str = INK
    ink_2: str = INK_2


def key_texts(scale: tuple[int, int]) -> list[tuple[str, str]]:
    """What colours and shapes mean, as the page says it too."""
    low, high = scale
    return [
        ("ramp", _("satisfaction, from %(low)d to %(high)d") % {"low": low, "high": high}),
        ("size", _("the larger, the more important")),
        ("critical", _("critical: it decides the whole opinion")),
        ("blank", _("hatched: nobody has rated it")),
        ("few", _("outline only: not enough answers")),
    ]


def wheel_file(cycle: Cycle, scores: Scores, survey: str) -> WheelFile:
    outline = outline_of(cycle, scores)
    wheel = wheel_of(cycle, scores=scores, outline=outline)
    left, top, right, bottom = wheel.bounds
    width = max(LEAST, right - left + 2 * MARGIN)
    key, rows = place_key(key_texts(scores.scale), width, HEAD + (bottom - top) + 28)
    about = ", ".join(filter(None, (str(cycle.client), survey, counts(outline))))
    return WheelFile(
        wheel=wheel,
        title=ellipsis(str(cycle), width - 2 * MARGIN, 26, 600),
        about=ellipsis(about, width - 2 * MARGIN, 14),
        width=num(width),
        height=num(HEAD + (bottom - top) + 28 + rows * LINE + 14),
        wheel_x=num(width / 2),
        wheel_y=num(HEAD - top),
        key=key,
    )


def place_key(texts: list[tuple[str, str]], width: float, top: float) -> tuple[tuple[KeyItem, ...], int]:
    """From the left, in as many lines as it takes; and how many those are."""
    x, row = MARGIN, 0
    items = []
    for sign, text in texts:
        wide = SIGNS[sign] + text_width(text, TEXT) + 24
        if x > MARGIN and x + wide - 24 > width - MARGIN:
            x, row = MARGIN, row + 1
        y = top + row * LINE
        items.append(KeyItem(sign, text, num(x), num(y), num(x + SIGNS[sign]), num(y + 4.5)))
        x += wide
    return tuple(items), row + 1


def as_svg(drawn: WheelFile) -> str:
    body = render_to_string("cycles/wheel_file.svg", {"file": drawn, "wheel": drawn.wheel}).strip()
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
