"""Actions: score, quick wins, portfolios, stability."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritization.analysis.actions import (
    Ground,
    Plan,
    benefit,
    joint_benefit,
    portfolio,
    rank_actions,
    top_k_stability,
)
from prioritization.analysis.engine import prioritize
from prioritization.analysis.estimates import estimate
from prioritization.analysis.ratings import Scale
from prioritization.analysis.tally import Tally
from tests.prioritization.analysis.worlds import make_ratings

GROUND = Ground(
    np.array([0.5, 0.3, 0.2]),
    np.array([1.0, 0.5, 1.0]),
    np.array([2.0, 4.8, 3.0]),
    Scale(1, 5),
    np.array([0.9, 0.0, 0.4]),
)


def test_benefit_stops_at_the_end_of_the_scale():
    plan = Plan("a", 4, 10, 0.8, {0: 1.0, 1: 0.5})
    assert benefit(plan, GROUND) == pytest.approx(100 / 4 * 0.8 * (0.5 * 1.0 + 0.3 * 0.5 * 0.2))


def test_order_and_ties():
    plans = [
        Plan("b", 2, 5, 1.0, {0: 0.2}),
        Plan("a", 2, 5, 1.0, {0: 0.2}),
        Plan("c", 4, 5, 1.0, {0: 0.4}),
        Plan("d", 1, 5, 1.0, {2: 1.0}),
    ]
    found = rank_actions(plans, GROUND, most_effort=5, least_benefit=1)
    assert [s.plan.id for s in found] == ["d", "c", "a", "b"]
    assert found[0].score == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("plan", "quick"),
    [
        (Plan("good", 3, 20, 1.0, {0: 0.5}), True),
        (Plan("dear", 9, 20, 1.0, {0: 0.5}), False),
        (Plan("slow", 3, 31, 1.0, {0: 0.5}), False),
        (Plan("slight", 3, 20, 1.0, {0: 0.01}), False),
        (Plan("excess", 3, 20, 1.0, {1: 0.2}), False),
        (Plan("unsure", 3, 20, 1.0, {2: 1.0}), False),
    ],
)
def test_quick_wins(plan: Plan, quick: bool):
    """S16, mistake 17: none for a moment in possible overkill."""
    (found,) = rank_actions([plan], GROUND, most_effort=5, least_benefit=0.5)
    assert found.quick_win is quick


def test_two_actions_on_one_moment_do_not_add_up():
    one, two = Plan("a", 1, 1, 0.5, {0: 2.0}), Plan("b", 1, 1, 0.5, {0: 2.0})
    assert joint_benefit([one], GROUND) == pytest.approx(benefit(one, GROUND))
    room, share = 3.0, 0.5 * 2 / 3
    assert joint_benefit([one, two], GROUND) == pytest.approx(0.5 * room * (1 - (1 - share) ** 2) / 4 * 100)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.floats(1, 12))
def test_the_portfolio_is_the_best_there_is(seed: int, budget: float):
    rng = np.random.default_rng(seed)
    plans = [
        Plan(
            str(k),
            float(rng.uniform(1, 5)),
            1,
            float(rng.uniform(0, 1)),
            {int(rng.integers(3)): float(rng.uniform(0, 2))},
        )
        for k in range(6)
    ]
    found = portfolio(plans, GROUND, budget)
    best = max(
        (
            joint_benefit(chosen, GROUND)
            for size in range(7)
            for chosen in combinations(plans, size)
            if sum(p.effort for p in chosen) <= budget
        ),
        default=0.0,
    )
    assert found.exact
    assert found.effort <= budget + 1e-9
    assert found.benefit == pytest.approx(best)


def test_many_actions_are_chosen_greedily():
    plans = [Plan(f"{k:02}", 1.0, 1, 1.0, {k % 3: 0.1}) for k in range(25)]
    found = portfolio(plans, GROUND, 5.0)
    assert not found.exact
    assert found.effort == 5.0
    assert {next(iter(p.lifts)) for p in found.plans} == {0}


def test_twenty_actions_are_tried_in_every_combination():
    plans = [Plan(f"{k:02}", 1.0 + k / 20, 1, 0.9, {k % 3: 0.3}) for k in range(20)]
    assert portfolio(plans, GROUND, 6.0).exact


def test_stability_of_the_top():
    e = estimate(Tally.of(make_ratings(200)))
    plans = [Plan("a", 1, 1, 1.0, {0: 1.0}), Plan("b", 1, 1, 1.0, {0: 0.98}), Plan("c", 50, 1, 0.1, {5: 0.1})]
    found = top_k_stability(plans, e, 1, np.random.default_rng(1), draws=5000)
    assert found.sum() == pytest.approx(1)
    assert found[2] == 0
    p = np.array([m.p_quadrant.concentrate_here for m in prioritize(e).moments])
    ground = Ground.of(e, p)
    assert ground.omega.sum() == pytest.approx(1)
    assert found[0] == 1.0
    assert benefit(plans[0], ground) > benefit(plans[1], ground)


@pytest.mark.parametrize(
    "wrong",
    [{"effort": 0.0}, {"confidence": 1.2}, {"lifts": {0: -1.0}}, {"days": -1.0}, {"effort": float("nan")}],
)
def test_impossible_plans(wrong: dict):
    given = {"id": "x", "effort": 1.0, "days": 1.0, "confidence": 0.5, "lifts": {0: 1.0}} | wrong
    with pytest.raises(ValueError, match=r"above zero|negative"):
        Plan(**given)
