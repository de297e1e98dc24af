"""The emotion curve: how a customer should feel at each moment, and how satisfied customers were there.

Two bands over the same moments, in order. Geometry only; texts come in the reader's language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from cyclemap.svg import FONT, INK, INK_2, INK_3, LINE, SATISFACTION, STAGES, ellipsis, num, text_width

WIDTH = 760.0
LEFT, RIGHT = 112.0, 750.0  # where the moments run
FEELING_TOP, FEELING_BOTTOM = 26.0, 106.0
RATED_TOP, RATED_BOTTOM = 158.0, 238.0
STAGE_TOP, STAGE_HIGH = 252.0, 18.0
HEIGHT = 274.0
LOWEST, HIGHEST = -2, 2
DOT, DOT_LEAST = 5.5, 3.0
NUMBER_APART = 17.0  # of two numbers below each other's dots


@dataclass(frozen=True)
class Felt:
    """A moment as the curve needs it."""

    number: int
    emotion: int | None
    satisfaction: float | None
    step: int = 0  # colour step of the satisfaction


@dataclass(frozen=True)
class Run:
    """A stage and how many moments it has."""

    name: str
    colour: str
    count: int


@dataclass(frozen=True)
class Tick:
    y: str
    text_y: str
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Dots:
    """All dots of one colour, as one path."""

    step: int
    fill: str
    path: str


@dataclass(frozen=True)
class Numeral:
    x: str
    text: str


@dataclass(frozen=True)
class StageBar:
    colour: str
    fill: str
    x: str
    width: str
    text_x: str
    text: str


@dataclass(frozen=True)
class Emotion:
    ident: str
    title: str
    description: str
    feeling: str  # what each band is called
    rated: str
    feeling_ticks: tuple[Tick, ...]
    rated_ticks: tuple[Tick, ...]
    feeling_lines: str
    feeling_dots: str
    rated_lines: str
    rated_dots: tuple[Dots, ...]
    across: str  # of a dot
    rim: str  # of a dot with its edge
    numerals: tuple[Numeral, ...]
    stages: tuple[StageBar, ...]
    splits: str
    dash: str  # said in a band in which nothing is known
    view_box: str = f"0 0 {num(WIDTH)} {num(HEIGHT)}"
    left: str = num(LEFT)
    right: str = num(RIGHT)
    middle: str = num((LEFT + RIGHT) / 2)
    numeral_y: str = num(FEELING_BOTTOM + 17)
    feeling_y: str = num(FEELING_TOP - 12)
    rated_y: str = num(RATED_TOP - 12)
    none_feeling_y: str = num((FEELING_TOP + FEELING_BOTTOM) / 2 - 6)
    none_rated_y: str = num((RATED_TOP + RATED_BOTTOM) / 2 - 6)
    stage_y: str = num(STAGE_TOP)
    stage_high: str = num(STAGE_HIGH)
    stage_text_y: str = num(STAGE_TOP + 13)
    font: str = FONT
    ink: str = INK
    ink_2: str = INK_2
    ink_3: str = INK_3
    line: str = LINE


@dataclass(frozen=True)
class Words:
    """What the drawing says besides numbers, in the reader's language."""

    title: str
    description: str
    feeling: str
    rated: str
    feelings: dict[int, str]  # the words of the scale of emotions
    none: str


def signed(value: int) -> str:
    """+1, 0, −1, with the sign that is as wide as a plus."""
    return f"+{value}" if value > 0 else str(value).replace("-", "\N{MINUS SIGN}")


def draw_emotion(
    moments: Sequence[Felt],
    runs: Sequence[Run],
    scale: tuple[int, int],
    words: Words,
    ident: str = "emotion",
) -> Emotion:
    step = (RIGHT - LEFT) / max(1, len(moments))
    xs = [LEFT + step * (i + 0.5) for i in range(len(moments))]
    low, high = scale
    felt = [height(moment.emotion, LOWEST, HIGHEST, FEELING_TOP, FEELING_BOTTOM) for moment in moments]
    rated = [height(moment.satisfaction, low, high, RATED_TOP, RATED_BOTTOM) for moment in moments]
    radius = max(DOT_LEAST, min(DOT, 0.42 * step))
    return Emotion(
        ident=ident,
        title=words.title,
        description=words.description,
        feeling=words.feeling,
        rated=words.rated,
        feeling_ticks=tuple(
            tick(value, LOWEST, HIGHEST, FEELING_TOP, FEELING_BOTTOM, feeling_text(value, words))
            for value in range(HIGHEST, LOWEST - 1, -1)
        ),
        rated_ticks=tuple(
            tick(value, low, high, RATED_TOP, RATED_BOTTOM, str(value)) for value in rating_ticks(low, high)
        ),
        feeling_lines=lines(xs, felt),
        feeling_dots="".join(dot(x, y) for x, y in zip(xs, felt, strict=True) if y is not None),
        rated_lines=lines(xs, rated),
        rated_dots=dots_by_step(moments, xs, rated),
        across=num(2 * radius),
        rim=num(2 * radius + 1.6),
        numerals=numerals(moments, xs, step),
        stages=tuple(stage_bars(runs, step)),
        splits=splits(runs, step),
        dash=words.none,
    )


