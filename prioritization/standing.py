"""The small sign of a moment: its number in the shape of its quadrant."""

from dataclasses import dataclass

from prioritization.quadrant_names import quadrant_name
from prioritization.shapes import LOOKS, Look, shape

SURE = 0.80  # below, a place in a quadrant is drawn hollow (S6.3)


@dataclass(frozen=True)
class Mark:
    """Without a quadrant (not asked, or too few answers) a plain grey ring."""

    number: str
    quadrant: str | None = None
    weak: bool = False

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
