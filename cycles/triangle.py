"""The service triangle: strategy, people and systems around the customer. Geometry only."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from cyclemap.svg import num, text_width

WIDTH, HEIGHT = 260.0, 216.0
CORNERS = ((WIDTH / 2, 52.0), (46.0, HEIGHT - 48), (WIDTH - 46, HEIGHT - 48))  # strategy, people, systems
CENTRE = (WIDTH / 2, sum(y for _, y in CORNERS) / 3)


@dataclass(frozen=True)
class Corner:
    name: str
    count: int
    x: str
    y: str
    r: str
    count_y: str
    name_y: str
    spoke: str


@dataclass(frozen=True)
class Triangle:
    title: str
    corners: tuple[Corner, ...]
    centre: str
    centre_x: str
    centre_y: str
    pill_x: str
    pill_y: str
    pill_width: str
    edge: str
    view_box: str = f"0 0 {num(WIDTH)} {num(HEIGHT)}"


def draw_triangle(names: Sequence[str], counts: Sequence[int], centre: str) -> Triangle:
    """`names` and `counts` of strategy, people, systems. The area of a node grows with its count."""
    most = max(*counts, 1)
    corners = []
    for at, (name, count, (x, y)) in enumerate(zip(names, counts, CORNERS, strict=True)):
        radius = 13 + 13 * sqrt(count / most)
        corners.append(
            Corner(
                name,
                count,
                num(x),
                num(y),
                num(radius),
                num(y + 0.36 * 14),
                num(y - radius - 7 if at == 0 else y + radius + 16),
                f"M{num(CENTRE[0])} {num(CENTRE[1])}L{num(x)} {num(y)}",
            )
        )
    pill = text_width(centre, 12) + 22
    return Triangle(
        title=", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True)),
        corners=tuple(corners),
        centre=centre,
        centre_x=num(CENTRE[0]),
        centre_y=num(CENTRE[1] + 0.36 * 12),
        pill_x=num(CENTRE[0] - pill / 2),
        pill_y=num(CENTRE[1] - 11),
        pill_width=num(pill),
        edge="M" + "L".join(f"{num(x)} {num(y)}" for x, y in CORNERS) + "Z",
    )
