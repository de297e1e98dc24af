"""Did it work? Each action's target against the latest wave after it began (S8).

Everything comes from the tallies but the customers who answered both waves, who are read one by one
(prioritization/linked.py). What two waves say is kept in the process as long as their answers are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from django.db.models import prefetch_related_objects
from django.utils import timezone

from cyclemap.compiled import ByKey
from cycles.choices import ActionStatus
from cycles.models import Action, Cycle
from cycles.outline import Outline, outline_of
from cycles.scores import Scores
from prioritization.analysis.effect import Linked, Outcome, outcomes
from prioritization.analysis.estimates import Estimates, estimate
from prioritization.asking import waves_of
from prioritization.comparison import comparable
from prioritization.effect import Aimed as Aimed
from prioritization.effect import Effect as Effect
from prioritization.effect import Stage as Stage
from prioritization.linked import linked
from prioritization.matrix import Segment, Watermark, least_shown, open_to_view, read, watermarks
from prioritization.results.who import State, state_of
from prioritization.tallies.read import BeingCountedError
from surveys.models import Item, Wave

KEPT = 128
LAUNCHED = (ActionStatus.DOING, ActionStatus.DONE)


# --- What the actions are held to -------------------------------------------------------------------


def effects_of(cycle: Cycle, outline: Outline | None = None) -> list[Effect]:
    """Of every action with a target and of every one that is done, by plan and number.

    Nine queries; as many more for each two waves and segment that are not kept already.
    """
    actions = [a for a in aimed_actions(cycle) if has_target(a) or a.status == ActionStatus.DONE]
    if not actions:
        return []
    outline = outline or outline_of(cycle, Scores())
    waves = waves_of(cycle)
    marks = watermarks(waves) if waves else {}
    worked_on, asked = touched(cycle), asked_in(waves)
    found = [placed(action, outline, waves, marks, asked) for action in actions]
    comparisons = {comparison_of(e) for e in found if e.after and e.target}
    answers = {key: Comparison.of(key, worked_on, found, waves, marks) for key in comparisons}
    return [told(e, answers.get(comparison_of(e))) if e.after and e.target else e for e in found]


def aimed_actions(cycle: Cycle) -> list[Action]:
    actions = AIMED_OF_CYCLE.all(cycle.pk)
    prefetch_related_objects(actions, "target__moments")
    return actions


AIMED_OF_CYCLE = ByKey(
    lambda cycle: (
        Action.objects.filter(plan__cycle=cycle, plan__deleted_at=None, deleted_at=None)
        .select_related("target__baseline__survey", "target__fixed_by")
        .order_by("plan_id", "number")
    )
)


def has_target(action: Action) -> bool:
    return getattr(action, "target", None) is not None


def begun_on(action: Action) -> date | None:
    """None: not begun."""
    if action.launched_on:
        return action.launched_on
    if action.status not in LAUNCHED:
        return None
    return action.done_on or timezone.localdate(action.created_at)


def touched(cycle: Cycle) -> frozenset[int]:
    """Moments some action that has begun serves, itself or by a requirement, or aims at. Two queries."""
    begun = Action.objects.filter(plan__cycle=cycle, plan__deleted_at=None, deleted_at=None)
    begun = begun.exclude(status__in=[ActionStatus.PROPOSED, ActionStatus.APPROVED], launched_on=None)
    rows = begun.values_list("moments", "target__moments")
    by_requirement = begun.values_list("requirements__moment", flat=True)
    found = {pk for row in rows for pk in row} | set(by_requirement)
    return frozenset(pk for pk in found if pk is not None)


def asked_in(waves: Iterable[Wave]) -> frozenset[tuple[int, int]]:
    """Which survey asks about which moment. One query."""
    items = Item.objects.filter(survey__in={w.survey_id for w in waves}, is_requirement=False)
    return frozenset(items.exclude(moment=None).values_list("survey_id", "moment_id"))


def placed(
    action: Action,
    outline: Outline,
    waves: Sequence[Wave],
    marks: Mapping[int, Watermark],
    asked: frozenset[tuple[int, int]],
) -> Effect:
    """With the wave that is to answer, where there is one."""
    if not has_target(action):
        return Effect(action, Stage.NO_TARGET)
    target = action.target
    aims = sorted(
        (
            Aimed(entry.moment.pk, str(entry.number), str(entry.moment))
            for moment in target.moments.all()
            if (entry := outline.entry(moment.pk))
        ),
        key=lambda one: int(one.number),
    )
    effect = Effect(action, Stage.PLANNED, target, None, tuple(aims))
    begun = begun_on(action)
    if begun is None:
        return effect
    baseline = next((w for w in waves if w.pk == target.baseline_id), target.baseline)
    later = [
        w
        for w in waves
        if comparable(baseline, w)
        and w.opened_at
        and timezone.localdate(w.opened_at) >= begun
        and marks[w.pk].n >= least_shown(w)
        and any((w.survey_id, aim.moment_id) in asked for aim in aims)
    ]
    if not later:
        return replace(effect, stage=Stage.WAITING)
    after = later[0]
    assert after.opened_at
    return replace(effect, stage=Stage.WAITING, after=after, in_advance=target.fixed_at < after.opened_at)


# --- What two waves say -----------------------------------------------------------------------------

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


# --- What is kept -----------------------------------------------------------------------------------


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
