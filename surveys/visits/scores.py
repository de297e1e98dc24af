"""What the visits found: of each moment, each criterion, each place, with how sure that is.

A visit scores a moment by the weighted mean of its criteria that apply; what was not applicable or not
answered is left out, never a zero (S0). Over visits the mean of those scores with its t interval: the
visit, not the criterion, is what was drawn. Two queries and one for each of weights and moments.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from scipy.special import stdtrit

from surveys.models import Criterion, Item, Visit, VisitScore, VisitState, Wave
from surveys.visits.weights import weights_of

# Below, what visits say is orientation, not measurement.
ENOUGH_VISITS = 10


@dataclass(frozen=True)
class Estimate:
    """Of n visits. Without two of them there is no interval."""

    n: int
    mean: float
    se: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_orientation(self) -> bool:
        return self.n < ENOUGH_VISITS


def estimate(values: Sequence[float], scale: tuple[int, int]) -> Estimate | None:
    """Mean with its 95 % t interval, which does not leave the scale."""
    n = len(values)
    if not n:
        return None
    mean = sum(values) / n
    if n == 1:
        return Estimate(1, mean)
    se = sqrt(sum((value - mean) ** 2 for value in values) / (n - 1) / n)
    half = float(stdtrit(n - 1, 0.975)) * se
    return Estimate(n, mean, se, max(float(scale[0]), mean - half), min(float(scale[1]), mean + half))


def weighted(scores: Mapping[str, int | None], weights: Mapping[str, int]) -> float | None:
    """Of one moment in one visit; None where nothing that counts applied."""
    there = [(weights[criterion], value) for criterion, value in scores.items() if value is not None]
    total = sum(weight for weight, _value in there)
    return sum(weight * value for weight, value in there) / total if total else None


def mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


@dataclass(frozen=True)
class MomentScore:
    item: Item
    estimate: Estimate | None
    # How many visits said of how many criteria that they did not apply.
    not_applicable: int


@dataclass(frozen=True)
class VisitScores:
    """All of a wave. `of_visit` by the visit's key, `of_moment` by the moment's on the map."""

    wave: Wave
    weights: Mapping[str, int]
    n_visits: int = 0
    overall: Estimate | None = None
    moments: Sequence[MomentScore] = ()
    criteria: Mapping[str, Estimate | None] = field(default_factory=dict)
    places: Mapping[str, Estimate | None] = field(default_factory=dict)
    of_visit: Mapping[int, float | None] = field(default_factory=dict)

    @property
    def of_moment(self) -> dict[int, Estimate]:
        return {
            found.item.moment_id: found.estimate
            for found in self.moments
            if found.item.moment_id is not None and found.estimate is not None
        }

    @property
    def is_orientation(self) -> bool:
        return self.n_visits < ENOUGH_VISITS

    @property
    def named_criteria(self) -> list[tuple[Criterion, Estimate | None]]:
        return [(Criterion(criterion), found) for criterion, found in self.criteria.items()]


def scores_of(wave: Wave) -> VisitScores:
    """Of the visits that were made, reviewed or not yet."""
    weights = weights_of(wave.survey)
    visits = list(Visit.objects.filter(wave=wave).exclude(state=VisitState.PLANNED))
    items = list(wave.survey.items.filter(is_requirement=False))
    told: dict[int, dict[int, dict[str, int | None]]] = defaultdict(lambda: defaultdict(dict))
    rows = VisitScore.objects.filter(visit__in=visits)
    for visit_id, item_id, criterion, value in rows.values_list("visit", "item", "criterion", "value"):
        told[visit_id][item_id][criterion] = value
    return reckoned(wave, weights, visits, items, told)


def reckoned(
    wave: Wave,
    weights: Mapping[str, int],
    visits: Sequence[Visit],
    items: Sequence[Item],
    told: Mapping[int, Mapping[int, Mapping[str, int | None]]],
) -> VisitScores:
    scale = (1, wave.survey.scale_max)
    asked = {item.pk for item in items}
    # By visit and moment.
    found = {
        visit.pk: {
            item_id: weighted(scores, weights)
            for item_id, scores in told.get(visit.pk, {}).items()
            if item_id in asked
        }
        for visit in visits
    }

    def over(values: Iterable[float | None]) -> Estimate | None:
        return estimate([value for value in values if value is not None], scale)

    def criterion_in(visit: Visit, criterion: str) -> float | None:
        return mean(scores.get(criterion) for scores in told.get(visit.pk, {}).values())

    of_visit = {visit.pk: mean(found[visit.pk].values()) for visit in visits}
    places = dict.fromkeys(sorted({visit.place for visit in visits}))
    return VisitScores(
        wave=wave,
        weights=weights,
        n_visits=len(visits),
        overall=over(of_visit.values()),
        moments=[
            MomentScore(
                item,
                over(found[visit.pk].get(item.pk) for visit in visits),
                left_out(item, [told.get(visit.pk, {}) for visit in visits]),
            )
            for item in items
        ],
        criteria={
            criterion: over(criterion_in(visit, criterion) for visit in visits)
            for criterion in Criterion.values
        },
        places={
            place: over(of_visit[visit.pk] for visit in visits if visit.place == place) for place in places
        },
        of_visit=of_visit,
    )


def left_out(item: Item, told: Iterable[Mapping[int, Mapping[str, int | None]]]) -> int:
    """How often a criterion of the moment did not apply."""
    return sum(value is None for visit in told for value in visit.get(item.pk, {}).values())
