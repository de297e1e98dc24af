"""The ranking of actions as people use it: order, quick wins, budget, what is missing."""

import re

import pytest

from cycles.models import Action, ActionPlan, Moment
from prioritization import action_ranking
from prioritization.action_ranking import Limits, ranking_of
from prioritization.matrix import refresh_stale
from prioritization.models import Matrix
from prioritization.quick_wins import plan_with_wins, quick_wins_of
from surveys.models import Importance, Wave
from tests.conftest import log_in
from tests.prioritization.answers import answer, survey_of, wave_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def wave(world) -> Wave:
    """The queue matters most and fails; the greeting pleases."""
    wave = wave_of(survey_of(world.cycle), 1, name="Spring")
    for queue in (1, 2):
        answer(wave, [(3, 4), (4, 5), (5, queue)], times=20)
    answer(wave, [(3, 3), (4, 5), (5, 2)], times=20)
    refresh_stale()
    return wave


@pytest.fixture
def plan(world) -> ActionPlan:
    return ActionPlan.objects.create(cycle=world.cycle, name="Plan")


def action(plan, number: int, name: str, *moments: str, **fields) -> Action:
    told = {"effort_days": 4, "lift": "1.0", "confidence": 80, "duration_days": 10, "status": "approved"}
    made = Action.objects.create(plan=plan, number=number, name=name, **(told | fields))
    made.moments.set(
        Moment.objects.filter(stage__cycle=plan.cycle, name__in=moments or ["Queue at the till"])
    )
    return made


def page(browser, world, status: int = 200, headers=None, **query) -> str:
    response = browser.get(world.url(f"cycles/{world.cycle.pk}/plan/ranking/"), query, headers=headers or {})
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def order(text: str) -> list[str]:
    table = re.search(r'<table class="table rk">.*?</table>', text)[0]
    return re.findall(r'<tr id="(A\d+)">', table)


def test_benefit_by_hand_and_the_order_by_what_a_day_brings(world, wave, plan):
    """omega 5/12, all live it, .8 of a lift of 1 on a scale 4 wide: 8.33 points for 4 days."""
    action(plan, 1, "Second till")
    action(plan, 2, "Third till", effort_days=8)
    action(plan, 3, "Smile", "Be greeted")
    found = ranking_of(world.cycle, wave)
    assert [row.action.number for row in found.rows] == [1, 2, 3]
    first, second, smile = (row.scored for row in found.rows)
    assert first.benefit == pytest.approx(5 / 12 * 0.8 * 1 / 4 * 100)
    assert first.score == pytest.approx(first.benefit / 4)
    assert second.score == pytest.approx(first.score / 2)
    assert smile.benefit == 0, "nothing is above the end of the scale"


def test_a_quick_win_asks_for_effort_time_benefit_and_a_moment_to_act_on(world, consultant, wave, plan):
    action(plan, 1, "Quick")
    action(plan, 2, "Dear", effort_days=6)
    action(plan, 3, "Slow", duration_days=31)
    action(plan, 4, "Slight", lift="0.02")
    action(plan, 5, "Elsewhere", "Find the shop")
    action(plan, 6, "No duration", duration_days=None)
    found = ranking_of(world.cycle, wave)
    assert [row.action.number for row in found.quick_wins] == [1]
    wide = ranking_of(world.cycle, wave, limits=Limits(6, 31, 0.01))
    assert {row.action.number for row in wide.quick_wins} == {1, 2, 3, 4}
    text = page(consultant, world, effort="6")
    assert "2 quick wins" in text
    assert "1 action says no duration" in text


def test_what_cannot_be_ranked_says_what_is_missing_and_where_to_fill_it_in(
    world, consultant, manager, wave, plan
):
    blank = action(plan, 1, "Vague", effort_days=None, lift=None)
    nowhere = action(plan, 2, "Nowhere")
    nowhere.moments.clear()
    action(plan, 3, "Second till")
    text = page(consultant, world)
    assert order(text) == ["A3"]
    assert "Missing: effort in person-days, expected lift." in text
    assert "Missing: the moments it serves." in text
    assert f"/actions/{blank.pk}/edit/" in text
    assert f"/actions/{blank.pk}/edit/" not in page(manager, world)


def test_moments_that_too_few_rated_count_for_nothing(world, plan):
    wave = wave_of(survey_of(world.cycle), 1, name="Spring")
    answer(wave, [(3, 4), (4, 5), (5, None)], times=20)
    answer(wave, [(3, 3), (4, 4), (5, 1)], times=9)
    refresh_stale()
    both = action(plan, 1, "Both", "Queue at the till", "Find the shop")
    action(plan, 2, "Queue")
    found = ranking_of(world.cycle, wave)
    (row,) = found.rows
    assert (row.action, row.left_out) == (both, 1)
    assert row.scored.plan.lifts.keys() == {0}
    assert found.lacking[0].why == "Too few customers rated what it serves."


def test_done_and_dropped_actions_are_not_ranked(world, wave, plan):
    for number, status in enumerate(["done", "dropped", "doing", "proposed"], 1):
        action(plan, number, status, status=status)
    assert {row.action.number for row in ranking_of(world.cycle, wave).rows} == {3, 4}


