"""Which moments have been asked about in a survey, as far as the map needs to know.

The map is below the surveys: settings name the function that answers (`MOMENTS_ASKED`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from cycles.models import Cycle


def asked_in(cycle: "Cycle") -> frozenset[int]:
    """Keys of the moments of a cycle that some survey asked about. One query."""
    source: Callable[[Cycle], frozenset[int]] = import_string(settings.MOMENTS_ASKED)
    return source(cycle)
