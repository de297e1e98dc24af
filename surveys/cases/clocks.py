"""How long the customers of a cycle waited, case by case: what its service levels are computed from."""

from django.utils import timezone

from cycles.choices import Clock
from cycles.clocks import Timed
from cycles.models import Cycle
from surveys.models.cases import Case

# Which moment of a case stops which clock; each runs from the opening.
STOPS = {Clock.CONTACT: "contacted_at", Clock.SOLUTION: "solved_at", Clock.CLOSING: "closed_at"}


def hours_of(cycle: Cycle) -> list[Timed]:
    """In the order in which they were opened. What has not got so far has no hours. One query."""
    rows = Case.objects.filter(cycle=cycle).order_by("pk").values("opened_at", "moment_id", *STOPS.values())
    return [
        Timed(
            clock.value,
            timezone.localtime(row[stop]).date(),
            max(0.0, (row[stop] - row["opened_at"]).total_seconds() / 3600),
            row["moment_id"],
        )
        for row in rows
        for clock, stop in STOPS.items()
        if row[stop]
    ]
