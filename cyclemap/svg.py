"""Drawing measures that know no app: numbers as SVG text, polar points, text widths, colours.

One SVG serves the browser and the PDF: every colour is a literal (the light theme), beside a class
by which charts.css recolours it on screen; text is placed by the font's own advances, never by the
renderer. Lengths are in viewBox units, angles in degrees from twelve o'clock, clockwise.
"""

import json
from functools import cache
from itertools import accumulate
from math import ceil, cos, floor, radians, sin
from pathlib import Path

from cyclemap.rounding import half_up

FONT = "Instrument Sans, system-ui, sans-serif"

INK, INK_2, INK_3 = "#14201B", "#45524B", "#5F6B65"
LINE, LINE_2, SURFACE, PAPER, BRAND = "#DFE3DC", "#C1C8BE", "#FFFFFF", "#FAFAF7", "#0F4B3D"

# Satisfaction in five steps, orange to blue: (fill, text on it). Step 0 is "no data".
SATISFACTION = {
    0: ("#FFFFFF", "#45524B"),
    1: ("#A83A06", "#FFFFFF"),
    2: ("#E59B69", "#14201B"),
    3: ("#EADFC9", "#14201B"),
    4: ("#93C3D6", "#14201B"),
    5: ("#14587F", "#FFFFFF"),
}
STAGES = {
    "a": "#6A5A9E",
    "b": "#96486F",
    "c": "#3F7552",
    "d": "#856A1E",
    "e": "#3B6E78",
    "f": "#5C6672",
    "g": "#85543F",
    "h": "#46588F",
}
# Words a line should not end in.
SHORT_WORDS = frozenset(
    [
        "de",
        "en",
        "el",
        "la",
        "a",
        "y",
        "o",
        "una",
        "un",
        "por",
        "con",
        "del",
        "al",
        "los",
        "las",
        "para",
        "of",
        "the",
        "to",
        "and",
        "for",
        "your",
        "at",
        "with",
        "an",
        "in",
        "on",
    ]
)


def num(value: float) -> str:
    """A coordinate: one decimal, no trailing `.0`, never a locale's comma."""
    text = f"{value:.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")


def polar(radius: float, angle: float) -> tuple[float, float]:
    turn = radians(angle)
    return radius * sin(turn), -radius * cos(turn)


def point(radius: float, angle: float) -> str:
    """`polar` as the two numbers of a path."""
    x, y = polar(radius, angle)
    return f"{num(x)} {num(y)}"


class Advances(dict[str, int]):
    """Width of each glyph of the shipped font in one weight; an unknown glyph counts as an average one."""

    def __missing__(self, char: str) -> int:
        return 560


@cache
def _advances() -> dict[int, Advances]:
    table = json.loads((Path(__file__).parent / "glyph_advances.json").read_text())
    return {int(weight): Advances(advances) for weight, advances in table.items()}


def advances(text: str, size: float, weight: int = 500) -> list[float]:
    table = _advances()[weight]
    return [table[char] * size / 1000 for char in text]


def text_width(text: str, size: float, weight: int = 500) -> float:
    return sum(map(_advances()[weight].__getitem__, text)) * size / 1000


def ellipsis(text: str, width: float, size: float, weight: int = 500) -> str:
    """The text, cut to `width` with an ellipsis where it is longer."""
    if text_width(text, size, weight) <= width:
        return text
    room = width - text_width("…", size, weight)
    ends = accumulate(advances(text, size, weight))
    return text[: sum(end <= room for end in ends)].rstrip() + "…"


def wrap(text: str, width: float, size: float, weight: int = 500) -> list[str]:
    """One line if it fits, else two: the shortest longer line, not ending in a short word."""
    if text_width(text, size, weight) <= width:
        return [text]
    words = text.split()
    if len(words) < 2:
        return [ellipsis(text, width * 1.12, size, weight)]

    def badness(k: int) -> float:
        longer = max(text_width(" ".join(part), size, weight) for part in (words[:k], words[k:]))
        return longer + (14 if words[k - 1].lower() in SHORT_WORDS else 0)

    k = min(range(1, len(words)), key=badness)
    return [ellipsis(" ".join(part), width * 1.12, size, weight) for part in (words[:k], words[k:])]


def ticks(low: float, high: float, step: float) -> list[float]:
    """Multiples of `step` from `low` to `high`, both included where they are multiples."""
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


CUTS = (3.0, 3.5, 4.0, 4.4)  # on a scale from 1 to 5


def satisfaction_step(value: float | None, low: float = 1, high: float = 5) -> int:
    """Colour step 1 to 5 of a satisfaction; fixed cuts, so that colours compare over time. 0: no data."""
    if value is None:
        return 0
    # By the figure that is shown, of one decimal: what reads 4.0 has the colour of 4.0.
    on_five = 1 + 4 * (half_up(value) - low) / (high - low)
    return 1 + sum(on_five >= cut - 1e-9 for cut in CUTS)


def satisfaction_cuts(low: float = 1, high: float = 5) -> list[float]:
    """Where one colour ends and the next begins, on a scale from `low` to `high`."""
    return [low + (cut - 1) / 4 * (high - low) for cut in CUTS]
