"""Results over time with the line of the target: where everything stands. Geometry, no Django."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10

from cyclemap.svg import BRAND, INK_3, LINE_2, SATISFACTION, num, text_width, ticks

LABEL = 11.0
TOP, FOOT = 20.0, 26.0
MISSED = SATISFACTION[1][0]


@dataclass(frozen=True)
class Point:
    """One period; None where there is no result. `kept`: None where nothing was agreed."""

    label: str
    value: float | None
    text: str = ""
    kept: bool | None = None


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    kept: bool | None
    title: str
    diamond: str = ""  # the path of a result that missed: told by its shape too


@dataclass(frozen=True)
class Mark:
    at: str
    text: str


@dataclass(frozen=True)
class Series:
    width: str
    height: str
    left: str
    right: str
    bottom: str
    foot: str
    line: str
    dots: tuple[Dot, ...]
    marks: tuple[Mark, ...]  # of the values
    labels: tuple[Mark, ...]  # of the periods
    gaps: tuple[Mark, ...]  # where a result is missing
    target: str = ""
    target_text: str = ""
    small: bool = False
    ink: str = BRAND
    grey: str = INK_3
    hair: str = LINE_2
    missed: str = MISSED


def draw_series(
    points: Sequence[Point],
    target: float | None = None,
    target_text: str = "",
    *,
    width: float = 640.0,
    height: float = 220.0,
    write: Callable[[str], str] = str,
    small: bool = False,
) -> Series | None:
    """None where there is nothing. `write`: a number as the reader has it; `small`: without scales."""
    known = [point.value for point in points if point.value is not None]
    if not known:
        return None
    low, high, step = scale_of([*known, *([target] if target is not None else [])])
    values = ticks(low, high, step)
    written = [write(plain(value, step)) for value in values]
    left = 3.0 if small else 10.0 + max(text_width(text, LABEL) for text in written)
    right = width - (3.0 if small else 8.0)
    top, bottom = (4.0, height - 4.0) if small else (TOP, height - FOOT)
    across = (right - left - (0 if small else 16)) / max(1, len(points) - 1)

    def x(place: int) -> float:
        return left + (0 if small else 8) + place * across if len(points) > 1 else (left + right) / 2

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    line, dots, gaps = drawn(points, x, y, 3.5 if small else 5.0)
    return Series(
        width=num(width),
        height=num(height),
        left=num(left),
        right=num(right),
        bottom=num(bottom),
        foot=num(height - 8),
        line=line,
        dots=dots,
        marks=() if small else tuple(Mark(num(y(v)), t) for v, t in zip(values, written, strict=True)),
        labels=() if small else labels_of(points, x, across, left, right),
        gaps=gaps,
        target=num(y(target)) if target is not None else "",
        target_text="" if small else target_text,
        small=small,
    )


def drawn(
    points: Sequence[Point], x: Callable[[int], float], y: Callable[[float], float], size: float
) -> tuple[str, tuple[Dot, ...], tuple[Mark, ...]]:
    """The line, which breaks where a result is missing; the results; the places of those that are missing."""
    line, pen = "", "M"
    dots, gaps = [], []
    for place, point in enumerate(points):
        if point.value is None:
            pen = "M"
            gaps.append(Mark(num(x(place)), point.label))
            continue
        at_x, at_y = x(place), y(point.value)
        line += f"{pen}{num(at_x)} {num(at_y)}"
        pen = "L"
        title = f"{point.label}: {point.text}"
        dots.append(Dot(num(at_x), num(at_y), point.kept, title, diamond(at_x, at_y, size)))
    return line, tuple(dots), tuple(gaps)


def scale_of(values: Sequence[float]) -> tuple[float, float, float]:
    """From and to, both multiples of the step; from zero where the values are not far from it."""
    least, most = min(values), max(values)
    if 0 <= least < most * 0.6 or least == most >= 0:
        least = 0.0
    if most == least:
        most = least + 1
    step = nice((most - least) / 4)
    low, high = floor(least / step + 1e-9) * step, -floor(-most / step + 1e-9) * step
    return low, max(high, low + step), step


def nice(step: float) -> float:
    power = 10 ** floor(log10(step))
    return float(next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= step * 0.999))


def plain(value: float, step: float) -> str:
    """The number of a tick; its decimal sign is the reader's business."""
    places = max(0, -floor(log10(step) + 1e-9)) + (1 if f"{step:e}".startswith("2.5") else 0)
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def diamond(x: float, y: float, r: float = 5.0) -> str:
    return f"M{num(x)} {num(y - r)}L{num(x + r)} {num(y)}L{num(x)} {num(y + r)}L{num(x - r)} {num(y)}Z"


def labels_of(
    points: Sequence[Point], x: Callable[[int], float], across: float, left: float, right: float
) -> tuple[Mark, ...]:
    """As many as stand side by side, the last among them."""
    widest = max(text_width(point.label, LABEL) for point in points) + 12
    each = max(1, -int(-widest // max(across, 0.01)))
    chosen = range((len(points) - 1) % each, len(points), each)
    marks = []
    for place in chosen:
        at = x(place)
        half = text_width(points[place].label, LABEL) / 2
        marks.append(Mark(num(min(max(at, left + half - 6), right - half + 6)), points[place].label))
    return tuple(marks)
