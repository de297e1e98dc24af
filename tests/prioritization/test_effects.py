"""Targets of actions and what became of them, as people fix and read them."""

import re
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from cycles.models import Action, ActionPlan, Moment
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.planner import sample_before_after
from prioritization.effects import Stage, effects_of, forget
from prioritization.linked import linked
from prioritization.matrix import refresh_stale
from prioritization.models import FormerTarget, Target
from surveys.models import Contact, Invitation, Rating, Response, Survey, Wave
from tests.conftest import log_in
from tests.prioritization.answers import answer, survey_of, wave_of

NOW = timezone.now
MOMENTS = ["Find the shop", "Be greeted", "Queue at the till"]


def ago(days: int):
    return NOW() - timedelta(days=days)


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()


@pytest.fixture
def survey(world) -> Survey:
    return survey_of(world.cycle)


@pytest.fixture
def before(survey) -> Wave:
    """The queue fails; forty customers, half of them here for the first time."""
    wave = wave_of(survey, 1, "closed", name="Spring", opened_at=ago(90))
    for queue in (2, 3):
        answer(
            wave, [(3, 3 + queue % 2), (4, 4), (5, queue)], times=20, visit="first" if queue == 2 else "again"
        )
    refresh_stale()
    return wave


def later(survey: Survey, queue: tuple[int, int], first: tuple[int, int] = (4, 3), days: int = 10) -> Wave:
    wave = wave_of(survey, survey.waves.count() + 1, "closed", name="Autumn", opened_at=ago(days))
    for a, b, visit in ((first[0], queue[0], "first"), (first[1], queue[1], "again")):
        answer(wave, [(3, a), (4, 4 + (visit == "first")), (5, b)], times=20, visit=visit)
    refresh_stale()
    return wave


def moment(name: str = MOMENTS[2]) -> Moment:
    return Moment.objects.get(name=name, stage__cycle__name="Cycle of alba")


@pytest.fixture
def action(world) -> Action:
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    made = Action.objects.create(plan=plan, number=1, name="Second till", status="approved")
    made.moments.add(moment())
    return made


def begin(action: Action, days: int = 50, status: str = "done") -> Action:
    action.status, action.launched_on = status, timezone.localdate(ago(days))
    action.save()
    return action


def aim(action: Action, wave: Wave, *names: str, days: int = 60, **fields) -> Target:
    target = Target.objects.create(
        action=action, baseline=wave, smallest_change="0.3", fixed_at=ago(days), **fields
    )
    target.moments.set([moment(name) for name in names or MOMENTS[2:]])
    return target


def page(browser, world, path: str, status: int = 200) -> str:
    response = browser.get(world.url(path))
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def fixing(world, browser, action, wave, **more):
    data = {
        "moments": [moment().pk],
        "baseline": wave.pk,
        "segment": "",
        "smallest_change": "0.30",
        "seen": "",
    }
    return browser.post(world.url(f"actions/{action.pk}/target/"), data | more)


# --- Fixing it ------------------------------------------------------------------------------------


def test_a_target_is_fixed_before_the_action_begins(world, consultant, action, before):
    shown = page(consultant, world, f"actions/{action.pk}/target/")
    assert re.search(rf'value="{moment().pk}"[^>]*checked', shown), "what it serves is proposed"
    response = fixing(world, consultant, action, before, segment="visit=first")
    assert response.status_code == 302
    target = Target.objects.get(action=action)
    assert [m.name for m in target.moments.all()] == ["Queue at the till"]
    assert (target.baseline, str(target.smallest_change), target.segment) == (
        before,
        "0.30",
        ("visit", "first"),
    )
    assert target.fixed_by == world.consultant
    assert "visit: first" in page(consultant, world, f"actions/{action.pk}/target/")


def test_the_same_twice_is_one_and_a_change_before_the_launch_leaves_no_trace(
    world, consultant, action, before
):
    fixing(world, consultant, action, before)
    at = Target.objects.get().fixed_at
    assert fixing(world, consultant, action, before).status_code == 302
    assert Target.objects.get().fixed_at == at
    fixing(world, consultant, action, before, smallest_change="0.50", seen=at.isoformat())
    assert str(Target.objects.get().smallest_change) == "0.50"
    assert not FormerTarget.objects.exists()


def test_after_the_launch_it_is_not_changed_quietly(world, consultant, action, before):
    fixing(world, consultant, action, before)
    held = Target.objects.get()
    begin(action, 0, "doing")
    without = fixing(world, consultant, action, before, smallest_change="0.9", seen=held.fixed_at.isoformat())
    assert without.status_code == 422
    assert "This field is required" in without.content.decode()
    assert str(Target.objects.get().smallest_change) == "0.30"
    told = {"smallest_change": "0.9", "seen": held.fixed_at.isoformat(), "reason": "The shop was rebuilt"}
    assert fixing(world, consultant, action, before, **told).status_code == 302
    kept = FormerTarget.objects.get()
    assert (str(kept.smallest_change), kept.fixed_at, kept.fixed_by) == (
        "0.30",
        held.fixed_at,
        world.consultant,
    )
    assert [m.name for m in kept.moments.all()] == ["Queue at the till"]
    shown = page(consultant, world, f"actions/{action.pk}/target/")
    assert "What held before" in shown
    assert "The shop was rebuilt" in shown


