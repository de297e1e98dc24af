"""Where the arcs and nodes of a wheel stand. Geometry only.

Lengths are in viewBox units around the centre (0, 0); angles in degrees from twelve o'clock,
clockwise. What is printed is text already, so that no locale can touch it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot, radians, sqrt

from cyclemap.svg import FONT, INK, SATISFACTION, num, polar
from cycles.arcs import Arc, StageOf, place_arc
from cycles.labels import Box, Label, Named, place_labels

RING = 206.0  # radius of the ring the nodes sit on
NODE_LOW, NODE_HIGH = 11.5, 19.5  # node radius at the lowest and the highest importance
NODE_LEAST = 8.0
DENSE = 26.0  # nodes nearer to each other than this sit by turns a little further in and out
STAGGER = 9.0
FIGURE = 9.8  # no number is set smaller
HATCH_FREE = 0.66  # the part of a hatched disc that is left to its number
SIZE = "12.5"  # of letters, where nothing else is said
CORE = 243.0  # what a phone shows of the wheel: the ring and its nodes, without names
GAP, START_GAP = 3.2, 9.0  # degrees between stages, and at twelve o'clock
CRITICAL, CRITICAL_LEAST = 4.5, 1.5  # how far the ring of a critical moment stands off


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
class Node:
    key: int
    number: int
    title: str
    href: str
    angle: float
    at: float  # from the middle of the wheel
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
    hatched: bool
    number_y: str
    number_size: str
    label: Label | None

    @property
    def centre(self) -> tuple[float, float]:
        return polar(self.at, self.angle)

    def row(self, mini: bool, hatch: str) -> dict[str, object]:
        """What the template of a node prints, without what the drawing says for all. Three lines at most.

        `hatch`: the id of the strokes all hatched nodes share.
        """
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
                "key": self.href and self.key,
                "number": self.number,
                "hatch": self.hatched and hatch,
                "number_y": self.number_y,
                "number_size": self.number_size,
                "text_fill": self.text_fill != INK and self.text_fill,
            }
        if self.label:
            row |= {
                "leader": self.label.leader,
                "label_x": self.label.lines[0].x,
                "label_size": self.label.size != SIZE and self.label.size,
                "label_weight": self.label.weight,
                "label_anchor": self.label.anchor != "start" and self.label.anchor,
            }
            for at, line in zip(("", "_2", "_3"), self.label.lines, strict=False):
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
    dense: bool
    arcs: tuple[Arc, ...]
    nodes: tuple[Node, ...]
    centre: Centre | None
    start: str  # the word at twelve o'clock, "" for none
    font: str = FONT
    ink: str = INK
    ring: str = num(RING)

    @property
    def rows(self) -> list[dict[str, object]]:
        return [node.row(self.mini, f"{self.ident}-h") for node in self.nodes]

    @property
    def hatch(self) -> str:
        """The strokes of the smallest hatched node, to be put on each of them; "" where there is none."""
        radii = [float(node.r) for node in self.nodes if node.hatched]
        return hatched(min(radii)) if radii else ""

    @property
    def zoom(self) -> int:
        """How much wider than its place, in steps of 5 %, a drawing without names can be shown."""
        return min(170, max(100, 5 * int(20 * self.bounds[2] / CORE)))

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
    along = radians(step) * RING  # along the ring to the neighbour
    dense = along < DENSE and not mini
    way = hypot(along, 2 * STAGGER) if dense else along
    high = min(NODE_HIGH, 0.46 * way)
    low = NODE_LOW if high == NODE_HIGH else min(high, max(NODE_LEAST, 0.62 * high))
    sizes = [node_size(moment, low, high, 0.48 * way) for moment in moments]
    out = STAGGER if dense else 0.0
    spots = [(angle, RING + (out if i % 2 else -out)) for i, angle in enumerate(angles)]
    written: list[Label | None] = [None] * len(moments)
    if labels and not mini:
        named = [
            Named(moment.name, angle, reach, moment.key == selected, at)
            for moment, (angle, at), (_, reach) in zip(moments, spots, sizes, strict=True)
        ]
        written = place_labels(named, RING + out + high)
    nodes = tuple(
        place_node(moment, spot, size, label, moment.key == selected, mini)
        for moment, spot, size, label in zip(moments, spots, sizes, written, strict=True)
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
        dense=dense,
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


# --- Nodes ---------------------------------------------------------------------------------------


def node_size(moment: MomentOf, low: float, high: float, room: float) -> tuple[float, float]:
    """(radius, radius with the ring of a critical moment). Neither is larger than `room`."""
    radius = low + (high - low) * min(1.0, max(0.0, moment.weight or 0.0))
    if not moment.critical:
        return radius, radius
    radius = min(radius, max(room - CRITICAL_LEAST, 0.8 * room))
    return radius, min(radius + CRITICAL, room)


def place_node(
    moment: MomentOf,
    spot: tuple[float, float],
    size: tuple[float, float],
    label: Label | None,
    selected: bool,
    mini: bool,
) -> Node:
    angle, at = spot
    x, y = polar(at, angle)
    radius, reach = size
    figure = min(12.5, max(FIGURE, radius * 1.1))
    fill, text_fill = SATISFACTION[moment.step]
    return Node(
        key=moment.key,
        number=moment.number,
        title=moment.title or f"{moment.number}. {moment.name}",
        href="" if mini else moment.href,
        angle=angle,
        at=at,
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
        hatched=not (mini or moment.step or moment.few),
        number_y=num(y + 0.36 * figure),
        number_size=num(figure),
        label=label,
    )


def hatched(radius: float) -> str:
    """Strokes across the rim of a disc around (0, 0), upwards to the right, so that its number stays legible.

    Plain lines: no renderer needs a pattern for them.
    """
    drawn = []
    for share in (-0.78, -0.39, 0, 0.39, 0.78):
        off = radius * share / sqrt(2)
        end = radius * sqrt(1 - share**2) / sqrt(2)
        free = radius * sqrt(max(0.0, HATCH_FREE**2 - share**2)) / sqrt(2)
        for start, stop in ((-end, -free), (free, end)) if free else ((-end, end),):
            drawn.append(f"M{num(off + start)} {num(off - start)}")
            drawn.append(f"l{num(stop - start)} {num(start - stop)}")
    return "".join(drawn)
