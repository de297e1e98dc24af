"""Single things on the priority matrix: its domain, marks, ellipses, arrows. Geometry, no Django.

x is satisfaction, y is importance, both on one domain, so that "satisfaction equals importance" is a
true diagonal. Lengths are in viewBox units, coordinates rounded as they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, floor, hypot, radians, sin, sqrt

from cyclemap.svg import INK, INK_3, SURFACE, num, ticks
from prioritization.labels import NOTE_SIZE, Box

LEFT, TOP, SIDE = 50.0, 50.0, 610.0
RIGHT, BOTTOM = LEFT + SIDE, TOP + SIDE
PLOT: Box = (LEFT, TOP, RIGHT, BOTTOM)
RING = 5.0  # by how much the ring of a selected mark is larger


@dataclass(frozen=True)
class Look:
    """A quadrant's colours (light literals; charts.css recolours by class) and which way its corner lies."""

    css: str
    fill: str
    on: str
    background: str
    ink: str
    right: bool
    upper: bool


LOOKS = {
    "concentrate_here": Look("act", "#A83A06", "#FFFFFF", "#FBEEE5", "#8F3005", right=False, upper=True),
    "keep_up": Look("keep", "#14587F", "#FFFFFF", "#EAF2F6", "#0F4563", right=True, upper=True),
    "low_priority": Look("watch", "#EDB68C", "#14201B", "#FCF7F2", "#7A4519", right=False, upper=False),
    "possible_overkill": Look("ease", "#A3CFE0", "#14201B", "#F4F9FB", "#1F5A74", right=True, upper=False),
}


@dataclass(frozen=True)
class Before:
    """Where a moment stood in the period it is compared with."""

    importance: float
    satisfaction: float
    clear: bool  # the change is more than chance


@dataclass(frozen=True)
class Spread:
    """A confidence ellipse in scale points; the angle, of the major axis from the satisfaction axis."""

    major: float
    minor: float
    angle: float


@dataclass(frozen=True)
class Point:
    """One moment as given: its two means, its quadrant, and what to say and link."""

    number: str
    name: str
    importance: float
    satisfaction: float
    quadrant: str
    rank: int
    uncertain: bool = False
    named: bool = False
    selected: bool = False
    href: str = ""
    title: str = ""
    spread: Spread | None = None
    before: Before | None = None


@dataclass(frozen=True)
class Domain:
    """The stretch of the scale that is drawn. `cut` where it does not begin at the scale's foot."""

    low: float
    high: float
    step: float
    cut: bool
    ticks: tuple[float, ...]
    # The upright axis where it is another: (low, high, ticks) of a share in percent.
    upright: tuple[float, float, tuple[float, ...]] | None = None

    @property
    def importance_low(self) -> float:
        return self.upright[0] if self.upright else self.low

    @property
    def importance_high(self) -> float:
        return self.upright[1] if self.upright else self.high

    @property
    def importance_ticks(self) -> tuple[float, ...]:
        return self.upright[2] if self.upright else self.ticks

    def x(self, satisfaction: float) -> float:
        return LEFT + (satisfaction - self.low) / (self.high - self.low) * SIDE

    def y(self, importance: float) -> float:
        low, high = self.importance_low, self.importance_high
        return BOTTOM - (importance - low) / (high - low) * SIDE

    @property
    def unit(self) -> float:
        return SIDE / (self.high - self.low)

    @property
    def upright_unit(self) -> float:
        return SIDE / (self.importance_high - self.importance_low)


@dataclass(frozen=True)
class Oval:
    look: Look
    path: str
    selected: bool
    number: str


@dataclass(frozen=True)
class Arrow:
    x: float
    y: float
    tip: tuple[float, float]
    shaft: str
    head: str
    clear: bool

    @property
    def colour(self) -> str:
        return INK if self.clear else INK_3


