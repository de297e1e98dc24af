"""The whole priority matrix: what goes in, where everything stands. Geometry, no Django.

`templates/prioritization/matrix.svg` prints what comes out, on the page and in the report alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot

from cyclemap.svg import INK, INK_2, INK_3, SURFACE, num
from prioritization.labels import Label, Wanted, along_diagonal, crosshair_notes, place, row
from prioritization.shapes import (
    BOTTOM,
    LEFT,
    LOOKS,
    PLOT,
    RIGHT,
    SIDE,
    TOP,
    Arrow,
    Before,
    Domain,
    Look,
    Mark,
    Oval,
    Point,
    arrow,
    domain_of,
    mark,
    number_size,
    oval,
    radius_of,
    tenth,
    with_shares,
)

CROWD = 24
# On a phone marks are drawn half as large again (static/css/charts.css); a number is 1.2 radii wide.
ENLARGED, NUMBER = 1.5, 0.6
WIDTH, HEIGHT = LEFT + SIDE + 12, TOP + SIDE + 66


def plain(value: float, places: int) -> str:
    return f"{value:.{places}f}"


@dataclass(frozen=True)
class Words:
    """The words of the drawing, and how numbers are written, in the reader's language."""

    satisfaction: str = "Satisfaction"
    importance: str = "Importance"
    iso: str = "satisfaction = importance"
    crosshair: str = "mean"
    names: tuple[str, str, str, str] = ("Act", "Protect", "Watch", "Ease")
    remarks: tuple[str, str, str, str] = (
        "matters, disappoints",
        "matters, pleases",
        "matters less, disappoints",
        "matters less, pleases",
    )
    number: Callable[[float, int], str] = plain
    share: Callable[[float], str] | None = None  # how importance is written where it is a share

    def of_crosshair(self, cross: tuple[float, float]) -> tuple[str, str]:
        """At its upright line, which stands at a satisfaction, and at the other."""
        importance = self.share(cross[0]) if self.share else self.number(cross[0], 2)
        return f"{self.crosshair} {self.number(cross[1], 2)}", f"{self.crosshair} {importance}"