def test_how_sure_the_first_five_are_is_worked_out_once(world, consultant, wave, plan):
    """Seven actions of nearly one score: the draws disagree; looked at twice they are drawn once."""
    moments = ["Find the shop", "Queue at the till"]
    for number in range(1, 8):
        action(plan, number, f"Idea {number}", moments[number % 2], lift="1.0" if number % 2 else "1.6")
    action_ranking._kept.clear()
    one = ranking_of(world.cycle, wave)
    two = ranking_of(world.cycle, wave)
    assert [row.stays for row in one.rows] == [row.stays for row in two.rows]
    assert len(action_ranking._kept) == 1
    assert all(0 <= row.stays <= 1 for row in one.rows)
    assert "of draws" in page(consultant, world)
    answer(wave, [(3, 4), (4, 5), (5, 1)])
    ranking_of(world.cycle, wave)
    assert len(action_ranking._kept) == 2, "another answer, other draws"


# --- What a budget buys -----------------------------------------------------------------------------


def test_the_budget_buys_the_best_and_says_why_the_rest_is_left_out(world, consultant, wave, plan):
    action(plan, 1, "Second till", effort_days=4)
    action(plan, 2, "Third till", effort_days=4)
    action(plan, 3, "Rebuild", effort_days=40, lift="3")
    action(plan, 4, "Signs", "Find the shop", effort_days=3)
    chosen = ranking_of(world.cycle, wave).portfolio(7)
    assert sorted(row.action.number for row in chosen.into) in ([1, 4], [2, 4])
    why = {one.row.action.number: one.why for one in chosen.out}
    assert why[3] == "It takes more than the whole budget."
    assert "No room" in next(why[n] for n in (1, 2) if n in why)
    assert not chosen.one_reason
    assert page(consultant, world, budget="2").count("It takes more than the whole budget.") == 1
    text = page(consultant, world, budget="7")
    assert "What 7.0 person-days buy" in text
    both = ranking_of(world.cycle, wave).portfolio(8)
    assert {row.action.number for row in both.into} == {1, 2}
    assert both.overlaps, "two on one moment do not add up"
    assert "less than their sum" in page(consultant, world, budget="8")


def test_the_slider_answers_the_part_that_follows(world, consultant, wave, plan):
    action(plan, 1, "Second till")
    text = page(consultant, world, headers=HTMX, budget="0")
    assert "<html" not in text
    assert 'id="ranking"' in text
    assert "Nothing fits." in text
    whole = page(consultant, world)
    assert 'name="budget"' in whole
    assert 'type="number"' in whole, "without script the number alone does"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"budget": "-1"}, "greater than or equal to 0"),
        ({"budget": "many"}, "Enter a number"),
        ({"effort": "0"}, "greater than or equal to 0.1"),
        ({"days": "nan"}, "Enter a number"),
        ({"wave": "99999"}, "There is no such wave with answers"),
        ({"importance": "guessed"}, "not one of the available choices"),
    ],
)
def test_numbers_that_make_no_sense_are_told(world, consultant, wave, plan, query, said):
    action(plan, 1, "Second till")
    text = page(consultant, world, 422, **query)
    assert said in text
    assert order(text) == ["A1"]


# --- Importance, answers ---------------------------------------------------------------------------


def test_derived_importance_is_refused_with_few_answers_and_said_so(world, consultant, wave, plan):
    action(plan, 1, "Second till")
    text = page(consultant, world, importance="derived")
    assert "Stated importance is used." in text
    assert order(text) == ["A1"]


def test_without_answers_or_without_importance_nothing_is_ranked(world, consultant, plan):
    action(plan, 1, "Second till")
    assert "Nobody has answered a survey yet" in page(consultant, world)
    wave = wave_of(survey_of(world.cycle, importance=Importance.NONE), 1)
    answer(wave, [(None, 3), (None, 4), (None, 2)], times=20)
    refresh_stale()
    assert "did not ask how important each moment is" in page(consultant, world)


def test_in_spanish(world, wave, plan):
    action(plan, 1, "Second till")
    text = page(log_in(world.consultant, "es"), world)
    assert "opinión" in text
    assert "Ganancia temprana" in text
    assert "Presupuesto en días-persona" in text


# --- Quick wins elsewhere -----------------------------------------------------------------------------


def test_plan_page_and_report_take_the_rule_where_the_figures_are_there(world, consultant, wave, plan):
    """Rough estimates say otherwise on both: the figures win. Without figures the estimates hold."""
    by_figures = action(plan, 1, "Second till", effort=5, impact=1)
    dear = action(plan, 2, "Rebuild", effort_days=40, effort=1, impact=5)
    rough = action(plan, 3, "Smile", effort_days=None, effort=1, impact=5)
    assert quick_wins_of(world.cycle) == {by_figures.pk: True, dear.pk: False}
    plan_told = plan_with_wins(world.cycle, wave.opened_at.date(), Matrix.objects.get(wave=wave))
    assert {step.action.number for step in plan_told.quick_wins} == {1, rough.number}
    text = consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/")).content.decode()
    badged = re.findall(r'<li class="ac" id="(A\d)"(?:(?!</li>).)*?chip--win', text, re.S)
    assert set(badged) == {"A1", "A3"}
    assert "2 quick wins." in text
    for one, is_win in ((by_figures, True), (dear, False), (rough, True)):
        alone = consultant.get(world.url(f"actions/{one.pk}/")).content.decode()
        assert ("chip--win" in alone) is is_win
    Action.objects.filter(pk=rough.pk).update(status="done")
    assert "1 quick win." in consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/")).content.decode()
