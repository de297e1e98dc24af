"""Effects on the matrix, in the plan and at the action."""

import re

from tests.prioritization.effects.aimed import aim, begin, later, page


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
    assert "<span>Measured effect</span>" not in page(manager, world, f"cycles/{world.cycle.pk}/plan/")
    later(survey, (4, 3))
    row = page(manager, world, f"cycles/{world.cycle.pk}/plan/")
    done = row.split('aria-labelledby="g-done"')[1].split("<ul>")[0]
    assert "<span>Measured effect</span>" in done, "its figures are not effort and impact"
    assert 'class="mk act"></span>Act' in row, "what the marks of moments mean"
    assert re.search(
        r'<span class="eff"><b>\+1\.00</b> ± 0\.\d\d<span>clear effect, 2\.5 to 3\.5</span>', row
    )
    whole = page(manager, world, f"actions/{action.pk}/")
    assert "Improvement demonstrated" in whole
    assert f"/actions/{action.pk}/target/" in whole


def test_the_overview_says_whether_they_worked(world, manager, survey, action, before):
    url = f"cycles/{world.cycle.pk}/overview/"
    begin(action)
    aim(action, before)
    assert "What each of them changed" not in page(manager, world, url)
    later(survey, (4, 3))
    said = page(manager, world, url).split('id="act-first"')[1].split("</section>")[0]
    assert "1 of the 1 actions measured has a clear effect." in said
    assert f"cycles/{world.cycle.pk}/plan/effects/" in said


def test_what_may_be_chance_is_told_in_grey(world, manager, survey, action, before):
    begin(action)
    aim(action, before)
    later(survey, (2, 3))
    assert "eff is-no" in page(manager, world, f"cycles/{world.cycle.pk}/plan/")
