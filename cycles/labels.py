"""Where the names around a wheel stand: never on each other, never on a node. Geometry only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians, sin, sqrt

from cyclemap.svg import ellipsis, num, point, polar, text_width, wrap

Box = tuple[float, float, float, float]  # left, top, right, bottom

LEADER = 17.0  # a label further than this from its node gets a line
OVERHANG = 34.0  # how far labels may stand above and below the ring
BESIDE_START = 22.0  # half the room kept free for the word at twelve o'clock


@dataclass(frozen=True)
class Lettering:
    """One way to set the labels. `whole`: only if no name has to be cut."""

    size: float
    line: float
    width: float
    lines: int
    gap: float
    whole: bool = False


# The first that has room for all is taken; if none has, only numbers stay. The fewer the moments, the
# more lines a name may have; the last ones cut the names short rather than make the letters smaller.
LETTERINGS = (
    Lettering(14.5, 17, 116, 2, 3, whole=True),
    Lettering(14.5, 17, 128, 3, 3),
    Lettering(14.5, 17, 120, 2, 3),
    Lettering(12.5, 15, 120, 2, 2),
    Lettering(14.5, 17, 136, 1, 3),
    Lettering(12.5, 15, 126, 1, 2),
    Lettering(12.5, 14, 116, 1, 1),
)


@dataclass(frozen=True)
class Named:
    """A node that wants its name written."""

    name: str
    angle: float
    reach: float  # radius of the node, its ring included
    bold: bool
    at: float  # how far the node sits from the middle of the wheel


@dataclass(frozen=True)
class Line:
    x: str
    y: str
    text: str


@dataclass(frozen=True)
class Label:
    lines: tuple[Line, ...]
    anchor: str
    size: str
    weight: int
    leader: str  # a path, or "" where the label stands by its node
    box: Box


def place_labels(nodes: Sequence[Named], edge: float) -> list[Label | None]:
    """A label for each node, or for none of them. No node reaches further out than `edge`."""
    outside = edge + 10
    for lettering in LETTERINGS:
        texts = [set_lines(node.name, 700 if node.bold else 500, lettering) for node in nodes]
        if lettering.whole and any(is_cut(lines) for lines in texts):
            continue
        wanted = [want(node, lines, lettering, outside) for node, lines in zip(nodes, texts, strict=True)]
        sides = [[i for i, node in enumerate(nodes) if on_right(node) is right] for right in (True, False)]
        if all(stack([wanted[i] for i in side], lettering.gap) <= 2 * (outside + OVERHANG) for side in sides):
            middles: dict[int, float] = {}
            for side in sides:
                middles.update(spread([(*wanted[i], i) for i in side], lettering.gap))
            return [
                place_label(node, lines, middles[i], lettering, outside)
                for i, (node, lines) in enumerate(zip(nodes, texts, strict=True))
            ]
    return [None] * len(nodes)


def on_right(node: Named) -> bool:
    return sin(radians(node.angle)) >= 0


@lru_cache(maxsize=4096)
def set_lines(name: str, weight: int, lettering: Lettering) -> tuple[str, ...]:
    """A name seldom changes: measured once, it is known at every move."""
    if lettering.lines == 1:
        return (ellipsis(name, lettering.width, lettering.size, weight),)
    lines = tuple(wrap(name, lettering.width, lettering.size, weight))
    if lettering.lines > 2 and is_cut(lines):
        return filled(name, lettering, weight)
    return lines


def is_cut(lines: Sequence[str]) -> bool:
    return any(line.endswith("…") for line in lines)


def filled(name: str, lettering: Lettering, weight: int) -> tuple[str, ...]:
    """Word after word, as many on a line as it takes; the last line takes the rest, cut if it must be."""
    lines: list[str] = []
    words = name.split()
    while words and len(lines) < lettering.lines - 1:
        taken = 1
        while taken < len(words) and fits(words[: taken + 1], lettering, weight):
            taken += 1
        lines.append(" ".join(words[:taken]))
        words = words[taken:]
    lines.append(" ".join(words))
    return tuple(ellipsis(line, lettering.width, lettering.size, weight) for line in lines if line)


def fits(words: Sequence[str], lettering: Lettering, weight: int) -> bool:
    return text_width(" ".join(words), lettering.size, weight) <= lettering.width


def want(node: Named, lines: Sequence[str], lettering: Lettering, outside: float) -> tuple[float, float]:
    """(middle, height) where the label would like to stand."""
    height = lettering.line * len(lines)
    return -cos(radians(node.angle)) * (outside + height / 2 - 6), height


def stack(labels: Sequence[tuple[float, float]], gap: float) -> float:
    return sum(height + gap for _, height in labels) - gap if labels else 0.0


def spread(items: Iterable[tuple[float, float, int]], gap: float) -> dict[int, float]:
    """Middles without overlap that move the least in sum of squares (pool adjacent violators)."""
    blocks: list[tuple[list[tuple[float, float, int]], float, float]] = []  # members, top, height
    for middle, height, key in sorted(items):
        blocks.append(([(middle, height, key)], middle - height / 2, height))
        while len(blocks) > 1 and blocks[-2][1] + blocks[-2][2] + gap > blocks[-1][1]:
            lower, upper = blocks.pop(), blocks.pop()
            members = upper[0] + lower[0]
            offset = wish = 0.0
            for wanted, tall, _ in members:
                wish += wanted - (offset + tall / 2)
                offset += tall + gap
            blocks.append((members, wish / len(members), offset - gap))
    placed: dict[int, float] = {}
    for members, top, _ in blocks:
        for _, height, key in members:
            placed[key] = top + height / 2
            top += height + gap
    return placed


def place_label(
    node: Named, lines: Sequence[str], middle: float, lettering: Lettering, outside: float
) -> Label:
    weight = 700 if node.bold else 500
    height = lettering.line * len(lines)
    top, bottom = middle - height / 2, middle + height / 2
    sign = 1 if on_right(node) else -1
    near = 0.0 if top < 0 < bottom else min(abs(top), abs(bottom))
    # Outside the circle, and not nearer the middle than the node itself, so that no leader crosses a name.
    x = max(sqrt(max(0.0, outside**2 - near**2)), abs(outside * sin(radians(node.angle))) * 0.96)
    x = max(x, BESIDE_START if middle < 0 else 6.0)
    leaves = node.at + node.reach + 2.5
    start = polar(leaves, node.angle)
    end = (sign * (x - 4), middle)
    far = hypot(end[0] - start[0], end[1] - start[1]) > LEADER
    width = max(text_width(line, lettering.size, weight) for line in lines)
    return Label(
        lines=tuple(
            Line(num(sign * x), num(top + lettering.line * (j + 0.753)), line) for j, line in enumerate(lines)
        ),
        anchor="start" if sign > 0 else "end",
        size=num(lettering.size),
        weight=weight,
        leader=lead(node.angle, leaves, outside - 7, end) if far else "",
        box=(min(sign * x, sign * (x + width)), top, max(sign * x, sign * (x + width)), bottom),
    )


def lead(angle: float, leaves: float, past: float, end: tuple[float, float]) -> str:
    """From the node to its name; straight out first where the neighbours sit further out."""
    out = f"L{point(past, angle)}" if past - leaves > 4 else ""
    return f"M{point(leaves, angle)}{out}L{num(end[0])} {num(end[1])}"
