"""The stages of a wheel as arrows along its band, with their names set letter by letter. Geometry only."""

import unicodedata
from dataclasses import dataclass
from math import cos, degrees, radians, sin

from cyclemap.svg import STAGES, advances, ellipsis, num, point, polar, text_width

BAND_IN, BAND_OUT = 149.0, 176.0
BAND = (BAND_IN + BAND_OUT) / 2
CHEVRON = 8.0


@dataclass(frozen=True)
class StageOf:
    """A stage as the wheel needs it."""

    name: str
    colour: str
    count: int  # moments in it


@dataclass(frozen=True)
class ArcText:
    text: str
    size: str
    xs: str
    ys: str
    turns: str


@dataclass(frozen=True)
class Arc:
    name: str
    colour: str
    fill: str
    path: str
    text: ArcText | None
    start: float
    end: float


def place_arc(stage: StageOf, number: int, span: tuple[float, float], mini: bool) -> Arc:
    start, end = span
    text = None if mini else arc_name(stage.name, number, start, end)
    return Arc(stage.name, stage.colour, STAGES[stage.colour], chevron(start, end), text, start, end)


def chevron(start: float, end: float) -> str:
    """A sector shaped like an arrow, so that the direction needs no other sign."""
    tip = degrees(CHEVRON / BAND)
    large = 1 if end - start > 180 else 0
    outer, inner = num(BAND_OUT), num(BAND_IN)
    return (
        f"M{point(BAND_OUT, start)}A{outer} {outer} 0 {large} 1 {point(BAND_OUT, end)}"
        f"L{point(BAND, end + tip)}L{point(BAND_IN, end)}"
        f"A{inner} {inner} 0 {large} 0 {point(BAND_IN, start)}L{point(BAND, start + tip)}Z"
    )


def arc_name(name: str, number: int, start: float, end: float) -> ArcText:
    """The name on the band in the largest size that fits, cut if it must be, else the number."""
    room = radians(end - start) * BAND - 22
    middle = (start + end) / 2 + degrees(CHEVRON / 2 / BAND)
    name = plain(name)
    for size in (14.0, 12.0):
        if name and arc_width(name, size) <= room:
            return arc_text(name, middle, size)
    cut = ellipsis(name, room * 0.96, 12, 600) if name else ""
    return arc_text(cut, middle, 12) if len(cut) > 5 else arc_text(str(number), middle, 12.5)


def plain(name: str) -> str:
    """What can be set letter by letter: no emoji, no joining marks; "" for writing that must be shaped."""
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in name):
        return ""
    kept = (char for char in name if ord(char) < 0xFE00 and unicodedata.category(char)[0] not in "MC")
    return " ".join("".join(kept).split())


def arc_width(text: str, size: float) -> float:
    return text_width(text, size, 600) + 0.02 * size * (len(text) - 1)


def arc_text(text: str, middle: float, size: float) -> ArcText:
    """Each glyph with its own place and turn: no renderer needs textPath. Reads upright."""
    cap = 0.72 * size
    flip = 90 < middle % 360 < 270
    radius = BAND + cap / 2 if flip else BAND - cap / 2
    at = -arc_width(text, size) / 2
    xs, ys, turns = [], [], []
    for width in advances(text, size, 600):
        width += 0.02 * size
        swing = degrees((at + width / 2) / radius)
        angle = middle - swing if flip else middle + swing
        turn = angle - 180 if flip else angle
        x, y = polar(radius, angle)
        xs.append(num(x - cos(radians(turn)) * width / 2))
        ys.append(num(y - sin(radians(turn)) * width / 2))
        turns.append(str(round((turn + 180) % 360 - 180)))
        at += width
    return ArcText(text, num(size), " ".join(xs), " ".join(ys), " ".join(turns))