@dataclass(frozen=True)
class Mark:
    point: Point
    look: Look
    x: float
    y: float
    radius: float
    path: str
    ring: str
    baseline: float

    @property
    def reach(self) -> float:
        """From the middle to the outermost point, the ring of a selected mark included."""
        return (self.radius + RING * self.point.selected) * 1.28

    @property
    def box(self) -> Box:
        reach = self.reach
        return self.x - reach, self.y - reach, self.x + reach, self.y + reach

    @property
    def fill(self) -> str:
        return SURFACE if self.point.uncertain else self.look.fill

    @property
    def stroke(self) -> str:
        return self.look.fill if self.point.uncertain else SURFACE

    @property
    def text(self) -> str:
        return INK if self.point.uncertain else self.look.on


def tenth(value: float) -> float:
    """A coordinate as it is printed."""
    return round(value, 1)


def radius_of(count: int) -> float:
    """Marks shrink a little where there are many, never so far that the number no longer fits."""
    return max(9.5, min(12.0, 12.0 * sqrt(24 / max(count, 1))))


def domain_of(values: Sequence[float], scale: tuple[int, int], radius: float = 12.0) -> Domain:
    """One domain for both axes: half points around the values, whole points on a long scale.

    Where a value lies so near an end that its mark would be cut, the plot is a little larger than
    the scale; the ticks are not.
    """
    bottom, top = scale
    long = top - bottom > 7
    pad, step = (0.4, 1.0) if long else (0.18 * (top - bottom) / 4, 0.5)
    low = max(float(bottom), floor((min(values) - pad) / step) * step)
    high = min(float(top), ceil((max(values) + pad) / step) * step)
    shown = ticks(low, high, 1.0 if high - low > 4 else step)
    room = ((radius + RING) * 1.28 + 2) / SIDE
    over = (high - low) * room / (1 - 2 * room)
    cut = low > bottom
    return Domain(
        low - over if min(values) - low < over else low,
        high + over if high - max(values) < over else high,
        step,
        cut,
        tuple(shown),
    )


def with_shares(domain: Domain, shares: Sequence[float]) -> Domain:
    """The upright axis from 0 % to a round number above the largest share."""
    step = 5.0 if max(shares) <= 30 else 10.0
    high = ceil((max(shares) + 0.08 * max(shares)) / step) * step
    room = 0.06 * high
    return replace(domain, upright=(-room, high + room, tuple(ticks(0.0, high, step))))


def shape(quadrant: str, x: float, y: float, r: float) -> str:
    """The outline that repeats the quadrant without colour: diamond, circle, square, hexagon."""
    if quadrant == "concentrate_here":
        k = r * 1.28
        return f"M{num(x)} {num(y - k)}L{num(x + k)} {num(y)}L{num(x)} {num(y + k)}L{num(x - k)} {num(y)}Z"
    if quadrant == "low_priority":
        k = r * 0.9
        return f"M{num(x - k)} {num(y - k)}H{num(x + k)}V{num(y + k)}H{num(x - k)}Z"
    if quadrant == "possible_overkill":
        k = r * 1.12
        corners = ((x + k * sin(radians(60 * i)), y - k * cos(radians(60 * i))) for i in range(6))
        return "M" + "L".join(f"{num(a)} {num(b)}" for a, b in corners) + "Z"
    half = f"A{num(r)} {num(r)} 0 1 1"
    return f"M{num(x - r)} {num(y)}{half} {num(x + r)} {num(y)}{half} {num(x - r)} {num(y)}Z"


