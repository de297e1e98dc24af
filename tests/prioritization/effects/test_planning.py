"""How many answers it takes to see a change."""

import numpy as np

from cycles.models import Action
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.planner import sample_before_after
from prioritization.effects import effects_of
from prioritization.matrix import refresh_stale
from prioritization.models import Target
from surveys.models import Contact, Rating, Response, Wave
from tests.prioritization.answers import wave_of
from tests.prioritization.effects.aimed import MOMENTS, ago, aim, begin, moment, page

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


def test_what_other_actions_test_at_once_is_told_apart(world, consultant, action, before):
    address = f"actions/{action.pk}/target/"
    assert "of another action" not in page(consultant, world, address)
    other = Action.objects.create(plan=action.plan, number=2, name="Paint")
    aim(other, before, MOMENTS[0])
    shown = page(consultant, world, address)
    assert "with 2 moments tested at once" in shown
    assert "1 of them is the target of another action against the same wave." in shown


def test_more_invitations_than_contacts_are_told_with_what_to_do(world, consultant, action, before):
    address = f"actions/{action.pk}/target/"
    assert "may be asked" not in page(consultant, world, address), "they come by a link"
    people = [Contact(client=world.client, email=f"c{n}@x.example") for n in range(40)]
    people[0].opted_out_at = ago(1)
    Contact.objects.bulk_create(people)
    assert "Only 39 contacts of the client may be asked. Import more contacts" in page(
        consultant, world, address
    )
    Contact.objects.bulk_create(Contact(client=world.client, email=f"d{n}@x.example") for n in range(2000))
    assert "may be asked" not in page(consultant, world, address)


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