@dataclass(frozen=True)
class Background:
    look: Look
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Corner:
    """A quadrant's name, outside the plot so that no mark can cover it."""

    look: Look
    name: str
    remark: str
    x: float
    y: float
    anchor: str

    @property
    def remark_y(self) -> float:
        return self.y + 17


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, eq=False)  # known by itself, so that what is made of it can be kept
class Scatter:
    domain: Domain
    backgrounds: tuple[Background, ...]
    corners: tuple[Corner, ...]
    grid: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    cross: tuple[float, float]
    notes: tuple[Label, ...]
    iso_at: tuple[float, float]
    ovals: tuple[Oval, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[Mark, ...]
    beneath: frozenset[str]
    names: tuple[Label, ...]
    words: Words
    number_size: float
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    top: float = TOP
    right: float = RIGHT
    bottom: float = BOTTOM
    centre: float = LEFT + SIDE / 2
    below: float = BOTTOM + 18
    foot: float = BOTTOM + 44
    beside: float = LEFT - 8
    middle: float = TOP + SIDE / 2
    side: float = SIDE
    ink: str = INK
    ink_2: str = INK_2
    ink_3: str = INK_3
    surface: str = SURFACE

    @property
    def crowded(self) -> bool:
        """Then what lies behind the marks is drawn fainter."""
        return len(self.marks) > CROWD

    @property
    def has_diagonal(self) -> bool:
        """Only where both axes are the same."""
        return self.domain.upright is None


def backgrounds(x: float, y: float) -> tuple[Background, ...]:
    return tuple(
        Background(
            look,
            x if look.right else LEFT,
            TOP if look.upper else y,
            tenth(RIGHT - x if look.right else x - LEFT),
            tenth(y - TOP if look.upper else BOTTOM - y),
        )
        for look in LOOKS.values()
    )


def corners(words: Words) -> tuple[Corner, ...]:
    return tuple(
        Corner(
            look,
            words.names[k],
            words.remarks[k],
            RIGHT if look.right else LEFT,
            TOP - 26 if look.upper else BOTTOM + 44,
            "end" if look.right else "start",
        )
        for k, look in enumerate(LOOKS.values())
    )


def domain_for(
    points: Sequence[Point],
    cross: tuple[float, float],
    scale: tuple[int, int],
    radius: float,
    *,
    in_shares: bool,
) -> Domain:
    """What the axes span: all points, where they stood before, and the crosshair."""
    stood: list[Point | Before] = [*points, *(point.before for point in points if point.before)]
    importance = [cross[0], *(one.importance for one in stood)]
    satisfaction = [cross[1], *(one.satisfaction for one in stood)]
    if in_shares:
        return with_shares(domain_of(satisfaction, scale, radius), importance)
    return domain_of([*importance, *satisfaction], scale, radius)


def grid_of(domain: Domain) -> str:
    upright = (
        f"M{num(domain.x(t))} {num(TOP)}V{num(BOTTOM)}" for t in domain.ticks if domain.low < t < domain.high
    )
    level = (
        f"M{num(LEFT)} {num(domain.y(t))}H{num(RIGHT)}"
        for t in domain.importance_ticks
        if domain.importance_low < t < domain.importance_high
    )
    return "".join([*upright, *level])


def beneath(marks: Sequence[Mark]) -> frozenset[str]:
    """The numbers that enlarged marks on top would cover: on a phone those are dots without a number."""
    kept: list[Mark] = []
    for lower in reversed(marks):
        apart = ENLARGED * (1 + NUMBER) * lower.radius
        if all(hypot(upper.x - lower.x, upper.y - lower.y) > apart for upper in kept):
            kept.append(lower)
    return frozenset(m.point.number for m in marks) - {m.point.number for m in kept}


def ground_at(cross: tuple[float, float]) -> Callable[[float, float], tuple[str, str]]:
    """Tells the class and the colour behind a place of the drawing."""

    def ground(x: float, y: float) -> tuple[str, str]:
        look = next(k for k in LOOKS.values() if k.right == (x >= cross[0]) and k.upper == (y < cross[1]))
        return look.css, look.background

    return ground


@lru_cache(maxsize=128)
def kept_scatter(
    points: tuple[Point, ...],
    cross: tuple[float, float],
    scale: tuple[int, int],
    words: Words,
    language: str,  # in which `words` writes numbers
) -> Scatter:
    """The same matrix is looked at again and again: where its names find room is worked out once."""
    del language
    return scatter(points, cross, scale, words)


def scatter(
    points: Sequence[Point],
    cross: tuple[float, float],
    scale: tuple[int, int] = (1, 5),
    words: Words | None = None,
) -> Scatter:
    """Everything on the matrix, for one or more points. `cross` is (importance, satisfaction)."""
    words = words or Words()
    radius = radius_of(len(points))
    domain = domain_for(points, cross, scale, radius, in_shares=words.share is not None)
    at = tenth(domain.x(cross[1])), tenth(domain.y(cross[0]))

    # Least urgent first, so that the urgent ones end up on top; the selected one above all.
    drawn = sorted(points, key=lambda point: (point.selected, -point.rank))
    marks = tuple(mark(point, domain, radius) for point in drawn)
    arrows = tuple(
        sorted(filter(None, (arrow(point, domain, radius) for point in drawn)), key=lambda a: a.clear)
    )
    mark_boxes = [m.box for m in marks]
    arrow_boxes = [box for a in arrows for box in row(a.x, a.y, *a.tip)]
    notes = crosshair_notes(words.of_crosshair(cross), at, PLOT, mark_boxes)
    note_boxes = [note.box for note in notes]
    iso_at, iso_boxes = along_diagonal(words.iso, PLOT, [*mark_boxes, *note_boxes])
    if words.share:
        iso_boxes = []
    wanted = [
        Wanted(m.point.name, m.x, m.y, m.reach)
        for m in sorted(marks, key=lambda m: (not m.point.selected, m.point.rank))
        if m.point.named or m.point.selected
    ]
    return Scatter(
        domain=domain,
        backgrounds=backgrounds(*at),
        corners=corners(words),
        grid=grid_of(domain),
        x_ticks=tuple(Tick(tenth(domain.x(t)), words.number(t, 1)) for t in domain.ticks),
        y_ticks=tuple(
            # The lowest stands on its line, else it runs into the first of the other axis.
            Tick(tenth(domain.y(t) + (4.5 if n else -1.5)), words.number(t, 0 if words.share else 1))
            for n, t in enumerate(domain.importance_ticks)
        ),
        cross=at,
        notes=notes,
        iso_at=iso_at,
        ovals=tuple(filter(None, (oval(point, domain) for point in drawn))),
        arrows=arrows,
        marks=marks,
        beneath=beneath(marks),
        names=place(wanted, PLOT, at, mark_boxes, arrow_boxes, [*note_boxes, *iso_boxes], ground_at(at)),
        words=words,
        number_size=number_size(radius),
    )
