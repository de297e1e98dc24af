"""How much each criterion counts in a survey: alike, unless somebody says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from cyclemap.rounding import whole_percent
from surveys.models import Criterion, CriterionWeight, Survey


@dataclass(frozen=True)
class Weight:
    criterion: Criterion
    weight: int
    total: int

    @property
    def share(self) -> float:
        return self.weight / self.total

    @property
    def percent(self) -> int:
        return whole_percent(self.share)


def weights_of(survey: Survey) -> dict[str, int]:
    """Of all six, in their order. One query."""
    told = dict(CriterionWeight.objects.filter(survey=survey).values_list("criterion", "weight"))
    return {criterion: told.get(criterion, 1) for criterion in Criterion.values}


def shares(weights: Mapping[str, int]) -> list[Weight]:
    total = sum(weights.values())
    return [Weight(Criterion(criterion), weight, total) for criterion, weight in weights.items()]


@transaction.atomic
def set_weights(survey: Survey, weights: Mapping[str, int]) -> None:
    for criterion, weight in weights.items():
        CriterionWeight.objects.update_or_create(
            survey=survey, criterion=criterion, defaults={"weight": weight}
        )
