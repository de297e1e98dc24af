"""Whether a service level is kept, and whose target counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cycles.models import Measurement
from cycles.recording import record
from cycles.service_levels import standing_of
from tests.cycles.service_levels.agreeing import TODAY, agree, months, only, tiers


@pytest.mark.parametrize(
    ("bound", "values", "state", "words"),
    [
        ("at_most", [3, 4, 3.9, 5, 2, 1], "met", "5 of 6 months"),
        ("at_most", [3, 4, 4.1], "breached", "2 of 3 months"),
        ("at_least", [3, 4, 4.1], "met", "2 of 3 months"),
        ("at_least", [5, 3.9], "breached", "1 of 2 months"),
        ("at_most", [], "not_measured", ""),
        ("at_most", [1] * 14, "met", "12 of 12 months"),
        ("at_most", [9], "breached", "0 of 1 month"),
    ],
)
def test_the_last_result_says_where_a_level_stands(world, queue, bound, values, state, words):
    months(agree(world.cycle, moment=queue, bound=bound), *values)
    standing = only(world.cycle)
    assert (standing.state, standing.words) == (state, words)


def test_a_missing_month_is_a_gap_and_no_zero(world, queue):
    months(agree(world.cycle, moment=queue, bound="at_least"), 5, None, None, 6)
    standing = only(world.cycle)
    assert standing.words == "2 of 2 months"
    assert standing.gaps == 2
    assert not standing.is_stale
    assert only(world.cycle, date(2027, 1, 5)).is_stale
    assert only(world.cycle, date(2027, 1, 5)).gaps == 4


def test_results_outside_the_agreement_are_not_judged(world, queue):
    level = agree(world.cycle, moment=queue, valid_from=date(2026, 9, 15), valid_until=date(2026, 10, 31))
    months(level, 9, 9, 3, 3)
    standing = only(world.cycle)
    assert standing.words == "2 of 2 months"
    assert [standing.kept(one) for one in standing.results] == [None, None, True, True]
    assert not standing.in_force
    assert only(world.cycle, date(2026, 10, 20)).in_force


def test_days_are_counted_by_days(world, queue):
    level = agree(world.cycle, moment=queue, every="day")
    for n, value in enumerate([3, 5, 3], 1):
        record(level, TODAY - timedelta(days=n), Decimal(value))
    assert only(world.cycle).words == "2 of 3 days"


def test_customer_overrides_department_overrides_corporate(world):
    tiers(world.cycle, 48, 24, 8)
    corporate, department, customer = standing_of(world.cycle, TODAY)
    assert customer.target.text == "At most 8 h"
    assert customer.from_words == (
        "Overrides the department target, at most 24 h. Overrides the corporate target, at most 48 h."
    )
    assert department.from_words == "Overrides the corporate target, at most 48 h."
    assert corporate.from_words == ""
    assert [level.tier for level in corporate.overridden_by] == ["department"]


def test_a_tier_that_says_nothing_takes_the_wider_target_and_says_so(world):
    corporate, department, customer = tiers(world.cycle, 48, None, None)
    standings = standing_of(world.cycle, TODAY)
    assert [one.target.text for one in standings] == ["At most 48 h"] * 3
    assert standings[2].from_words == "From the corporate level “corporate one”."
    months(customer, 50)
    assert standing_of(world.cycle, TODAY)[2].state == "breached"
    # Without the wider one there is nothing to hold it against.
    corporate.deleted_at = timezone.now()
    corporate.save()
    assert [one.target for one in standing_of(world.cycle, TODAY)] == [None, None]
    assert department.tier == "department"


def test_the_database_keeps_the_rules(world, queue):
    wrong = (
        {"kind": "service", "tier": "corporate"},
        {"kind": "multilevel", "tier": ""},
        {"kind": "elsewhere"},
        {"category": "none"},
        {"bound": ""},
        {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)},
    )
    for more in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            agree(world.cycle, moment=queue, **more)
    level = agree(world.cycle, moment=queue)
    said = {"cycle": world.cycle, "day": TODAY, "value": 1}
    Measurement.objects.create(service_level=level, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(service_level=level, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(**said)
