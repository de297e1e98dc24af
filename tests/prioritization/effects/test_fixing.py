"""A target is fixed before the action begins, and is not changed quietly."""

import re

import pytest

from cycles.models import Moment
from prioritization.models import FormerTarget, Target
from tests.prioritization.effects.aimed import aim, begin, later, moment, page


def fixing(world, browser, action, wave, **more):
    data = {
        "moments": [moment().pk],
        "baseline": wave.pk,
        "segment": "",
        "smallest_change": "0.30",
        "seen": "",
    }
    return browser.post(world.url(f"actions/{action.pk}/target/"), data | more)


def test_a_target_is_fixed_before_the_action_begins(world, consultant, action, before):
    shown = page(consultant, world, f"actions/{action.pk}/target/")
    assert re.search(rf'value="{moment().pk}"[^>]*checked', shown), "what it serves is proposed"
    heads = re.findall(r'class="ticks__h"[^>]*>(.*?)</p>', shown)
    assert heads[:2] == ["Already ticked <span>1</span>", "Arrive"]
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
