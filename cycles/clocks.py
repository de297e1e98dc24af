"""How long customers waited for their cases, as service levels are computed from them.

The map is below the cases, so it does not know them: settings name the function that answers (`CLOCKS`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean, median
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from cycles.choices import Statistic

if TYPE_CHECKING:
    from cycles.models import Cycle

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Timed:
    """One case that got so far: on which day, and how many hours after it was captured."""

    clock: str  # a value of cycles.choices.Clock
    day: date
    hours: float
    moment_id: int | None = None


def hours_of(cycle: "Cycle") -> list[Timed]:
    """Of every case of the cycle. What is not over yet has no hours."""
    source: Callable[[Cycle], list[Timed]] = import_string(settings.CLOCKS)
    return source(cycle)


def standing_for(statistic: str, hours: Sequence[float]) -> Decimal:
    """One number for all of them, to a tenth of an hour."""
    if statistic == Statistic.MEAN:
        value = fmean(hours)
    elif statistic == Statistic.P90:
        value = ninth_decile(hours)
    else:
        value = median(hours)
    return Decimal(str(value)).quantize(TENTH)


def ninth_decile(hours: Sequence[float]) -> float:
    """The smallest of the hours that nine of ten cases do not pass."""
    ordered = sorted(hours)
    return ordered[-(-9 * len(ordered) // 10) - 1]
