"""Which actions first (S13): benefit for the effort, how sure that order is, quick wins, what a budget buys.

Effort, lift and confidence are opinions of whoever wrote the action, and are shown as such. What customers
think comes from one wave, with importance as its matrix has it: stated, picked or derived.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.models import Action, Cycle
from prioritization.analysis.actions import (
    Ground,
    Plan,
    Portfolio,
    Scored,
    joint_benefit,
    portfolio,
    rank_actions,
    top_k_stability,
)
from prioritization.analysis.estimates import Estimates
from prioritization.analysis.ratings import Scale
from prioritization.matrix import compute, least_shown, read
from prioritization.plan import Step, plan_of
from prioritization.results.who import State, state_of
from prioritization.sources import derived_from, refusal, refused_in_words
from surveys.models import Importance, Wave

TOP = 5
SEED = 20060918
KEPT = 64
NEVER = float("inf")


@dataclass(frozen=True)
class Limits:
    """What a quick win may take and must bring: person-days, days, points of benefit."""

    effort: float = 5.0
    days: float = 30.0
    benefit: float = 0.2


@dataclass(frozen=True)
class Lacking:
    """An action that cannot be ranked, and why. `fields` are those to be filled in."""

    action: Action
    fields: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Ranked:
    """One action in its place. `stays`: share of the draws in which it is among the first five; None: not
    known. `left_out` of its moments too few people rated."""

    place: int
    step: Step
    scored: Scored
    stays: float | None
    left_out: int

    @property
    def action(self) -> Action:
        return self.step.action


@dataclass(frozen=True)
class Ranking:
    """`state` is shown, no_answers, no_importance or nothing (no action can be ranked)."""

    state: str
    wave: Wave | None
    importance: str
    limits: Limits
    rows: tuple[Ranked, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    ground: Ground | None = None
    refused: str = ""

    @property
    def quick_wins(self) -> tuple[Ranked, ...]:
        return tuple(row for row in self.rows if row.scored.quick_win)

    @property
    def effort(self) -> float:
        """Of all that can be ranked."""
        return sum(row.scored.plan.effort for row in self.rows)

    def portfolio(self, budget: float) -> "Chosen":
        assert self.ground
        plans = [row.scored.plan for row in self.rows]
        best = portfolio(plans, self.ground, budget)
        names = {plan.id for plan in best.plans}
        into = tuple(row for row in self.rows if row.scored.plan.id in names)
        out = tuple(
            LeftOut(row, why_left_out(row.scored.plan, best, self.ground, budget))
            for row in self.rows
            if row.scored.plan.id not in names
        )
        return Chosen(budget, best, into, out)


@dataclass(frozen=True)
class LeftOut:
    row: Ranked
    why: str


@dataclass(frozen=True)
class Chosen:
    """What a budget buys."""

    budget: float
    best: Portfolio
    into: tuple[Ranked, ...]
    out: tuple[LeftOut, ...]

    @property
    def overlap(self) -> float:
        """By how much the joint benefit is less than the sum: actions on one moment share its room."""
        return sum(row.scored.benefit for row in self.into) - self.best.benefit

    @property
    def overlaps(self) -> bool:
        return self.overlap >= 0.005

    @property
    def one_reason(self) -> str:
        """Why all that is left out is left out, where several share it: then it is said once."""
        reasons = {one.why for one in self.out}
        return reasons.pop() if len(reasons) == 1 and len(self.out) > 1 else ""


def why_left_out(plan: Plan, best: Portfolio, ground: Ground, budget: float) -> str:
    if plan.effort > budget + 1e-9:
        return _("It takes more than the whole budget.")
    if plan.effort <= budget - best.effort + 1e-9:
        return _("It would fit, but adds nothing to what is chosen.")
    more = joint_benefit([*best.plans, plan], ground) - best.benefit
    alone = joint_benefit([plan], ground)
    if more < 0.75 * alone:
        return _("No room: what is chosen already lifts the same moments.")
    return _("No room: others bring more for these days.")


def ranking_of(
    cycle: Cycle,
    wave: Wave | None,
    *,
    importance: str = "stated",
    limits: Limits | None = None,
    today: date | None = None,
) -> Ranking:
    """Of the actions not yet done or dropped, by the answers of this wave.

    BeingCountedError as `matrix.read`. Eight queries.
    """
    limits = limits or Limits()
    steps = plan_of(cycle, today or timezone.localdate()).open
    if wave is None:
        return Ranking("no_answers", None, importance, limits)
    reading = read(wave)
    if not reading.everybody.respondents:
        return Ranking("no_answers", wave, importance, limits)
    refused = ""
    if importance == "derived" and (why := refusal(reading.everybody, derived_from(reading.everybody))):
        refused, importance = refused_in_words(why), "stated"
    if importance == "stated" and wave.survey.importance == Importance.NONE:
        return Ranking("no_importance", wave, importance, limits, refused=refused)
    result = compute(reading, importance=importance)
    ground, places = ground_of(result, wave)
    plans, lacking, left_out = gathered(steps, ground, places, {m.moment_id for m in reading.items})
    if not plans:
        return Ranking("nothing", wave, importance, limits, (), lacking, ground, refused)
    stays = stability(
        state_of(wave, reading.watermark),
        importance,
        tuple((p.id, p.effort, p.confidence, tuple(sorted(p.lifts.items()))) for p in plans),
        lambda: reading.estimates(reading.everybody, importance == "derived"),
        least_shown(wave),
    )
    by_id = {str(step.action.pk): step for step in steps}
    rows = tuple(
        Ranked(place, by_id[one.plan.id], one, stays.get(one.plan.id), left_out[one.plan.id])
        for place, one in enumerate(ranked(plans, ground, limits), 1)
    )
    return Ranking("shown", wave, importance, limits, rows, lacking, ground, refused)


def ranked(plans: Sequence[Plan], ground: Ground, limits: Limits) -> tuple[Scored, ...]:
    return rank_actions(
        plans, ground, most_effort=limits.effort, most_days=limits.days, least_benefit=limits.benefit
    )


def ground_of(result: Mapping[str, Any], wave: Wave) -> tuple[Ground, dict[int, int]]:
    """What a computed matrix says of the moments, and where each shown one stands in it."""
    moments = result["moments"]
    scale = Scale(1, wave.survey.scale_max)

    def column(name: str, missing: float) -> np.ndarray:
        values = [m.get(name) if not m["suppressed"] else None for m in moments]
        return np.array([missing if v is None else v for v in values], dtype=np.float64)

    weight = column("importance", 0.0)
    chances = [
        (m["p_quadrant"] or {}).get("concentrate_here", 0.0) if not m["suppressed"] else 0.0 for m in moments
    ]
    ground = Ground(
        weight / weight.sum() if weight.sum() > 0 else weight,
        column("reach", 1.0),
        column("satisfaction", scale.high),
        scale,
        np.array(chances, dtype=np.float64),
    )
    return ground, {m["id"]: k for k, m in enumerate(moments) if m["id"] is not None and not m["suppressed"]}


def gathered(
    steps: Sequence[Step], ground: Ground, places: Mapping[int, int], asked: set[int | None]
) -> tuple[list[Plan], tuple[Lacking, ...], dict[str, int]]:
    """What can be ranked, what cannot, and how many moments of each are not counted."""
    plans, lacking, left_out = [], [], {}
    width = ground.scale.high - ground.scale.low
    for step in steps:
        if why := why_not(step, places, asked):
            lacking.append(why)
            continue
        action, known = step.action, [pk for pk in step.moment_ids if pk in places]
        plans.append(plan_from(action, {places[pk]: min(float(action.lift or 0), width) for pk in known}))
        left_out[str(action.pk)] = len(step.moment_ids) - len(known)
    return plans, tuple(lacking), left_out


def plan_from(action: Action, lifts: Mapping[int, float]) -> Plan:
    """Of an action that says its effort, lift and confidence. Without a duration it is no quick win."""
    days = NEVER if action.duration_days is None else float(action.duration_days)
    return Plan(
        str(action.pk), float(action.effort_days or 0), days, float(action.confidence or 0) / 100, dict(lifts)
    )


def why_not(step: Step, places: Mapping[int, int], asked: set[int | None]) -> Lacking | None:
    """What is missing, in words."""
    action = step.action
    fields = {
        "effort_days": _("effort in person-days"),
        "lift": _("expected lift"),
        "confidence": _("confidence"),
    }
    missing = [name for name in fields if getattr(action, name) is None]
    if not step.moment_ids:
        missing.append("moments")
    if missing:
        names = [fields.get(name) or _("the moments it serves") for name in missing]
        return Lacking(action, tuple(missing), _("Missing: %(what)s.") % {"what": ", ".join(names)})
    if any(pk in places for pk in step.moment_ids):
        return None
    if not any(pk in asked for pk in step.moment_ids):
        why = ngettext(
            "Customers were not asked about its moment.",
            "Customers were not asked about its moments.",
            len(step.moment_ids),
        )
        return Lacking(action, (), why)
    return Lacking(action, (), _("Too few customers rated what it serves."))


# --- How sure the order is --------------------------------------------------------------------------

Given = tuple[tuple[str, float, float, tuple[tuple[int, float], ...]], ...]
_kept: dict[tuple[State, str, Given], dict[str, float]] = {}


def stability(state: State, importance: str, given: Given, estimates: Any, least: int) -> dict[str, float]:
    """By action; worked out once for each state of the answers and of the estimates of the actions."""
    key = (state, importance, given)
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = drawn(given, estimates(), least)
    return _kept[key]


def drawn(given: Given, e: Estimates, least: int) -> dict[str, float]:
    if len(given) <= TOP:
        return {one[0]: 1.0 for one in given}
    plans = [Plan(name, effort, 0.0, sure, dict(lifts)) for name, effort, sure, lifts in given]
    try:
        found = top_k_stability(plans, e, TOP, np.random.default_rng(SEED), min_n=least)
    except ValueError:  # somewhere only one person answered: how sure a mean is cannot be told
        return {}
    return dict(zip((p.id for p in plans), found.tolist(), strict=True))