def height(value: float | None, low: float, high: float, top: float, bottom: float) -> float | None:
    return None if value is None else bottom - (bottom - top) * (value - low) / (high - low)


def tick(value: float, low: float, high: float, top: float, bottom: float, text: str) -> Tick:
    y = bottom - (bottom - top) * (value - low) / (high - low)
    return Tick(num(y), num(y + 4), text, strong=value == 0 and low < 0)


def feeling_text(value: int, words: Words) -> str:
    """The ends and the middle have words beside them."""
    said = words.feelings.get(value, "") if value in (LOWEST, 0, HIGHEST) else ""
    return ellipsis(f"{said} {signed(value)}".strip(), LEFT - 16, 11.5)


def rating_ticks(low: int, high: int) -> list[int]:
    return list(range(high, low - 1, -1)) if high - low <= 5 else [high, (low + high + 1) // 2, low]


def lines(xs: Sequence[float], ys: Sequence[float | None]) -> str:
    """Smooth between neighbours, never beyond them; broken where one is missing."""
    drawn: list[str] = []
    for known, run in groupby(zip(xs, ys, strict=True), key=lambda spot: spot[1] is not None):
        if not known:
            continue
        # Rounded as they are printed, so that steps add up to where the dots are.
        spots = [(round(x, 1), round(y, 1)) for x, y in run if y is not None]
        if len(spots) < 2:
            continue
        drawn.append(f"M{num(spots[0][0])} {num(spots[0][1])}")
        for (x0, y0), (x1, y1) in pairwise(spots):
            half, down = num((x1 - x0) / 2), num(y1 - y0)
            drawn.append(f"c{half} 0 {half} {down} {num(x1 - x0)} {down}")
    return "".join(drawn)


def dot(x: float, y: float) -> str:
    """No way at all, drawn with a round pen: the shortest a disc can be written."""
    return f"M{num(x)} {num(y)}h.01"


def dots_by_step(
    moments: Sequence[Felt], xs: Sequence[float], ys: Sequence[float | None]
) -> tuple[Dots, ...]:
    paths: dict[int, list[str]] = {}
    for moment, x, y in zip(moments, xs, ys, strict=True):
        if y is not None:
            paths.setdefault(moment.step, []).append(dot(x, y))
    return tuple(Dots(step, SATISFACTION[step][0], "".join(path)) for step, path in sorted(paths.items()))


def numerals(moments: Sequence[Felt], xs: Sequence[float], step: float) -> tuple[Numeral, ...]:
    """Every number, or every second, fifth, tenth where they would touch; the first always, and none
    that would touch it."""
    every = next((n for n in (1, 2, 5, 10) if n * step >= NUMBER_APART), 20)
    return tuple(
        Numeral(num(x), str(moment.number))
        for moment, x in zip(moments, xs, strict=True)
        if moment.number == 1 or (moment.number % every == 0 and x - xs[0] >= NUMBER_APART)
    )


def stage_bars(runs: Iterable[Run], step: float) -> Iterable[StageBar]:
    at = LEFT
    for run in runs:
        if not run.count:
            continue
        width = step * run.count
        text = ellipsis(run.name, width - 12, 11.5, 600)
        shown = text if text_width(text, 11.5, 600) <= width - 8 and len(text) > 2 else ""
        yield StageBar(
            run.colour, STAGES[run.colour], num(at + 1), num(width - 2), num(at + width / 2), shown
        )
        at += width


def splits(runs: Sequence[Run], step: float) -> str:
    """Hairlines between the stages."""
    at, drawn = LEFT, []
    for run in [run for run in runs if run.count][:-1]:
        at += step * run.count
        drawn.append(f"M{num(at)} {num(FEELING_TOP - 6)}V{num(STAGE_TOP)}")
    return "".join(drawn)
