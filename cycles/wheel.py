"""Where the arcs and nodes of a wheel stand. Geometry only.

Lengths are in viewBox units around the centre (0, 0); angles in degrees from twelve o'clock,
clockwise. What is printed is text already, so that no locale can touch it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, degrees, radians, sin

from cyclemap.svg import FONT, INK, SATISFACTION, STAGES, advances, ellipsis, num, point, polar, text_width
from cycles.labels import Box, Label, Named, place_labels

RING = 206.0  # radius of the ring the nodes sit on
BAND_IN, BAND_OUT = 149.0, 176.0
BAND = (BAND_IN + BAND_OUT) / 2
NODE_LOW, NODE_HIGH = 11.5, 19.5  # node radius at the lowest and the highest importance
NODE_LEAST = 8.0
GAP, START_GAP = 3.2, 9.0  # degrees between stages, and at twelve o'clock
CHEVRON = 8.0
CRITICAL, CRITICAL_LEAST = 4.5, 1.5  # how far the ring of a critical moment stands off


@dataclass(frozen=True)
class StageOf:
    """A stage as the wheel needs it."""

    name: str
    colour: str
    count: int  # moments in it


@dataclass(frozen=True)
class MomentOf:
    """A moment as the wheel needs it, in the order of the cycle."""

    key: int
    number: int
    name: str
    title: str = ""  # what a screen reader says
    weight: float | None = None  # importance as a share of its scale, 0 to 1
    step: int = 0  # colour step of the satisfaction; 0: no data
    critical: bool = False
    few: bool = False  # answered, but not by enough people to show
    href: str = ""


@dataclass(frozen=True)
class Centre:
    """The words in the middle: a figure with a line above and two below."""

    figure: str
    above: str = ""
    below: str = ""
    small: str = ""


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


@dataclass(frozen=True)
class Node:
    key: int
    number: int
    title: str
    href: str
    angle: float
    reach: float  # radius, the ring of a critical moment included
    step: int
    fill: str
    text_fill: str
    selected: bool
    critical: bool
    few: bool
    x: str
    y: str
    r: str
    ring: str
    halo: str
    number_y: str
    number_size: str
    label: Label | None

    @property
    def centre(self) -> tuple[float, float]:
        return polar(RING, self.angle)

    def row(self, mini: bool) -> dict[str, object]:
        """What the template of a node prints. A name has two lines at most."""
        row: dict[str, object] = {
            "mini": mini,
            "href": self.href,
            "selected": self.selected,
            "title": self.title,
            "x": self.x,
            "y": self.y,
            "r": self.r,
            "ring": self.critical and self.ring,
            "rated": self.step > 0,
            "few": self.few,
            "step": self.step,
            "fill": self.fill,
        }
        if not mini:
            row |= {
                "number": self.number,
                "number_y": self.number_y,
                "number_size": self.number_size,
                "text_fill": self.text_fill,
            }
        if self.label:
            row |= {
                "leader": self.label.leader,
                "label_x": self.label.lines[0].x,
                "label_size": self.label.size,
                "label_weight": self.label.weight,
                "label_anchor": self.label.anchor,
            }
            for at, line in zip(("", "_2"), self.label.lines, strict=False):
                row |= {f"line{at}": line.text, f"label_y{at}": line.y}
        return row


@dataclass(frozen=True)
class Wheel:
    ident: str
    title: str
    description: str
    view_box: str
    bounds: Box
    mini: bool
    arcs: tuple[Arc, ...]
    nodes: tuple[Node, ...]
    centre: Centre | None
    start: str  # the word at twelve o'clock, "" for none
    font: str = FONT
    ink: str = INK
    ring: str = num(RING)

    @property
    def rows(self) -> list[dict[str, object]]:
        return [node.row(self.mini) for node in self.nodes]

    @property
    def linked(self) -> bool:
        return any(node.href for node in self.nodes)


def draw_wheel(
    stages: Sequence[StageOf],
    moments: Sequence[MomentOf],
    *,
    title: str,
    description: str = "",
    start: str = "",
    centre: Centre | None = None,
    selected: int | None = None,
    labels: bool = True,
    mini: bool = False,
    ident: str = "wheel",
) -> Wheel:
    """Place everything. `moments` run through the stages in order, `stage.count` of them in each."""
    spans, angles, step = place_angles([stage.count for stage in stages])
    way = radians(step) * RING  # along the ring to the neighbour
    high = min(NODE_HIGH, 0.46 * way)
    low = NODE_LOW if high == NODE_HIGH else min(high, max(NODE_LEAST, 0.62 * high))
    sizes = [node_size(moment, low, high, 0.48 * way) for moment in moments]
    written: list[Label | None] = [None] * len(moments)
    if labels and not mini:
        named = [
            Named(moment.name, angle, reach, moment.key == selected)
            for moment, angle, (_, reach) in zip(moments, angles, sizes, strict=True)
        ]
        written = place_labels(named, RING, high)
    nodes = tuple(
        place_node(moment, angle, size, label, moment.key == selected, mini)
        for moment, angle, size, label in zip(moments, angles, sizes, written, strict=True)
    )
    arcs = tuple(
        place_arc(stage, number, span, mini)
        for number, (stage, span) in enumerate(zip(stages, spans, strict=True), 1)
    )
    left, top, right, bottom = bounds = measure(nodes, mini)
    return Wheel(
        ident=ident,
        title=title,
        description=description,
        view_box=f"{num(left)} {num(top)} {num(right - left)} {num(bottom - top)}",
        bounds=bounds,
        mini=mini,
        arcs=arcs,
        nodes=nodes,
        centre=None if mini else centre,
        start="" if mini else start,
    )


def place_angles(counts: Sequence[int]) -> tuple[list[tuple[float, float]], list[float], float]:
    """(start, end) of each stage, angle of each moment, degrees a moment. An empty stage keeps one slot."""
    slots = [max(1, count) for count in counts]
    step = (360 - START_GAP - GAP * max(0, len(slots) - 1)) / max(1, sum(slots))
    spans: list[tuple[float, float]] = []
    angles: list[float] = []
    at = START_GAP / 2
    for count, slot in zip(counts, slots, strict=True):
        angles += [at + step * (j + 0.5) for j in range(count)]
        spans.append((at, at + step * slot))
        at += step * slot + GAP
    return spans, angles, step


def measure(nodes: Iterable[Node], mini: bool) -> Box:
    """The viewBox: as wide as the longest label on both sides, so that the ring stays in the middle."""
    boxes = [node.label.box for node in nodes if node.label]
    if mini or not boxes:
        edge = 236.0 if mini else 246.0
        return -edge, -edge, edge, edge
    half = max(240.0, *(max(-box[0], box[2]) for box in boxes)) + 4
    return (
        -half,
        min(-244.0, *(box[1] for box in boxes)) - 4,
        half,
        max(244.0, *(box[3] for box in boxes)) + 4,
    )


# --- Stages --------------------------------------------------------------------------------------


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


# --- Nodes ---------------------------------------------------------------------------------------


def node_size(moment: MomentOf, low: float, high: float, room: float) -> tuple[float, float]:
    """(radius, radius with the ring of a critical moment). Neither is larger than `room`."""
    radius = low + (high - low) * min(1.0, max(0.0, moment.weight or 0.0))
    if not moment.critical:
        return radius, radius
    radius = min(radius, max(room - CRITICAL_LEAST, 0.8 * room))
    return radius, min(radius + CRITICAL, room)


def place_node(
    moment: MomentOf, angle: float, size: tuple[float, float], label: Label | None, selected: bool, mini: bool
) -> Node:
    x, y = polar(RING, angle)
    radius, reach = size
    figure = min(12.5, radius * 1.1)
    fill, text_fill = SATISFACTION[moment.step]
    return Node(
        key=moment.key,
        number=moment.number,
        title=moment.title or f"{moment.number}. {moment.name}",
        href="" if mini else moment.href,
        angle=angle,
        reach=reach,
        step=moment.step,
        fill=fill,
        text_fill=text_fill,
        selected=selected,
        critical=moment.critical,
        few=moment.few,
        x=num(x),
        y=num(y),
        r=num(radius),
        ring=num(reach),
        halo=num(radius + 10),
        number_y=num(y + 0.36 * figure),
        number_size=num(figure),
        label=label,
    )
