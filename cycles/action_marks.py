"""What the matrix knows of the actions of a plan: measured effects, and quick wins by their figures.

The plan is below the matrix: settings name the functions that answer (`ACTION_EFFECTS`, `ACTION_QUICK_WINS`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from cycles.models import Cycle


@dataclass(frozen=True)
class ShortEffect:
    """As a row has room for: +0.52, ± 0.16, "clear effect, 2.9 to 3.4"."""

    change: str
    half: str
    says: str
    clear: bool


def effects_in(cycle: "Cycle") -> Mapping[int, ShortEffect]:
    """By action, of those that were measured."""
    source: Callable[[Cycle], Mapping[int, ShortEffect]] = import_string(settings.ACTION_EFFECTS)
    return source(cycle)


def quick_wins_in(cycle: "Cycle") -> Mapping[int, bool]:
    """By action, of those that say what it takes to tell."""
    source: Callable[[Cycle], Mapping[int, bool]] = import_string(settings.ACTION_QUICK_WINS)
    return source(cycle)
