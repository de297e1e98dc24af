"""Did it work? Each action's target against the latest wave after it began (S8).

Everything comes from the tallies but the customers who answered both waves, who are read one by one
(prioritization/linked.py). What two waves say is kept in the process (prioritization/effect_waves.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils import timezone

from cyclemap.compiled import ByKey
from cycles.choices import ActionStatus
from cycles.models import Action, Cycle
from cycles.outline import Outline, outline_of
from cycles.scores import Scores
from prioritization.asking import waves_of
from prioritization.comparison import comparable
from prioritization.effect import Aimed as Aimed
from prioritization.effect import Effect as Effect
from prioritization.effect import Stage as Stage
from prioritization.effect_waves import Comparison, comparison_of, told
from prioritization.matrix import Watermark, least_shown, watermarks
from surveys.models import Item, Wave

LAUNCHED = (ActionStatus.DOING, ActionStatus.DONE)


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


# --- What is kept -----------------------------------------------------------------------------------
