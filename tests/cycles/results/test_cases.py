"""Results computed from the clocks of cases."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from cycles.choices import Clock
from cycles.clocks import Timed, standing_for
from cycles.models import Measurement, Moment
from cycles.results import from_cases
from cycles.service_levels import standing_of
from tests.cycles.results.level import TODAY, add


def case_clock(cycle):
    """As the settings name it in a test: hours of the cases of a cycle."""
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    queue = Moment.objects.get(stage__cycle=cycle, name="Queue at the till").pk
    hours = [
        ("contact", 2.0, queue),
        ("contact", 4.0, None),
        ("contact", 30.0, queue),
        ("closing", 99.0, queue),
    ]
    return [Timed(clock, day, n, moment) for clock, n, moment in hours]


def test_the_clocks_of_the_cases_make_the_results(world, consultant, level, settings):
    settings.CLOCKS = "tests.cycles.results.test_cases.case_clock"
    level.clock, level.unit, level.target_value, level.statistic = Clock.CONTACT, "hours", 24, "median"
    level.save()
    (standing,) = standing_of(world.cycle)
    assert (standing.last.value, standing.last.n, standing.state) == (Decimal(16), 2, "met")  # of its moment
    level.moment = None
    level.save()
    (standing,) = standing_of(world.cycle)
    assert (standing.last.value, standing.last.n) == (Decimal(4), 3)
    page = consultant.get(world.url(f"service-levels/{level.pk}/")).content.decode()
    assert "Computed from the cases" in page
    assert 'name="value"' not in page
    assert add(consultant, world, level, "2026-01", "4").status_code == 422
    assert not Measurement.objects.exists()


def test_the_settings_name_a_function_that_is_there(world):
    from cycles.clocks import hours_of
    from surveys.models.cases import Case

    opened = timezone.now() - timedelta(days=3)
    Case.objects.create(
        cycle=world.cycle, number=1, opened_at=opened, contacted_at=opened + timedelta(hours=6)
    )
    Case.objects.create(cycle=world.cycle, number=2, opened_at=opened)
    (timed,) = hours_of(world.cycle)
    assert (timed.clock, timed.hours) == ("contact", 6.0)


def test_one_number_stands_for_all_the_hours():
    hours = [1.0, 2.0, 3.0, 4.0, 100.0]
    assert standing_for("median", hours) == Decimal("3.0")
    assert standing_for("mean", hours) == Decimal("22.0")
    assert standing_for("p90", hours) == Decimal("100.0")
    assert standing_for("p90", list(map(float, range(1, 11)))) == Decimal("9.0")
    assert standing_for("p90", [7.04]) == Decimal("7.0")


def test_cases_are_no_results_of_another_clock(level):
    level.clock = Clock.SOLUTION
    timed = [Timed("contact", TODAY, 1.0), Timed("solution", TODAY, 5.0, level.moment_id)]
    (result,) = from_cases(level, timed)
    assert (result.day, result.value, result.n) == (date(2026, 11, 1), Decimal("5.0"), 1)
