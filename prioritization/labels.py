"""Where the words on the matrix stand: no two ever overlap, none leaves the plot.

A box is (left, top, right, bottom) in viewBox units.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot, inf

from cyclemap.svg import ellipsis, text_width

Box = tuple[float, float, float, float]

NAME_SIZE, NAME_WIDTH = 13.5, 205.0
# So few names have room: each is written whole, or as wide as this, where that costs hardly anything.
FEW, WHOLE_WIDTH, CHEAP = 8, 330.0, 60.0
NOTE_SIZE = 12.5
# Dearer than this, a name would hide marks: it is dropped, and stays in the table and the title.
TOO_DEAR = 260.0
# So near another's mark, a name might be taken for that one's.
APART, MISTAKEN = 16.0, 4.0


@dataclass(frozen=True)
class Label:
    text: str
    x: float
    y: float  # baseline
    anchor: str
    size: float
    weight: int
    css: str = ""  # the quadrant whose ground the halo takes
    ground: str = ""

    @cached_property
    def box(self) -> Box:
        width = text_width(self.text, self.size, self.weight)
        left = {"start": self.x, "end": self.x - width}.get(self.anchor, self.x - width / 2)
        return left - 3, self.y - self.size + 0.5, left + width + 3, self.y + 0.4 * self.size

    def within(self, plot: Box) -> bool:
        left, top, right, bottom = self.box
        return left >= plot[0] and top >= plot[1] and right <= plot[2] and bottom <= plot[3]


def covered(box: Box, others: Iterable[Box]) -> float:
    """Area of `box` under the others (counted once for each of them)."""
    left, top, right, bottom = box
    area = 0.0
    for a, b, c, d in others:  # written out: asked some thousand times a drawing
        if a < right and c > left and b < bottom and d > top:
            area += (min(right, c) - max(left, a)) * (min(bottom, d) - max(top, b))
    return area


def near(box: Box, others: Sequence[Box]) -> list[Box]:
    return [o for o in others if o[0] < box[2] and o[2] > box[0] and o[1] < box[3] and o[3] > box[1]]


def gap(box: Box, mark: Box) -> float:
    """How far a name stands from a mark, edge to edge; half as far along its line, as one reads it."""
    across = max(mark[0] - box[2], box[0] - mark[2], 0.0)
    return hypot(across / 2, max(mark[1] - box[3], box[1] - mark[3], 0.0))


def row(x0: float, y0: float, x1: float, y1: float, half: float = 4.0) -> list[Box]:
    """A slanting line as a row of small boxes, so that it does not claim its whole rectangle."""
    count = max(1, round(hypot(x1 - x0, y1 - y0) / (2 * half)))
    middles = ((k + 0.5) / count for k in range(count))
    return [
        (x - half, y - half, x + half, y + half)
        for x, y in ((x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in middles)
    ]


def crosshair_notes(
    texts: tuple[str, str], cross: tuple[float, float], plot: Box, marks: Sequence[Box]
) -> tuple[Label, ...]:
    """What the upright and the level line stand for: each at the end of its line that fewest marks cover."""
    x, y = cross
    left, top, right, bottom = plot
    upright = [
        (x + s * 6, foot, a) for foot in (bottom - 8, top + 17) for s, a in ((1, "start"), (-1, "end"))
    ]
    level = [(at, y + dy, a) for at, a in ((right - 6, "end"), (left + 6, "start")) for dy in (-6, 15)]
    notes: list[Label] = []
    for text, places in zip(texts, (upright, level), strict=True):
        taken = [*marks, *(note.box for note in notes)]
        fitting = [
            label
            for label in (
                Label(text, round(px, 1), round(py, 1), anchor, NOTE_SIZE, 500) for px, py, anchor in places
            )
            if label.within(plot) and not covered(label.box, (note.box for note in notes))
        ]
        if fitting:
            notes.append(min(fitting, key=lambda label, taken=taken: covered(label.box, taken)))  # type: ignore[misc]
    return tuple(notes)


def along_diagonal(text: str, plot: Box, taken: Sequence[Box]) -> tuple[tuple[float, float], list[Box]]:
    """Where on the rising diagonal its label is least covered, and the small boxes it fills there."""
    left, top, right, bottom = plot
    half = text_width(text, NOTE_SIZE, 500) / 2 * 0.7072

    def at(share: float) -> tuple[float, float]:
        return left + (right - left) * share, bottom - (bottom - top) * share

    def boxes(share: float) -> list[Box]:
        # The text stands 6 to 16 above the line, that is 7 up and 7 left of it.
        x, y = at(share)
        return row(x - 7 - half, y - 7 + half, x - 7 + half, y - 7 - half, half=7)

    share = min(
        (0.125, 0.875, 0.25, 0.75, 0.375, 0.625),
        key=lambda share: sum(covered(box, taken) for box in boxes(share)),
    )
    x, y = at(share)
    return (round(x, 1), round(y, 1)), boxes(share)


@dataclass(frozen=True)
class Wanted:
    """A name to be written beside the mark that stands at (x, y)."""

    text: str
    x: float
    y: float
    reach: float

    @property
    def mark(self) -> Box:
        return self.x - self.reach, self.y - self.reach, self.x + self.reach, self.y + self.reach

    def is_other(self, mark: Box) -> bool:
        """One that stands apart: of marks on one heap no name can be nearer to its own."""
        x, y = (mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2
        return hypot(x - self.x, y - self.y) > self.reach


def places(wanted: Wanted) -> list[tuple[float, float, str]]:
    """Right, left, above, below, then the four diagonals."""
    x, y, reach = wanted.x, wanted.y, wanted.reach + 4
    beside = y + 0.33 * NAME_SIZE
    up, down = y - reach * 0.75, y + reach * 0.75 + 8
    return [
        (x + reach, beside, "start"),
        (x - reach, beside, "end"),
        (x, y - reach - 3, "middle"),
        (x, y + reach + 11, "middle"),
        (x + reach * 0.8, up, "start"),
        (x + reach * 0.8, down, "start"),
        (x - reach * 0.8, up, "end"),
        (x - reach * 0.8, down, "end"),
    ]


def mistaken(name: Wanted, box: Box, marks: Sequence[Box]) -> float:
    """What it costs that a name might be taken for another mark's: twice as near to its own it must stand."""
    apart = min((gap(box, mark) for mark in marks if name.is_other(mark)), default=APART)
    return MISTAKEN * max(APART - apart, 0.0) if apart > 2 * gap(box, name.mark) else inf


