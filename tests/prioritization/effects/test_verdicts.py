"""What became of an action, in words that the figures carry."""

import pytest

from cycles.models import Action
from prioritization.analysis.change import ChangeVerdict
from prioritization.effects import Stage, effects_of
from prioritization.matrix import refresh_stale
from prioritization.models import Target
from tests.conftest import log_in
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.prioritization.effects.aimed import MOMENTS, NOW, ago, aim, begin, later, moment, only, page


def test_an_improvement_is_demonstrated(world, consultant, survey, action, before):
    begin(action)
    aim(action, before)
    after = later(survey, (4, 3))
    effect = only(world)
    assert (effect.stage, effect.after, effect.verdict) == (Stage.MEASURED, after, ChangeVerdict.IMPROVED)
    assert effect.change == pytest.approx(1.0)
    assert effect.interval[0] > 0.7
    assert effect.p_holm < 0.001
    assert effect.in_advance
    assert not effect.provisional
    shown = page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/")
    assert "1 of the 1 actions measured has a clear effect" in shown
    assert "Improvement demonstrated" in shown
    assert "“Queue at the till” rose from 2.5 to 3.5" in shown
    spanish = page(log_in(world.consultant, "es"), world, f"cycles/{world.cycle.pk}/plan/effects/")
    assert "mejora demostrada" in spanish
    assert "subió de 2,5 a 3,5" in spanish


def test_no_evidence_is_never_a_failure(world, consultant, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (2, 3))
    assert only(world).verdict == ChangeVerdict.NO_EVIDENCE
    shown = page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/").lower()
    assert "no evidence of a change yet" in shown
    for word in ("did not work", "no effect on", "failed.", "unsuccessful"):
        assert word not in shown.replace("does not say that an action failed.", "")
    assert "0.3" in only(world).sentence, "what would have been found"


def test_a_fall_is_called_so(world, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (1, 2))
    effect = only(world)
    assert effect.verdict == ChangeVerdict.WORSENED
    assert "fell from 2.5 to 1.5" in effect.sentence


def test_untouched_moments_take_a_common_rise_off(world, survey, action, before):
    """The queue rises by one, and so does a moment nobody worked on: part came by itself."""
    begin(action)
    aim(action, before)
    later(survey, (4, 3), first=(5, 4))
    outcome = only(world).outcome
    assert outcome.beyond.controls == 2
    assert outcome.change == pytest.approx(1.0)
    assert outcome.beyond.change == pytest.approx(1.0 - (1.0 + 0.5) / 2)
    worked_on = Action.objects.create(plan=action.plan, number=2, name="Signs", status="doing")
    worked_on.moments.add(moment(MOMENTS[0]))
    assert only(world).outcome.beyond.controls == 1


def test_a_segment_is_held_against_itself(world, survey, action, before):
    begin(action)
    aim(action, before, segment_name="visit", segment_value="first")
    later(survey, (4, 3))
    outcome = only(world).outcome
    assert (outcome.n_before, outcome.n_after) == (20, 20)
    assert (outcome.before, outcome.after) == (2.0, 4.0)


def test_holm_counts_every_moment_that_was_fixed_for_these_waves(world, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (3, 3))
    alone = only(world).outcome
    assert alone.tests == 1
    second = begin(Action.objects.create(plan=action.plan, number=2, name="Greeter"))
    aim(second, before, MOMENTS[0], segment_name="visit", segment_value="first")
    one, two = effects_of(world.cycle)
    assert (one.outcome.tests, two.outcome.tests) == (1, 1), "all said the same: there is no test to count"
    Target.objects.filter(action=second).update(segment_name="", segment_value="")
    one, two = effects_of(world.cycle)
    assert (one.outcome.tests, two.outcome.tests) == (2, 2)
    assert one.outcome.p == pytest.approx(2 * alone.p)
    assert one.outcome.detectable > alone.detectable


def test_what_is_fixed_when_the_answers_are_in_is_tested_among_all_moments(world, survey, action, before):
    begin(action)
    target = aim(action, before)
    later(survey, (4, 3), first=(5, 4))
    early = only(world).outcome
    target.fixed_at = NOW()
    target.save()
    effect = only(world)
    assert not effect.in_advance
    assert effect.outcome.tests > early.tests
    assert "tested among all the moments" in effect.sentence


@pytest.mark.parametrize("status", ["approved", "proposed"])
def test_before_it_begins_nothing_is_measured(world, survey, action, before, status):
    Action.objects.filter(pk=action.pk).update(status=status)
    aim(action, before)
    later(survey, (4, 3))
    assert only(world).stage == Stage.PLANNED


def test_a_wave_that_opened_before_the_launch_does_not_tell(world, survey, action, before):
    begin(action, days=5)
    aim(action, before)
    later(survey, (4, 3), days=10)
    assert only(world).stage == Stage.WAITING


def test_too_few_later_answers_are_not_shown(world, consultant, survey, action, before):
    begin(action)
    aim(action, before, segment_name="visit", segment_value="first")
    wave = wave_of(survey, 2, name="Autumn", opened_at=ago(10))
    answer(wave, [(3, 3), (4, 4), (5, 5)], times=9, visit="first")
    answer(wave, [(3, 4), (4, 5), (5, 4)], times=20, visit="again")
    refresh_stale()
    assert only(world).stage == Stage.WITHHELD
    assert "Too few customers answered" in page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/")


def test_a_done_action_without_a_target_says_so(world, consultant, action, before):
    begin(action)
    assert only(world).stage == Stage.NO_TARGET
    shown = page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/")
    assert "No target was fixed" in shown
    assert "Fix a target" in shown


def test_of_many_actions_without_a_target_the_first_stand_and_the_rest_is_folded(world, consultant, action):
    done = [Action(plan=action.plan, number=n, name=f"Errand {n}", status="done") for n in range(2, 14)]
    Action.objects.bulk_create(done)
    shown = page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/")
    assert shown.count("No target was fixed") == 1
    before, folded = shown.split('<details class="rk-rest">')
    assert before.count("Fix a target") == 8
    assert folded.count("Fix a target") == 4
    assert "4 more" in folded


def test_new_answers_change_what_is_kept(world, survey, action, before):
    begin(action)
    aim(action, before)
    wave = later(survey, (4, 3))
    assert only(world).outcome.n_after == 40
    answer(wave, [(3, 3), (4, 4), (5, 5)], times=3)
    assert only(world).outcome.n_after == 43


def test_more_actions_cost_no_query_more(world, survey, action, before, django_assert_max_num_queries):
    later(survey, (4, 3))
    for number in range(2, 8):
        aim(begin(Action.objects.create(plan=action.plan, number=number, name="More")), before)
    effects_of(world.cycle)
    with django_assert_max_num_queries(10):
        assert len(effects_of(world.cycle)) == 6


def test_a_later_survey_about_something_else_does_not_tell(world, survey, action, before):
    begin(action)
    aim(action, before)
    after = later(survey, (4, 3), days=20)
    other = survey_of(world.cycle)
    other.items.filter(moment=moment()).delete()
    answer(wave_of(other, 1, "closed", opened_at=ago(5)), [(3, 3), (4, 4)], times=20)
    refresh_stale()
    assert only(world).after == after