def oval(point: Point, domain: Domain) -> Oval | None:
    """The ellipse of a mean, cut at the edge of the plot where it is larger."""
    if point.spread is None:
        return None
    look = LOOKS[point.quadrant]
    x, y, turn = domain.x(point.satisfaction), domain.y(point.importance), radians(point.spread.angle)
    # Where the axes have different units the angle is one of numbers, not of the drawing.
    across, up = domain.unit, domain.upright_unit
    if across != up:
        return polygon(look, point, x, y, turn, across, up)
    a, b = point.spread.major * across, point.spread.minor * across
    wide, tall = hypot(a * cos(turn), b * sin(turn)), hypot(a * sin(turn), b * cos(turn))
    if x - wide > LEFT and x + wide < RIGHT and y - tall > TOP and y + tall < BOTTOM:
        dx, dy = a * cos(turn), -a * sin(turn)
        arc = f"A{num(a)} {num(b)} {num(-point.spread.angle)} 1 1"
        start, end = f"{num(x - dx)} {num(y - dy)}", f"{num(x + dx)} {num(y + dy)}"
        return Oval(look, f"M{start}{arc} {end}{arc} {start}Z", point.selected, point.number)
    return polygon(look, point, x, y, turn, across, up)


def polygon(
    look: Look, point: Point, x: float, y: float, turn: float, across: float, up: float
) -> Oval | None:
    """The same as 72 corners, those in the plot."""
    assert point.spread
    outline = []
    for k in range(72):
        u, v = point.spread.major * cos(radians(5 * k)), point.spread.minor * sin(radians(5 * k))
        outline.append(
            (x + across * (u * cos(turn) + v * sin(turn)), y + up * (v * cos(turn) - u * sin(turn)))
        )
    inside = clip(outline)
    if not inside:
        return None
    path = "M" + "L".join(f"{num(p)} {num(q)}" for p, q in inside) + "Z"
    return Oval(look, path, point.selected, point.number)


def clip(outline: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The part of a convex outline that lies in the plot (Sutherland and Hodgman, 1974)."""
    kept = list(outline)
    for axis, bound, sign in ((0, LEFT, 1), (0, RIGHT, -1), (1, TOP, 1), (1, BOTTOM, -1)):
        before, kept = kept, []
        for p, q in zip(before, before[1:] + before[:1], strict=True):
            p_in, q_in = sign * (p[axis] - bound) >= 0, sign * (q[axis] - bound) >= 0
            if p_in:
                kept.append(p)
            if p_in != q_in:
                t = (bound - p[axis]) / (q[axis] - p[axis])
                kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return kept


def arrow(point: Point, domain: Domain, radius: float) -> Arrow | None:
    """From where the moment stood to just short of its mark; nothing where hardly anything moved."""
    if point.before is None:
        return None
    xa, ya = domain.x(point.before.satisfaction), domain.y(point.before.importance)
    xb, yb = domain.x(point.satisfaction), domain.y(point.importance)
    length = hypot(xb - xa, yb - ya)
    end = length - radius - 3
    if end <= 9:
        return None
    ux, uy, clear = (xb - xa) / length, (yb - ya) / length, point.before.clear
    long = 8 if clear else 6
    tip_x, tip_y = xa + ux * end, ya + uy * end
    neck_x, neck_y = tip_x - ux * long, tip_y - uy * long
    wing_x, wing_y = -uy * long / 2, ux * long / 2
    head = (
        f"M{num(tip_x)} {num(tip_y)}L{num(neck_x + wing_x)} {num(neck_y + wing_y)}"
        f"L{num(neck_x - wing_x)} {num(neck_y - wing_y)}Z"
    )
    return Arrow(
        tenth(xa), tenth(ya), (tip_x, tip_y), f"M{num(xa)} {num(ya)}L{num(neck_x)} {num(neck_y)}", head, clear
    )


def mark(point: Point, domain: Domain, radius: float) -> Mark:
    x, y = tenth(domain.x(point.satisfaction)), tenth(domain.y(point.importance))
    return Mark(
        point,
        LOOKS[point.quadrant],
        x,
        y,
        radius,
        shape(point.quadrant, x, y, radius),
        shape(point.quadrant, x, y, radius + RING),
        tenth(y + 0.36 * number_size(radius)),
    )


def number_size(radius: float) -> float:
    return round(NOTE_SIZE * radius / 12, 1)
