"""What two waves say of the moments that actions were to change; kept while the answers are the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from prioritization.analysis.effect import Linked, Outcome, outcomes
from prioritization.analysis.estimates import Estimates, estimate
from prioritization.effect import Effect, Stage
from prioritization.linked import linked
from prioritization.matrix import Segment, Watermark, least_shown, open_to_view, read
from prioritization.results.who import State, state_of
from prioritization.tallies.read import BeingCountedError
from surveys.models import Wave

KEPT = 128


Pair = tuple[int, int]  # baseline and later wave


def comparison_of(effect: Effect) -> Pair:
    assert effect.target
    assert effect.after
    return effect.target.baseline_id, effect.after.pk


@dataclass(frozen=True, eq=False)
class Sides:
    """Two waves of one group of customers: shared moments, what they said, who is to be linked."""

    moments: tuple[int, ...]
    before: Estimates
    after: Estimates
    linked: Linked | None
    least: int

    def flags(self, chosen: Iterable[int]) -> np.ndarray:
        wanted = set(chosen)
        return np.array([m in wanted for m in self.moments], dtype=bool)


@dataclass(frozen=True)
class Comparison:
    """By segment and moment what was found; None instead: being counted. A segment that is not there
    cannot be shown. `late` are the same for targets that were fixed when the answers were there already:
    those are tested among all the moments."""

    counting: bool
    found: Mapping[tuple[Segment | None, int], tuple[Outcome, float | None]]
    late: Mapping[tuple[Segment | None, int], tuple[Outcome, float | None]]

    @classmethod
    def of(
        cls,
        pair: Pair,
        worked_on: frozenset[int],
        effects: Sequence[Effect],
        waves: Sequence[Wave],
        marks: Mapping[int, Watermark],
    ) -> "Comparison":
        known = {w.pk: w for w in waves}
        states = [state_of(known[pk], marks[pk]) for pk in pair]
        mine = [e for e in effects if e.after and e.target and comparison_of(e) == pair]
        segments = dict.fromkeys(e.target.segment for e in mine if e.target)
        try:
            sides = {one: sides_of(states[0], states[1], one) for one in segments}
        except BeingCountedError:
            return cls(True, {}, {})
        shown = {one: side for one, side in sides.items() if side}
        in_advance = wanted(mine, True)
        found = tested(shown, in_advance, worked_on, among_all=False)
        afterwards = wanted(mine, False)
        late = tested(shown, afterwards, worked_on, among_all=True)
        return cls(False, found, late)


def wanted(effects: Iterable[Effect], in_advance: bool) -> dict[Segment | None, set[int]]:
    found: dict[Segment | None, set[int]] = {}
    for e in effects:
        if e.target and e.in_advance is in_advance:
            found.setdefault(e.target.segment, set()).update(one.moment_id for one in e.moments)
    return found


def tested(
    sides: Mapping[Segment | None, Sides],
    aims: Mapping[Segment | None, set[int]],
    worked_on: frozenset[int],
    *,
    among_all: bool,
) -> dict[tuple[Segment | None, int], tuple[Outcome, float | None]]:
    """Holm over all that is tested between these two waves, whatever the segment (S8.6)."""
    asked = [(segment, side) for segment, side in sides.items() if segment in aims]
    raw = {
        segment: raw_p(side, side.flags(side.moments if among_all else aims[segment]))
        for segment, side in asked
    }
    found = {}
    for segment, side in asked:
        chosen = side.flags(aims[segment])
        beside = [
            p
            for other, ps in raw.items()
            for m, p in ps.items()
            if other != segment or m not in aims[segment]
        ]
        free = ~side.flags(worked_on) & ~chosen
        answers = outcomes(
            side.before,
            side.after,
            chosen,
            free,
            linked=side.linked,
            least=side.least,
            beside=beside,
        )
        for k, one in enumerate(answers):
            if one:
                enough = side.before.n_importance[k] >= side.least
                importance = float(side.before.importance[k]) if enough else None
                found[segment, side.moments[k]] = one, importance
    return found


def raw_p(side: Sides, chosen: np.ndarray) -> dict[int, float]:
    """Before Holm, of those that have a test."""
    none = np.zeros(len(side.moments), dtype=bool)
    found = outcomes(side.before, side.after, chosen, none, linked=side.linked, least=side.least)
    return {
        moment: one.p_alone
        for moment, one in zip(side.moments, found, strict=True)
        if one and one.p_alone is not None
    }


def told(effect: Effect, comparison: Comparison | None) -> Effect:
    assert effect.target
    if comparison is None or comparison.counting:
        return replace(effect, stage=Stage.COUNTING)
    known = comparison.found if effect.in_advance else comparison.late
    aims = []
    for one in effect.moments:
        outcome, importance = known.get((effect.target.segment, one.moment_id), (None, None))
        aims.append(replace(one, outcome=outcome, importance_before=importance))
    shown = any(one.outcome for one in aims)
    return replace(effect, stage=Stage.MEASURED if shown else Stage.WITHHELD, moments=tuple(aims))


@lru_cache(maxsize=KEPT)
def sides_of(before: State, after: State, segment: Segment | None) -> Sides | None:
    """None: the group may not be shown in one of the waves, or nothing was asked in both."""
    found = {w.pk: w for w in Wave.objects.filter(pk__in=[before.wave, after.wave]).select_related("survey")}
    waves = [found[before.wave], found[after.wave]]
    least = max(least_shown(w) for w in waves)
    columns, estimates = [], []
    for wave in waves:
        reading = read(wave, segment)
        if segment is not None:
            name, value = segment
            sizes = reading.sizes.get(name, {})
            if value not in open_to_view(sizes, reading.everybody.respondents, least):
                return None
        columns.append({item.moment_id: k for k, item in enumerate(reading.items) if item.moment_id})
        estimates.append(estimate(reading.segment or reading.everybody))
    moments = tuple(m for m in columns[0] if m in columns[1])
    if not moments:
        return None
    first, second = (
        e.take([places[m] for m in moments]) for e, places in zip(estimates, columns, strict=True)
    )
    rows = linked(waves[0], waves[1], moments, segment, least)
    return Sides(moments, first, second, rows, least)


forget = sides_of.cache_clear