def place(
    names: Sequence[Wanted],
    plot: Box,
    cross: tuple[float, float],
    marks: Sequence[Box],
    arrows: Sequence[Box],
    words: Sequence[Box],
    ground: Callable[[float, float], tuple[str, str]],
) -> tuple[Label, ...]:
    """The names that find a place, in the order given; what comes first chooses first.

    Other words are never touched; marks and arrows hardly; crossing a crosshair line costs a little.
    No name stands nearer to another's mark than to its own, and hardly one beside it.
    `ground` tells the quadrant and the colour that lie behind a point, for the halo.
    """
    inner = plot[0] + 2, plot[1] + 2, plot[2] - 2, plot[3] - 2
    labels: list[Label] = []
    for name in names:
        texts = [(ellipsis(name.text, NAME_WIDTH, NAME_SIZE, 600), TOO_DEAR)]
        if len(names) <= FEW and texts[0][0] != name.text:
            texts.insert(0, (ellipsis(name.text, WHOLE_WIDTH, NAME_SIZE, 600), CHEAP))
        for text, most in texts:
            width = text_width(text, NAME_SIZE, 600) + name.reach + 12
            around = (name.x - width, name.y - 60, name.x + width, name.y + 60)
            taken = near(around, [*words, *(label.box for label in labels)])
            near_marks, near_arrows = near(around, marks), near(around, arrows)
            candidates = []
            for k, (x, y, anchor) in enumerate(places(name)):
                label = Label(text, round(x, 1), round(y, 1), anchor, NAME_SIZE, 600)
                box = label.box
                if not label.within(inner) or covered(box, taken):
                    continue
                cost = 12 * k + 3 * covered(box, near_marks) + 2 * covered(box, near_arrows)
                cost += mistaken(name, box, near_marks)
                cost += 120 * (box[0] < cross[0] < box[2]) + 60 * (box[1] < cross[1] < box[3])
                candidates.append((cost, k, label))
            if candidates and min(candidates)[0] <= most:
                best = min(candidates)[2]
                css, colour = ground((best.box[0] + best.box[2]) / 2, (best.box[1] + best.box[3]) / 2)
                labels.append(Label(text, best.x, best.y, best.anchor, NAME_SIZE, 600, css, colour))
                break
    return tuple(labels)
