"""Service levels as they are agreed, and the results of their months."""

from datetime import date, timedelta
from decimal import Decimal

from cycles.models import ServiceLevel
from cycles.recording import record
from cycles.service_levels import standing_of

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 11, 22)


def agree(cycle, **more):
    said = {
        "name": "Wait at the till",
        "category": "responsiveness",
        "bound": "at_most",
        "target_value": Decimal(4),
        "unit": "minutes",
    }
    return ServiceLevel.objects.create(cycle=cycle, **{**said, **more})


def months(level, *values, last=date(2026, 10, 1)):
    """The last of the values is of the month `last`; None is a gap."""
    day = last
    for value in reversed(values):
        if value is not None:
            record(level, day, Decimal(str(value)))
        day = (day - timedelta(days=1)).replace(day=1)


def only(cycle, today=TODAY):
    (standing,) = standing_of(cycle, today)
    return standing


def typed(**more):
    said = {
        "name": "Wait at the till",
        "category": "responsiveness",
        "kind": "service",
        "bound": "at_most",
        "target_value": "4",
        "unit": "minutes",
        "every": "month",
        "statistic": "median",
    }
    return {**said, **more}


def tiers(cycle, *values):
    found, above = [], None
    for tier, value in zip(("corporate", "department", "customer"), values, strict=True):
        said = {"target_value": value, "bound": "at_most" if value else "", "unit": "h" if value else ""}
        above = agree(cycle, name=f"{tier} one", kind="multilevel", tier=tier, above=above, **said)
        found.append(above)
    return found
