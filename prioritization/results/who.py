"""Which groups of a wave may be looked at, so that no two of them together show a few people (S0).

One narrowing at a time: a value of a segment, a language, a way in, or a period. Crossings are not
offered, since whoever sees "women", "Cali" and "women of Cali" sees the other three groups as well.
Of two groups that may be chosen, neither differs from the other, nor from the rest of the other, by
fewer than k people; and what a segment hides is never fewer than k.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import TruncMonth

from prioritization.analysis.ratings import Floats, Ints
from prioritization.analysis.suppression import K, reveals_the_rest, suppressed
from prioritization.matrix import Watermark
from prioritization.months import Month, Stretch, stretches
from prioritization.tallies.dimensions import MAX_CUBED, kind_of
from surveys.models import Response, Wave

# Names of what is no segment. Nobody can call an attribute so and mean something else by it.
LANGUAGE, LINK = "@language", "@link"
PERSONAL, OPEN, NO_LINK = "personal", "open", "none"
# Groups compared with one another; segments beyond them are not offered.
MOST_GROUPS = 120
# Waves whose groups a process remembers.
KEPT = 64


@dataclass(frozen=True)
class Who:
    """`n` answers; the values of each dimension that may be chosen, with their answers; the periods.

    `withheld`: dimensions of which something may not be chosen.
    """

    n: int = 0
    dimensions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    stretches: tuple[Stretch, ...] = ()

    def size(self, name: str, value: str) -> int | None:
        return self.dimensions.get(name, {}).get(value)


@dataclass(frozen=True)
class Kind:
    """So many answers with these values, of this month."""

    values: Mapping[str, str]
    month: Month
    n: int


def threshold(wave: Wave) -> int:
    return int(wave.survey.threshold)


@dataclass(frozen=True)
class State:
    """What the answers of a wave were when something was worked out of them."""

    wave: int
    opened_at: datetime | None
    mark: Watermark
    erasures: int
    threshold: int
    is_anonymous: bool


def state_of(wave: Wave, mark: Watermark) -> State:
    survey = wave.survey
    return State(wave.pk, wave.opened_at, mark, wave.erasures, survey.threshold, survey.is_anonymous)


def who(wave: Wave, mark: Watermark) -> Who:
    """One statement, and none as long as the answers are the same."""
    return _who(state_of(wave, mark))


@lru_cache(maxsize=KEPT)
def _who(state: State) -> Who:
    return allowed(kinds(state.wave, is_anonymous=state.is_anonymous), state.threshold)


forget = _who.cache_clear


def link_of(*, is_anonymous: bool, of: str = "") -> Case:
    """How an answer came; `of` leads to it. Of an anonymous survey none keeps its invitation."""
    return Case(
        When(**{f"{of}open_link__isnull": False}, then=Value(OPEN)),
        When(**{f"{of}invitation__isnull": False}, then=Value(PERSONAL)),
        default=Value(PERSONAL if is_anonymous else NO_LINK),
        output_field=CharField(),
    )


def kinds(wave_id: int, *, is_anonymous: bool) -> list[Kind]:
    link = link_of(is_anonymous=is_anonymous)
    rows = (
        Response.objects.filter(wave=wave_id)
        .annotate(link=link, month=TruncMonth("submitted_at"))
        .order_by()
        .values_list("segments", "language", "link", "month")
        .annotate(n=Count("pk"))
    )
    return [
        Kind(values_of(segments, language, link), month_of(when), n)
        for segments, language, link, when, n in rows
    ]


def values_of(segments: Any, language: str, link: str) -> dict[str, str]:
    return {**kind_of(segments or {}), LINK: link, **({LANGUAGE: language} if language else {})}


def month_of(when: datetime) -> Month:
    return when.year, when.month


# --- The rule -----------------------------------------------------------------------------------


def allowed(found: Sequence[Kind], k: int) -> Who:
    """A function of the counts alone; tests/prioritization/test_results_who.py holds it to its word."""
    counts = np.array([kind.n for kind in found], np.int64)
    n = int(counts.sum())
    if n < k:
        return Who(n)
    offered: dict[str, dict[str, int]] = {}
    withheld: set[str] = set()
    taken: list[Floats] = []
    for name, values in dimensions(found).items():
        codes = np.array([values.get(kind.values.get(name, ""), len(values)) for kind in found])
        sizes = np.bincount(codes, counts, len(values) + 1).astype(np.int64)
        if len(values) == 1 and not sizes[-1]:
            continue
        shown = open_values(values, sizes, n, k)
        masks = [(codes == values[value]).astype(np.float64) for value in shown]
        room = len(taken) + len(masks) <= MOST_GROUPS
        if len(shown) < len(values):
            withheld.add(name)
        if shown and room and tells_apart(masks, taken, counts, k):
            offered[name] = {value: int(sizes[values[value]]) for value in shown}
            taken += masks
        else:
            withheld.add(name)
    months = stretches(by_month(found), max(K, k))
    if len(months) < 2 or not spans_tell_apart(found, months, taken, counts, k):
        months = []
    return Who(n, offered, frozenset(withheld), tuple(months))


def dimensions(found: Iterable[Kind]) -> dict[str, dict[str, int]]:
    """Name -> value -> place. What has one value for all, or too many to be a group, is left out."""
    values: dict[str, dict[str, None]] = {}
    for kind in found:
        for name, value in kind.values.items():
            values.setdefault(name, {})[value] = None
    first = [name for name in (LINK, LANGUAGE) if name in values]
    names = first + sorted(name for name in values if name not in first)
    return {
        name: {value: place for place, value in enumerate(sorted(values[name]))}
        for name in names
        if len(values[name]) <= MAX_CUBED
    }


def open_values(values: Mapping[str, int], sizes: Ints, n: int, k: int) -> list[str]:
    """Those who have no value are a cell of the breakdown like the others."""
    cells = sizes if sizes[-1] else sizes[:-1]
    if len(cells) < 2:
        return []
    hidden = suppressed(cells, k)
    return [
        v
        for v, place in values.items()
        if not hidden[place] and not reveals_the_rest(int(sizes[place]), n, k)
    ]


def tells_apart(masks: Sequence[Floats], taken: Sequence[Floats], counts: Ints, k: int) -> bool:
    """No group of the new dimension is nearly one of the others, or nearly the rest of one."""
    if not masks or not taken:
        return True
    new, old = np.array(masks), np.array(taken)
    both = (new * counts) @ old.T
    apart = (new @ counts)[:, None] + (old @ counts)[None, :] - 2 * both
    return far(apart, float(counts.sum()), k)


def far(apart: Floats, n: float, k: int) -> bool:
    """`apart`: how many people are in exactly one of two groups."""
    return not bool((((apart > 0) & (apart < k)) | ((apart < n) & (n - apart < k))).any())


def by_month(found: Iterable[Kind]) -> list[tuple[Month, int]]:
    months: dict[Month, int] = {}
    for kind in found:
        months[kind.month] = months.get(kind.month, 0) + kind.n
    return sorted(months.items())


def spans_tell_apart(
    found: Sequence[Kind], months: Sequence[Stretch], taken: Sequence[Floats], counts: Ints, k: int
) -> bool:
    """Nor is a period, of any length, nearly one of the groups."""
    if not taken:
        return True
    place = np.array(
        [next(s for s, m in enumerate(months) if m.first <= kind.month <= m.last) for kind in found]
    )
    inside = np.zeros((len(months), len(found)))
    inside[place, np.arange(len(found))] = counts
    groups = np.array(taken)
    both = np.cumsum(np.hstack([np.zeros((len(groups), 1)), groups @ inside.T]), axis=1)
    whole = np.concatenate([[0.0], np.cumsum(inside.sum(1))])
    sizes = groups @ counts
    spans = [(a, b + 1) for a, b in combinations_with_replacement(range(len(months)), 2)]
    first, last = np.array(spans).T
    apart = sizes[:, None] + (whole[last] - whole[first])[None, :] - 2 * (both[:, last] - both[:, first])
    return far(apart, float(counts.sum()), k)
