"""Which moments of a cycle customers, or others, have been asked about: what the map wants to know."""

from cycles.models import Cycle
from surveys.models import Item


def asked_moments(cycle: Cycle) -> frozenset[int]:
    """Of every survey that was opened: a draft has no items yet. One query."""
    rows = Item.objects.filter(survey__cycle=cycle, moment__isnull=False)
    return frozenset(rows.order_by().values_list("moment_id", flat=True).distinct())
