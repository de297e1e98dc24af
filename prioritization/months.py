"""The months a wave may be narrowed to, so that no two periods give a small group away (S0).

Whoever sees two periods can subtract one from the other. So months with few answers are joined with
their neighbours, and a period begins and ends only where a joined stretch does: whatever is subtracted
then is made of whole stretches, none of them below the threshold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language

from prioritization.analysis.suppression import K
from prioritization.models import Cube
from surveys.models import Wave

Month = tuple[int, int]


@dataclass(frozen=True)
class Stretch:
    """One month or several, both ends included."""

    first: Month
    last: Month
    n: int

    @property
    def begins(self) -> date:
        return date(*self.first, 1)

    @property
    def ends(self) -> date:
        year, month = self.last
        return (date(year, month, 28) + timedelta(4)).replace(day=1) - timedelta(1)

    @property
    def label(self) -> str:
        if self.first == self.last:
            return named(self.first)
        return f"{named(self.first)} – {named(self.last)}"


def named(month: Month) -> str:
    return _named(month, get_language())


@lru_cache(maxsize=1024)
def _named(month: Month, language: str | None) -> str:
    """The list of months is on every page twice, and writing a date is dear."""
    return formats.date_format(date(*month, 1), "YEAR_MONTH_FORMAT")


def written(month: Month) -> str:
    """As the address has it: 2026-03."""
    return f"{month[0]:04}-{month[1]:02}"


def stretches(counts: Iterable[tuple[Month, int]], k: int = K) -> list[Stretch]:
    """Each of at least k answers; what is left over at the end belongs to the last."""
    found: list[Stretch] = []
    begun: Stretch | None = None
    for month, n in sorted(counts):
        begun = Stretch(begun.first, month, begun.n + n) if begun else Stretch(month, month, n)
        if begun.n >= k:
            found.append(begun)
            begun = None
    if begun and found:
        found[-1] = Stretch(found[-1].first, begun.last, found[-1].n + begun.n)
    return found


def stretches_of(wave: Wave, segment: tuple[str, str] | None = None) -> list[Stretch]:
    """From the counted answers: those that came a second ago can only make a stretch larger. One query.

    Of a segment neither it nor the rest of a stretch may be small: the smaller of the two counts.
    """
    wanted = {("", ""), segment or ("", "")}
    k = max(K, wave.survey.threshold)
    by_group: dict[tuple[str, str], dict[int, int]] = {group: {} for group in wanted}
    found = Cube.objects.filter(wave=wave, name__in=[name for name, _ in wanted], month__gt=0)
    for name, value, month, n in found.values_list("name", "value", "month", "n_responses"):
        if (name, value) in wanted:
            by_group[name, value][month] = n
    everybody = by_group["", ""]
    if segment is None:
        return stretches(((split(month), n) for month, n in everybody.items()), k)
    own = by_group[segment]
    return stretches(
        ((split(month), min(own.get(month, 0), n - own.get(month, 0))) for month, n in everybody.items()), k
    )


def split(month: int) -> Month:
    """From the number `tallies.cubes.month_of` gives."""
    year, rest = divmod(month, 12)
    return year, rest + 1


def span(chosen: Sequence[Stretch], first: str, last: str) -> tuple[date, date] | None:
    """The days from the stretch that begins with `first` to the one that ends with `last`.

    None where there is no such stretch, or they are the wrong way round.
    """
    begin = next((s for s in chosen if written(s.first) == first), chosen[0] if not first else None)
    end = next((s for s in chosen if written(s.last) == last), chosen[-1] if not last else None)
    if begin is None or end is None or begin.begins > end.begins:
        return None
    return begin.begins, end.ends