def test_of_two_who_fix_it_at_once_the_second_is_told(world, consultant, action, before):
    fixing(world, consultant, action, before, smallest_change="0.4")
    second = fixing(world, consultant, action, before, smallest_change="0.7")
    assert second.status_code == 422
    text = second.content.decode()
    assert "Somebody fixed it meanwhile" in text
    assert 'value="0.7"' in text, "what was typed stays"
    assert str(Target.objects.get().smallest_change) == "0.40"
    seen = re.search(r'name="seen" value="([^"]+)"', text)[1]
    assert fixing(world, consultant, action, before, smallest_change="0.7", seen=seen).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"moments": []}, "This field is required"),
        ({"smallest_change": "0"}, "greater than or equal to"),
        ({"smallest_change": "4.5"}, "it goes from 1 to 5"),
        ({"smallest_change": "x"}, "Enter a number"),
        ({"segment": "visit=never"}, "not one of the available choices"),
        ({"baseline": "99999"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_told_at_the_field(world, consultant, action, before, wrong, said):
    response = fixing(world, consultant, action, before, **wrong)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Target.objects.exists()


def test_the_baseline_is_a_wave_before_the_launch(world, consultant, survey, action, before):
    after = later(survey, (3, 4))
    begin(action)
    response = fixing(world, consultant, action, after)
    assert response.status_code == 422
    assert "The action had begun before this wave opened" in response.content.decode()


def test_a_moment_that_was_not_asked_about_cannot_be_a_target(world, consultant, action, before):
    new = Moment.objects.create(stage=moment().stage, position=9, name="Leave")
    response = fixing(world, consultant, action, before, moments=[new.pk])
    assert response.status_code == 422
    assert "Not asked about in that wave: Leave" in response.content.decode()


def test_moments_of_elsewhere_are_not_found(world, stranger, consultant, action, before):
    other = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    assert fixing(world, consultant, action, before, moments=[other.pk]).status_code == 404


def test_a_manager_reads_and_does_not_fix(world, manager, action, before):
    aim(action, before)
    shown = page(manager, world, f"actions/{action.pk}/target/")
    assert "Queue at the till" in shown
    assert "Fix the target" not in shown
    assert fixing(world, manager, action, before).status_code == 403


# --- What it takes --------------------------------------------------------------------------------


def test_the_planner_says_how_many_answers_it_takes(world, consultant, action, before):
    """sd of twenty 2s and twenty 3s; one moment, then two tested at once."""
    sd = float(np.std([2.0] * 20 + [3.0] * 20, ddof=1))
    n = sample_before_after(sd, 0.3).needed
    assert f"{n} ratings in each wave; the baseline has 40." in page(
        consultant, world, f"actions/{action.pk}/target/"
    )
    response = consultant.post(
        world.url(f"actions/{action.pk}/target/"),
        {"plan": "1", "moments": [moment().pk, moment(MOMENTS[0]).pk], "baseline": before.pk,
         "smallest_change": "0.3", "seen": ""},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text
    two = sample_before_after(sd, 0.3, tests=2).needed
    assert f"{two} ratings in each wave" in text
    assert "with 2 moments tested at once" in text
    assert not Target.objects.exists(), "reckoning fixes nothing"


def test_a_baseline_that_is_too_small_is_told(world, consultant, action, before):
    response = consultant.post(
        world.url(f"actions/{action.pk}/target/"),
        {"plan": "1", "moments": [moment().pk], "baseline": before.pk, "smallest_change": "0.10", "seen": ""},
    )
    assert response.status_code == 200
    assert "That is too few whatever the later wave brings" in response.content.decode()


def test_without_any_answers_there_is_nothing_to_hold_it_against(world, consultant, action):
    assert "There is no wave with answers to compare with" in page(
        consultant, world, f"actions/{action.pk}/target/"
    )


# --- What became of it ----------------------------------------------------------------------------


def only(world):
    (effect,) = effects_of(world.cycle)
    return effect


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


# --- The same customers ---------------------------------------------------------------------------


def answer_as(wave: Wave, contacts: list[Contact], satisfaction: np.ndarray) -> None:
    """Contacts answer through their links: (R, M) satisfactions."""
    items = list(wave.survey.items.all())
    for contact, row in zip(contacts, satisfaction, strict=True):
        invitation = Invitation.objects.create(wave=wave, contact=contact, nonce=bytes(16))
        response = Response.objects.create(wave=wave, invitation=invitation)
        Rating.objects.bulk_create(
            Rating(response=response, item=item, importance=4, satisfaction=int(value))
            for item, value in zip(items, row, strict=True)
        )


@pytest.fixture
def contacts(world) -> list[Contact]:
    return [Contact.objects.create(client=world.client, email=f"c{n}@example.org") for n in range(40)]


def panel(world, survey, contacts, anonymous: bool = False) -> tuple[Wave, Wave]:
    """Forty who differ much among themselves and each rise a little."""
    Survey.objects.filter(pk=survey.pk).update(is_anonymous=anonymous)
    survey.refresh_from_db()
    rng = np.random.default_rng(4)
    first = rng.integers(1, 5, (40, 3))
    second = first.copy()
    second[rng.random((40, 3)) < 0.4] += 1
    waves = wave_of(survey, 1, "closed", opened_at=ago(90)), wave_of(survey, 2, "closed", opened_at=ago(10))
    for wave, satisfaction in zip(waves, (first, second), strict=True):
        answer_as(wave, contacts, satisfaction)
    refresh_stale()
    return waves


def test_who_answered_both_waves_is_compared_with_herself(world, consultant, survey, action, contacts):
    baseline, _after = panel(world, survey, contacts)
    begin(action)
    aim(action, baseline)
    outcome = only(world).outcome
    assert outcome.pairs == 40
    assert outcome.verdict == ChangeVerdict.IMPROVED, "two groups would not have shown it"
    assert outcome.high - outcome.low < 0.5
    shown = page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/")
    assert "40 customers who rated it both times" in shown


def test_anonymous_answers_are_never_linked(world, survey, action, contacts):
    baseline, after = panel(world, survey, contacts, anonymous=True)
    assert linked(baseline, after, [moment().pk], None, 10) is None
    begin(action)
    aim(action, baseline)
    outcome = only(world).outcome
    assert outcome.pairs is None
    assert outcome.verdict == ChangeVerdict.NO_EVIDENCE


def test_a_link_costs_two_statements_and_a_customer_who_came_once_is_no_pair(
    world, survey, contacts, django_assert_num_queries
):
    baseline, after = panel(world, survey, contacts)
    Response.objects.filter(wave=after, invitation__contact=contacts[0]).update(invitation=None)
    queue = moment().pk
    with django_assert_num_queries(2):
        found = linked(baseline, after, [queue], None, 10)
    assert found.counts.tolist() == [39]


# --- As often as the planner says, through the whole of it ------------------------------------------


def test_through_the_database_the_verdict_is_that_of_the_planned_effect(world, survey, action):
    """Two waves as large as planned with the true change: found. The same without it: not claimed."""
    rng = np.random.default_rng(9)

    def wave(number: int, days: int, lift: float, n: int) -> Wave:
        made = wave_of(survey, number, "closed", opened_at=ago(days))
        rated = np.clip(np.rint(rng.normal([3.6, 3.9, 3.0 + lift], 0.9, (n, 3))), 1, 5).astype(int)
        responses = Response.objects.bulk_create(Response(wave=made) for _ in range(n))
        items = list(survey.items.all())
        Rating.objects.bulk_create(
            Rating(response=response, item=item, importance=4, satisfaction=int(value))
            for response, row in zip(responses, rated, strict=True)
            for item, value in zip(items, row, strict=True)
        )
        return made

    n = sample_before_after(0.94, 0.5, power=0.99).needed
    baseline = wave(1, 90, 0.0, n)
    begin(action)
    aim(action, baseline)
    same = begin(Action.objects.create(plan=action.plan, number=2, name="Paint"))
    aim(same, baseline, MOMENTS[0])
    wave(2, 10, 0.5, n)
    refresh_stale()
    found, nothing = effects_of(world.cycle)
    assert found.verdict == ChangeVerdict.IMPROVED
    assert nothing.verdict == ChangeVerdict.NO_EVIDENCE
    assert found.outcome.tests == 2


# --- Elsewhere --------------------------------------------------------------------------------------


def arrows(text: str) -> int:
    return len(re.findall(r'class="mx-arr[ "]', text.split('id="changes"')[-1].split("<figcaption")[0]))


def test_the_matrix_draws_an_arrow_for_what_actions_were_to_change(world, consultant, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (4, 3), first=(5, 4))
    every = page(consultant, world, f"cycles/{world.cycle.pk}/matrix/")
    aimed = page(consultant, world, f"cycles/{world.cycle.pk}/matrix/?compare=effects")
    assert arrows(every) > arrows(aimed) == 1
    assert "Only the moments that an action was to change" in aimed
    assert "“Queue at the till” truly improves" in aimed
    other = page(consultant, world, f"cycles/{world.cycle.pk}/matrix/?compare=effects&segment=visit%3Dfirst")
    assert "No effect of an action has been measured for these customers" in other


def test_the_plan_tells_the_effect_on_the_row_and_on_the_action(world, manager, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (4, 3))
    row = page(manager, world, f"cycles/{world.cycle.pk}/plan/")
    assert re.search(
        r'<span class="eff"><b>\+1\.00</b> ± 0\.\d\d<span>clear effect, 2\.5 to 3\.5</span>', row
    )
    whole = page(manager, world, f"actions/{action.pk}/")
    assert "Improvement demonstrated" in whole
    assert f"/actions/{action.pk}/target/" in whole


def test_what_may_be_chance_is_told_in_grey(world, manager, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (2, 3))
    assert "eff is-no" in page(manager, world, f"cycles/{world.cycle.pk}/plan/")
