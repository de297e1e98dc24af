"""A figure and its unit agree, where the unit is one of those everybody types."""

from decimal import Decimal

import pytest

from cycles.models import Requirement
from cycles.service_levels import target_text
from cycles.units import with_unit


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("1", "hours", "1 hour"),
        ("1.00", "minutos", "1 minuto"),
        ("4", "hour", "4 hours"),
        ("4", "hours", "4 hours"),
        ("0.5", "hour", "0.5 hours"),
        ("1", "meses", "1 mes"),
        ("1", "días hábiles", "1 día hábil"),
        ("1", "h", "1 h"),
        ("96.9", "%", "96.9%"),
        ("1", "% of calls", "1 % of calls"),
        ("1", "", "1"),
    ],
)
def test_ordinary_units_agree_and_the_rest_stays_as_typed(value, unit, said):
    assert with_unit(Decimal(value), unit) == said
    assert target_text("at_most", Decimal(value), unit) == f"At most {said}"
    need = Requirement(target_bound="at_most", target_value=Decimal(value), target_unit=unit)
    assert need.target == f"At most {said}"
