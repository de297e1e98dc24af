"""Which actions first: benefit for the effort, quick wins, what fits a budget (S13).

Confidence, lift and effort are opinions: whoever shows a score says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from prioritization.analysis.certainty import root_of
from prioritization.analysis.engine import MIN_N, visible
from prioritization.analysis.estimates import Estimates
from prioritization.analysis.ratings import Floats, Scale

EXHAUSTIVE = 20
# Draws at a time, so that what is worked on stays in cache.
CHUNK = 10_000


@dataclass(frozen=True)
class Plan:
    """An action: effort in person-days, duration in days, confidence 0 to 1, and the expected lift in
    satisfaction points on each of its moments (by index). ValueError: a number out of range."""

    id: str
    effort: float
    days: float
    confidence: float
    lifts: Mapping[int, float]

    def __post_init__(self) -> None:
        if not self.effort > 0 or not self.days >= 0 or not 0 <= self.confidence <= 1:
            raise ValueError("effort is above zero, days not below, confidence between 0 and 1")
        if any(not lift >= 0 for lift in self.lifts.values()):
            raise ValueError("a lift is not negative")


@dataclass(frozen=True, eq=False)
class Ground:
    """What the actions work on: (M,) weights omega (sum 1), reach, satisfaction; and P(act here)."""

    omega: Floats
    reach: Floats
    satisfaction: Floats
    scale: Scale
    p_concentrate: Floats

    @classmethod
    def of(
        cls, e: Estimates, p_concentrate: Floats, shares: Floats | None = None, *, min_n: int = MIN_N
    ) -> "Ground":
        """omega = I/sum I of the stated importance, or the derived `shares`. Hidden moments weigh 0."""
        known = visible(e, min_n)
        weight = np.where(known, e.importance if shares is None else shares, 0.0)
        reach = np.where(np.isnan(e.reach), 1.0, e.reach)
        return cls(
            weight / weight.sum(),
            reach,
            np.where(known, e.satisfaction, e.scales.satisfaction.high),
            e.scales.satisfaction,
            p_concentrate,
        )


@dataclass(frozen=True)
class Scored:
    plan: Plan
    benefit: float
    score: float
    quick_win: bool


def benefit(plan: Plan, ground: Ground) -> float:
    """sum omega reach c min(lift, high - S)/(high - low) 100."""
    width = ground.scale.high - ground.scale.low
    total = 0.0
    for m, lift in plan.lifts.items():
        room = max(0.0, ground.scale.high - float(ground.satisfaction[m]))
        total += float(ground.omega[m] * ground.reach[m]) * plan.confidence * min(lift, room) / width * 100
    return total


def rank_actions(
    plans: Sequence[Plan],
    ground: Ground,
    *,
    most_effort: float,
    least_benefit: float,
    most_days: float = 30.0,
) -> tuple[Scored, ...]:
    """By score = benefit/effort, then benefit, less effort, id.

    A quick win has effort, days and benefit within the limits, and one of its moments more likely than
    not in "concentrate here" (P(A) at least .5): a moment already in excess earns none.
    """
    scored = []
    for plan in plans:
        worth = benefit(plan, ground)
        chances = [float(np.nan_to_num(ground.p_concentrate[m])) for m in plan.lifts]
        quick = (
            plan.effort <= most_effort
            and plan.days <= most_days
            and worth >= least_benefit
            and max(chances, default=0.0) >= 0.5
        )
        scored.append(Scored(plan, worth, worth / plan.effort, quick))
    return tuple(sorted(scored, key=lambda s: (-s.score, -s.benefit, s.plan.effort, s.plan.id)))


@dataclass(frozen=True)
class Portfolio:
    """The chosen actions, in the order given; `exact` when every combination was tried."""

    plans: tuple[Plan, ...]
    benefit: float
    effort: float
    exact: bool


def joint_benefit(plans: Sequence[Plan], ground: Ground) -> float:
    """Two actions on one moment do not add up: joint lift = room (1 - prod (1 - c l/room))."""
    left: dict[int, float] = {}
    for plan in plans:
        for m, share in _shares(plan, ground).items():
            left[m] = left.get(m, 1.0) * (1 - share)
    return sum(_room_value(m, ground) * (1 - rest) for m, rest in left.items())


def portfolio(plans: Sequence[Plan], ground: Ground, budget: float) -> Portfolio:
    """The largest joint benefit within a budget of effort: every combination up to 20 actions, above
    that greedily by gain per effort."""
    if len(plans) > EXHAUSTIVE:
        return _greedy(plans, ground, budget)
    effort = np.zeros(1)
    for plan in plans:
        effort = np.concatenate([effort, effort + plan.effort])
    value = np.zeros(effort.size)
    shares = [_shares(plan, ground) for plan in plans]
    for m in sorted({m for share in shares for m in share}):
        left = np.ones(1)
        for share in shares:
            left = np.concatenate([left, left * (1 - share.get(m, 0.0))])
        value += _room_value(m, ground) * (1 - left)
    value[effort > budget + 1e-9] = -1.0
    ties = np.flatnonzero(value >= value.max() - 1e-12)
    best = int(ties[effort[ties].argmin()])
    chosen = tuple(plan for k, plan in enumerate(plans) if best >> k & 1)
    return Portfolio(chosen, joint_benefit(chosen, ground), sum(p.effort for p in chosen), True)


def _greedy(plans: Sequence[Plan], ground: Ground, budget: float) -> Portfolio:
    chosen: list[Plan] = []
    spent, worth = 0.0, 0.0
    rest = list(plans)
    while rest:
        gains = [
            ((joint_benefit([*chosen, p], ground) - worth) / p.effort, p)
            for p in rest
            if spent + p.effort <= budget + 1e-9
        ]
        if not gains:
            break
        gain, plan = max(gains, key=lambda g: g[0])
        if gain <= 0:
            break
        chosen.append(plan)
        rest.remove(plan)
        spent, worth = spent + plan.effort, joint_benefit(chosen, ground)
    # A single large one may be worth more than many small ones that leave it no room.
    alone = [(joint_benefit([p], ground), p) for p in plans if p.effort <= budget + 1e-9]
    if alone and (best := max(alone, key=lambda pair: pair[0]))[0] > worth:
        return Portfolio((best[1],), best[0], best[1].effort, False)
    return Portfolio(tuple(chosen), worth, spent, False)


def _shares(plan: Plan, ground: Ground) -> dict[int, float]:
    """c l/room of each moment that has room left."""
    out = {}
    for m, lift in plan.lifts.items():
        room = ground.scale.high - float(ground.satisfaction[m])
        if room > 0:
            out[m] = plan.confidence * min(lift, room) / room
    return out


def _room_value(m: int, ground: Ground) -> float:
    room = ground.scale.high - float(ground.satisfaction[m])
    return float(ground.omega[m] * ground.reach[m]) * room / (ground.scale.high - ground.scale.low) * 100


def top_k_stability(
    plans: Sequence[Plan],
    e: Estimates,
    k: int,
    rng: np.random.Generator,
    *,
    draws: int = 200_000,
    min_n: int = MIN_N,
) -> Floats:
    """(plans,) share of draws of all means in which each action is among the k best by score (S13).

    Drawn are the means of the moments somebody works on, and the sum of all importances. Hidden moments
    weigh nothing, as in `Ground`. ValueError: k below 1, or a covariance that is not known.
    """
    shown = visible(e, min_n)
    used = sorted({m for plan in plans for m in plan.lifts if shown[m]})
    pick = np.zeros((2 * len(used) + 1, 2 * e.moments))
    for row, m in enumerate(used):
        pick[row, m] = pick[len(used) + row, e.moments + m] = 1.0
    pick[-1, : e.moments] = shown
    both = np.concatenate([shown, shown])
    V = e.full_covariance()[np.ix_(both, both)]
    if k < 1 or np.isnan(V).any():
        raise ValueError("needs k of at least 1 and the covariance of all means")
    pick = pick[:, both]
    means = pick @ np.concatenate([e.importance, e.satisfaction])[both]
    root = root_of(pick @ V @ pick.T).T.astype(np.float32)
    place = {m: row for row, m in enumerate(used)}
    high, width = e.scales.satisfaction.high, e.scales.satisfaction.high - e.scales.satisfaction.low
    reach = np.where(np.isnan(e.reach), 1.0, e.reach)
    kept = np.zeros(len(plans))
    edges = [*range(0, draws, CHUNK), draws]
    for start, stop in pairwise(edges):
        noise = rng.standard_normal((stop - start, len(means)), dtype=np.float32)
        drawn = noise @ root + means.astype(np.float32)
        importance, satisfaction = drawn[:, : len(used)].T, drawn[:, len(used) : -1].T
        room = np.maximum(high - satisfaction, 0.0)
        omega = importance / drawn[:, -1]
        score = np.zeros((len(plans), stop - start), dtype=np.float32)
        for row, plan in enumerate(plans):
            for m, lift in plan.lifts.items():
                if m in place:
                    at = place[m]
                    score[row] += omega[at] * np.float32(reach[m]) * np.minimum(np.float32(lift), room[at])
            score[row] *= np.float32(plan.confidence / plan.effort / width * 100)
        last = max(0, len(plans) - k)
        kept += (score >= np.partition(score.T, last, axis=1)[:, last]).sum(axis=1)
    return kept / draws
