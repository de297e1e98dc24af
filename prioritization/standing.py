"""How the moments of a cycle stood in one wave, and what changed since the wave before.

What the overview and the report say in words and tables; the drawing itself is `chart.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyclemap.svg import satisfaction_step
from cycles.scores import Score, Scores
from prioritization import figures
from prioritization.shapes import LOOKS, Look, Spread, shape

ORDER = ("concentrate_here", "keep_up", "low_priority", "possible_overkill")
SURE = 0.80  # below, a place in a quadrant is drawn hollow (S6.3)
ENOUGH = 30  # below, a figure is indicative (S0)


def quadrant_name(quadrant: str) -> str:
    return {
        "concentrate_here": pgettext("quadrant", "Act"),
        "keep_up": pgettext("quadrant", "Protect"),
        "low_priority": pgettext("quadrant", "Watch"),
        "possible_overkill": pgettext("quadrant", "Ease"),
    }[quadrant]


@dataclass(frozen=True)
class Change:
    """Of the satisfaction since the wave before; `clear` when it is more than chance."""

    before: float
    delta: float
    clear: bool

    @property
    def direction(self) -> str:
        return "flat" if not self.clear else "up" if self.delta > 0 else "down"

    @property
    def words(self) -> str:
        arrow = {"up": "↑", "down": "↓"}.get(self.direction)
        return f"{arrow} {figures.decimal(abs(self.delta))}" if arrow else _("no clear change")


@dataclass(frozen=True)
class Mark:
    """The small sign of a moment in running text: its number in the shape of its quadrant."""

    number: str
    quadrant: str | None
    weak: bool

    @property
    def look(self) -> Look | None:
        return LOOKS[self.quadrant] if self.quadrant else None

    @property
    def path(self) -> str:
        return shape(self.quadrant or "keep_up", 12.5, 12.5, 9.6)

    @property
    def fill(self) -> str:
        return self.look.fill if self.look and not self.weak else "#FFFFFF"

    @property
    def stroke(self) -> str:
        return self.look.fill if self.look else "#848F88"

    @property
    def on(self) -> str:
        return self.look.on if self.look and not self.weak else "#14201B"

    @property
    def css(self) -> str:
        return f"{self.look.css}{' weak' if self.weak else ''}" if self.look else "none"

    @property
    def title(self) -> str:
        return f"{self.number}, {quadrant_name(self.quadrant)}" if self.quadrant else self.number


@dataclass(frozen=True)
class Row:
    """One moment. Without `quadrant` it was not asked, or too few answered: then no figure is shown."""

    moment_id: int | None  # None: it is no longer on the map
    number: str
    name: str
    critical: bool
    n: int
    importance: float | None = None
    satisfaction: float | None = None
    gap: float | None = None
    quadrant: str | None = None
    certainty: float | None = None
    rank: int = 0
    spread: Spread | None = None
    change: Change | None = None

    @property
    def shown(self) -> bool:
        return self.quadrant is not None

    @property
    def weak(self) -> bool:
        """The quadrant may be chance."""
        return self.certainty is None or self.certainty < SURE

    @property
    def indicative(self) -> bool:
        return self.shown and self.n < ENOUGH

    @property
    def mark(self) -> Mark:
        return Mark(self.number, self.quadrant, self.shown and self.weak)

    @property
    def look(self) -> Look | None:
        return LOOKS[self.quadrant] if self.quadrant else None


@dataclass(frozen=True)
class Group:
    """The rows of one quadrant, most urgent first."""

    quadrant: str
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        return quadrant_name(self.quadrant)

    @property
    def css(self) -> str:
        return LOOKS[self.quadrant].css


@dataclass(frozen=True)
class Standing:
    """One wave. `cross` is (importance, satisfaction)."""

    wave: str
    before: str  # name of the wave compared with, "" for none
    scale: tuple[int, int]
    n_responses: int
    threshold: int
    cross: tuple[float, float] | None
    rows: tuple[Row, ...]
    before_satisfaction: float | None = None

    def of(self, moment_id: int) -> Row | None:
        return next((row for row in self.rows if row.moment_id == moment_id), None)

    @property
    def shown(self) -> tuple[Row, ...]:
        return tuple(sorted((row for row in self.rows if row.shown), key=lambda row: row.rank))

    @property
    def unshown(self) -> tuple[Row, ...]:
        """Asked, but answered by too few to be shown."""
        return tuple(row for row in self.rows if not row.shown)

    @property
    def groups(self) -> tuple[Group, ...]:
        found = (Group(q, tuple(row for row in self.shown if row.quadrant == q)) for q in ORDER)
        return tuple(group for group in found if group.rows)

    def in_quadrant(self, quadrant: str) -> tuple[Row, ...]:
        return tuple(row for row in self.shown if row.quadrant == quadrant)

    @property
    def to_act(self) -> tuple[Row, ...]:
        return self.in_quadrant("concentrate_here")

    @property
    def satisfaction(self) -> float | None:
        return weighted_mean(self.rows)

    @property
    def change(self) -> float | None:
        if self.satisfaction is None or self.before_satisfaction is None:
            return None
        return self.satisfaction - self.before_satisfaction

    @property
    def scores(self) -> Scores:
        """As the wheel reads it."""
        return Scores(
            wave=self.wave,
            n_responses=self.n_responses,
            satisfaction=self.satisfaction,
            scale=self.scale,
            moments={
                row.moment_id: Score(
                    row.importance,
                    row.satisfaction,
                    row.n,
                    row.quadrant,
                    satisfaction_step(row.satisfaction, *self.scale),
                    row.shown,
                )
                for row in self.rows
                if row.moment_id is not None
            },
        )


def weighted_mean(rows: Iterable[Row]) -> float | None:
    """Satisfaction weighted by importance (the satisfaction index of S5.4, in points of the scale)."""
    known = [
        (row.importance, row.satisfaction)
        for row in rows
        if row.importance is not None and row.satisfaction is not None
    ]
    weight = sum(importance for importance, _ in known)
    return sum(i * s for i, s in known) / weight if weight else None
