"""What the five steps above a cycle say."""

from cyclemap.navigation import steps
from cycles.models import Action, ActionPlan
from prioritization.matrix import refresh_stale
from surveys.models import Respondent
from tests.prioritization.answers import answer, survey_of, wave_of


def test_the_steps_tell_of_the_latest_wave_of_customers(world, django_assert_num_queries):
    survey = survey_of(world.cycle)
    answer(wave_of(survey, 1), [(1, 1), (1, 1), (1, 1)], times=30)
    answer(wave_of(survey, 2, name="Spring"), [(2, 5), (3, 4), (5, 1)], times=12)
    staff = survey_of(world.cycle, respondent=Respondent.STAFF)
    answer(wave_of(staff, 3), [(5, 5), (5, 5), (5, 5)], times=17)
    refresh_stale()
    membership = world.owner.memberships.select_related("workspace").get()
    with django_assert_num_queries(3):
        by_key = {step.key: step for step in steps(membership, world.cycle)}
    assert by_key["survey"].meta == "12"
    assert by_key["matrix"].meta.startswith("1 ")
    assert by_key["moments"].meta == "3"
    assert by_key["plan"].state == ""


def test_without_answers_nothing_is_said_of_them(world):
    membership = world.owner.memberships.select_related("workspace").get()
    survey_of(world.cycle)
    by_key = {step.key: step for step in steps(membership, world.cycle)}
    assert (by_key["survey"].meta, by_key["survey"].state) == ("", "")
    assert (by_key["matrix"].meta, by_key["matrix"].state) == ("", "")


def test_actions_that_were_dropped_are_no_part_of_the_plan(world):
    Action.objects.all().delete()
    plan = ActionPlan.objects.create(cycle=world.cycle, name="This year")
    for number, status in enumerate(["doing", "done", "dropped"], 1):
        Action.objects.create(plan=plan, number=number, name=f"Act {number}", status=status)
    membership = world.owner.memberships.select_related("workspace").get()
    step = next(step for step in steps(membership, world.cycle) if step.key == "plan")
    assert (step.meta, step.percent) == ("2", 50)
