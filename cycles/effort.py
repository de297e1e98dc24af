"""Effort to the right, impact upwards: where each action stands. Geometry only."""

from collections.abc import Sequence
from dataclasses import dataclass

from cyclemap.svg import num

WIDTH, HEIGHT = 360.0, 352.0
LEFT, TOP = 30.0, 26.0
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - 34, HEIGHT - 80
FAN = 27.0  # between two actions of one cell
RADIUS = 12.0
WIN_EFFORT, WIN_IMPACT = 2, 3  # quick wins: effort at most, impact at least


@dataclass(frozen=True)
class Tried:
    """An action as the chart needs it."""

    code: str
    name: str
    effort: int
    impact: int
    done: bool


@dataclass(frozen=True)
class Mark:
    code: str
    number: str
    name: str
    done: bool
    x: float
    y: float
    r: float
    cx: str
    cy: str
    radius: str
    text_y: str
    size: str


@dataclass(frozen=True)
class Corner:
    text: str
    x: str
    y: str
    anchor: str
    win: bool


@dataclass(frozen=True)
class Effort:
    title: str
    marks: tuple[Mark, ...]
    corners: tuple[Corner, ...]
    effort: str
    impact: str
    view_box: str = f"0 0 {num(WIDTH)} {num(HEIGHT)}"
    left: str = num(LEFT)
    top: str = num(TOP)
    width: str = num(PLOT_WIDTH)
    height: str = num(PLOT_HEIGHT)
    win_width: str = num(PLOT_WIDTH * WIN_EFFORT / 5)
    win_height: str = num(PLOT_HEIGHT * (6 - WIN_IMPACT) / 5)
    cross: str = (
        f"M{num(LEFT + PLOT_WIDTH * WIN_EFFORT / 5)} {num(TOP)}v{num(PLOT_HEIGHT)}"
        f"M{num(LEFT)} {num(TOP + PLOT_HEIGHT * (6 - WIN_IMPACT) / 5)}h{num(PLOT_WIDTH)}"
    )
    effort_x: str = num(LEFT + PLOT_WIDTH / 2)
    effort_y: str = num(TOP + PLOT_HEIGHT + 42)
    impact_at: str = f"translate(18 {num(TOP + PLOT_HEIGHT / 2)}) rotate(-90)"


@dataclass(frozen=True)
class Words:
    """The words around the plot, in the reader's language."""

    title: str
    effort: str
    impact: str
    wins: str
    projects: str
    spare: str
    drop: str


def draw_effort(actions: Sequence[Tried], words: Words) -> Effort:
    cells: dict[tuple[int, int], list[Tried]] = {}
    for action in actions:
        cells.setdefault((action.effort, action.impact), []).append(action)
    right, bottom = num(LEFT + PLOT_WIDTH), num(TOP + PLOT_HEIGHT + 19)
    return Effort(
        title=words.title,
        marks=tuple(mark for cell, group in sorted(cells.items()) for mark in fan_out(cell, group)),
        corners=(
            Corner(words.wins, num(LEFT), num(TOP - 9), "start", True),
            Corner(words.projects, right, num(TOP - 9), "end", False),
            Corner(words.spare, num(LEFT), bottom, "start", False),
            Corner(words.drop, right, bottom, "end", False),
        ),
        effort=f"{words.effort} →",
        impact=f"{words.impact} →",
    )


def room(columns: int, count: int) -> float:
    """How large the marks of a cell may be in so many columns, 1 at most."""
    rows = -(-count // columns)
    return min(1.0, PLOT_WIDTH / 5 / (columns * FAN), PLOT_HEIGHT / 5 / (rows * FAN))


def fan_out(cell: tuple[int, int], group: Sequence[Tried]) -> list[Mark]:
    """Actions of one cell side by side, in rows where they are many; smaller where they would not fit."""
    effort, impact = cell
    middle_x = LEFT + (effort - 0.5) / 5 * PLOT_WIDTH
    middle_y = TOP + PLOT_HEIGHT - (impact - 0.5) / 5 * PLOT_HEIGHT
    columns = max(range(1, len(group) + 1), key=lambda n: (room(n, len(group)), n))
    rows = -(-len(group) // columns)
    shrink = room(columns, len(group))
    marks = []
    for at, action in enumerate(group):
        row, column = divmod(at, columns)
        in_row = min(columns, len(group) - row * columns)
        x = middle_x + (column - (in_row - 1) / 2) * FAN * shrink
        y = middle_y + (row - (rows - 1) / 2) * FAN * shrink
        size = 11.5 * shrink
        marks.append(
            Mark(
                code=action.code,
                number=action.code.lstrip("A"),
                name=action.name,
                done=action.done,
                x=x,
                y=y,
                r=RADIUS * shrink,
                cx=num(x),
                cy=num(y),
                radius=num(RADIUS * shrink),
                text_y=num(y + 0.36 * size),
                size=num(size),
            )
        )
    return marks
