"""Service levels, indicators and their results, so many of each, for the walks over the site."""

from datetime import date, timedelta

from django.utils import timezone

from cycles.models import Indicator, Measurement, Moment, Requirement, ServiceLevel, Stage


def furnish_agreed(stage: Stage, moment: Moment, requirement: Requirement, times: int) -> dict:
    """The last of each, and one of each in the bin."""
    cycle = stage.cycle
    said = {"cycle": cycle, "category": "quality", "unit": "kanari"}
    target = {"bound": "at_most", "target_value": 4}
    Requirement.objects.filter(pk=requirement.pk).update(target_bound="at_most", target_value=3)
    for n in range(times):
        level = ServiceLevel.objects.create(name=f"kanari {n}", moment=moment, **said, **target)
        ServiceLevel.objects.create(
            name=f"kanari whole {n}", kind="multilevel", tier="corporate", **said, **target
        )
        indicator = Indicator.objects.create(name=f"kanari {n}", stage=stage, **said, **target)
        Indicator.objects.create(name=f"kanari {n}", moment=moment, **said)
        for month in range(1, times + 1):
            day = (timezone.localdate().replace(day=1) - timedelta(days=31 * month)).replace(day=1)
            measurement = Measurement.objects.create(cycle=cycle, service_level=level, day=day, value=month)
            Measurement.objects.create(cycle=cycle, indicator=indicator, day=day, value=month)
    gone = {"deleted_at": timezone.now()}
    return {
        "level": level,
        "indicator": indicator,
        "measurement": measurement,
        "binned_level": ServiceLevel.objects.create(name="kanari binned", **said, **target, **gone),
        "binned_indicator": Indicator.objects.create(name="kanari binned", stage=stage, **said, **gone),
        "binned_measurement": Measurement.objects.create(
            cycle=cycle, service_level=level, day=date(2020, 1, 1), value=1, **gone
        ),
    }
