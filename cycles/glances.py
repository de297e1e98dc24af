"""What asks for attention in each of many cycles, in a few words: asked of whoever knows, by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Membership

if TYPE_CHECKING:
    from cycles.models import Cycle


@dataclass(frozen=True)
class Glance:
    """`tone` colours it: bad, warn, or nothing special."""

    says: str
    url: str
    tone: str = ""


def glances_of(cycles: "Sequence[Cycle]", membership: Membership) -> Mapping[int, list[Glance]]:
    """By the cycle's key; a fixed number of queries, however many cycles there are."""
    source: Callable[..., Mapping[int, list[Glance]]] = import_string(settings.CYCLE_GLANCES)
    return source(cycles, membership) if cycles else {}
