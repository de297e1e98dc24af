"""What the map is told about its moments."""

import re

import pytest
from django.urls import reverse

from cycles.models import Action, Moment, Requirement
from cycles.scores import scores_of, scores_of_all
from prioritization.matrix import refresh_stale
from surveys.models import Respondent
from tests.prioritization.answers import answer, survey_of, wave_of


def test_nothing_is_known_before_the_first_answer(world):
    wave_of(survey_of(world.cycle))
    scores = scores_of(world.cycle)
    assert scores.n_responses == 0
    assert scores.of(1) is None


def test_the_latest_wave_speaks_in_one_query(world, django_assert_num_queries):
    survey = survey_of(world.cycle)
    answer(wave_of(survey, 1), [(1, 1), (1, 1), (1, 1)], times=12)
    answer(wave_of(survey, 2, name="Spring"), [(2, 5), (3, 4), (5, 1)], times=12)
    wave_of(survey, 3)  # open, but nobody has answered yet
    refresh_stale()
    with django_assert_num_queries(1):
        scores = scores_of(world.cycle)
    assert (scores.wave, scores.n_responses, scores.scale) == ("Spring", 12, (1, 5))
    assert scores.satisfaction == pytest.approx((2 * 5 + 3 * 4 + 5 * 1) / 10)
    find, _, queue = (scores.of(item.moment_id) for item in survey.items.all())
    assert (find.satisfaction, find.step, find.quadrant) == (5, 5, "possible_overkill")
    assert (queue.importance, queue.satisfaction, queue.step, queue.n) == (5, 1, 1, 12)
    assert queue.quadrant == "concentrate_here"
    assert queue.enough


def test_too_few_answers_say_how_many_and_nothing_else(world):
    survey = survey_of(world.cycle)
    wave = wave_of(survey)
    answer(wave, [(2, 5), (3, 4)], times=12)
    answer(wave, [(2, 5), (3, 4), (5, 1)], times=9)
    refresh_stale()
    score = scores_of(world.cycle).of(survey.items.get(position=2).moment_id)
    assert (score.n, score.enough, score.satisfaction, score.quadrant, score.step) == (
        9,
        False,
        None,
        None,
        0,
    )


def test_what_the_staff_believe_is_not_what_customers_think(world):
    answer(wave_of(survey_of(world.cycle, respondent=Respondent.STAFF)), [(5, 5), (5, 5), (5, 5)], times=12)
    refresh_stale()
    assert scores_of(world.cycle).n_responses == 0


def test_colours_follow_the_scale(world):
    survey = survey_of(world.cycle, scale_max=10)
    answer(wave_of(survey), [(8, 8), (8, 9), (8, 3)], times=12)
    refresh_stale()
    scores = scores_of(world.cycle)
    assert [scores.of(item.moment_id).step for item in survey.items.all()] == [4, 5, 1]


def test_many_cycles_are_asked_about_at_once(world, stranger, django_assert_num_queries):
    for cycle, given in ((world.cycle, [(5, 5), (5, 5), (5, 1)]), (stranger.cycle, [(3, 2)] * 3)):
        answer(wave_of(survey_of(cycle)), given, times=12)
    refresh_stale()
    with django_assert_num_queries(1):
        found = scores_of_all([world.cycle, stranger.cycle])
    assert found[world.cycle.pk].satisfaction == pytest.approx(11 / 3)
    assert found[stranger.cycle.pk].satisfaction == pytest.approx(2)


def test_the_small_wheels_of_the_front_page_have_their_colours(world, consultant):
    answer(wave_of(survey_of(world.cycle)), [(5, 5), (5, 4), (5, 1)], times=12)
    refresh_stale()
    page = consultant.get(world.url()).content.decode()
    assert re.findall(r'class="w-dot ([\w-]+)"', page) == ["sat-5", "sat-4", "sat-1"]


def test_the_first_action_is_about_the_moment_that_asks_for_action_first(world, consultant):
    Action.objects.all().delete()
    find, _helped, queue = Moment.objects.filter(stage__cycle=world.cycle)
    Moment.objects.update(is_critical=False)
    Moment.objects.filter(pk=find.pk).update(is_critical=True)
    Requirement.objects.create(moment=find, position=9, name="Easy to find")
    plan = reverse("cycles:plan", args=[world.workspace.slug, world.cycle.pk])
    assert f"Begin with “{find}”" in consultant.get(plan).content.decode(), "as long as nobody was asked"
    # Two ask for action; the last of the map lacks more.
    answer(wave_of(survey_of(world.cycle)), [(1, 5), (5, 2), (5, 1)], times=12)
    refresh_stale()
    assert f"Begin with “{queue}”" in consultant.get(plan).content.decode()
