"""How many answers are needed, for the page of a wave.

The reckoning is above the surveys: settings name the function that does it (`SAMPLE_NEEDED`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from cyclemap.rounding import whole_percent
from surveys.models import Wave


@dataclass(frozen=True)
class Needed:
    margin: int
    answers: int
    invitations: int
    rate: float
    people: int

    @property
    def are_too_few(self) -> bool:
        return self.invitations > self.people

    @property
    def brought(self) -> int:
        """Answers that asking all of them brings."""
        return round(self.people * self.rate)

    @property
    def percent(self) -> int:
        return whole_percent(self.rate)


def needed(wave: Wave) -> Needed | None:
    """None: there are no recipients yet."""
    source: Callable[[Wave], tuple[int, int, int, float, int] | None] = import_string(settings.SAMPLE_NEEDED)
    found = source(wave)
    return Needed(*found) if found else None
