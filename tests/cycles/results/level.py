"""Results of a service level as they are typed in and read."""

from datetime import date

from cycles.models import Measurement

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 11, 22)


def add(browser, world, level, period, value, **more):
    data = {"period": period, "value": value, **more}
    return browser.post(world.url(f"service-levels/{level.pk}/results/"), data, headers=HTMX)


def values(level):
    rows = Measurement.objects.filter(service_level=level, deleted_at=None)
    return {f"{row.day:%Y-%m-%d}": row.value for row in rows}
