"""What customers said of single requirements, where a survey asks about them: counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from prioritization.analysis.grades import Mean, Moved
from prioritization.analysis.suppression import reveals_the_rest
from prioritization.matrix import Period, Segment
from surveys.models import Item, Rating, Wave


@dataclass
class Sums:
    """Of the satisfactions with one requirement, by whole numbers."""

    n: int = 0
    x: int = 0
    xx: int = 0

    def add(self, value: int, times: int) -> None:
        self.n, self.x, self.xx = self.n + times, self.x + value * times, self.xx + value * value * times

    @property
    def mean(self) -> Mean:
        """s^2/n of the mean; two answers at least (S1.1)."""
        value = self.x / self.n
        spread = max(0.0, self.xx - self.n * value * value) / (self.n - 1)
        return Mean(value, spread / self.n, self.n, self.n)


@dataclass(frozen=True)
class Rated:
    """`mean` None: too few answers, or so few others that these would be seen by subtraction."""

    moment: int
    key: int | None  # of the requirement, as long as it exists
    wording: str
    mean: Mean | None


def rated(
    items: Sequence[Item],
    language: str,
    wave: Wave,
    segment: Segment | None,
    period: Period | None,
    least: int,
) -> list[Rated]:
    """`items` of the wave's survey that are about requirements. One query, two for a segment; none without
    such items."""
    if not items:
        return []
    own = counted(wave, items, segment, period)
    whole = counted(wave, items, None, period) if segment else own
    found = []
    for item in items:
        sums, everybody = own[item.pk], whole[item.pk]
        small = sums.n < least or (segment and reveals_the_rest(sums.n, everybody.n, least))
        if item.moment_id is not None:
            mean = None if small else sums.mean
            found.append(Rated(item.moment_id, item.requirement_id, item.text(language), mean))
    return found


def counted(
    wave: Wave, items: Sequence[Item], segment: Segment | None, period: Period | None
) -> dict[int, Sums]:
    rows = Rating.objects.filter(response__wave=wave, item__in=items).exclude(satisfaction=None).order_by()
    if segment:
        name, value = segment
        part = Cast(KeyTextTransform(name, "response__segments"), TextField())
        rows = rows.annotate(part=part).filter(part=value)
    if period:
        rows = rows.filter(response__submitted_at__date__range=period)
    counts = rows.values_list("item_id", "satisfaction").annotate(times=Count("response_id"))
    sums = {item.pk: Sums() for item in items}
    for item, satisfaction, times in counts:
        sums[item].add(satisfaction, times)
    return sums


def moves(now: Sequence[Rated], before: Sequence[Rated]) -> list[Moved | None]:
    """Those asked in both waves."""
    old: dict[int | None, Mean | None] = {one.key: one.mean for one in before if one.key is not None}
    return [Moved(then, one.mean) if one.mean and (then := old.get(one.key)) else None for one in now]
