"""Service levels, what the requirements cover, and what is missing."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import override

from cycles.choices import ActionStatus, Dimension
from cycles.heat import spread
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from cycles.outline import outline_of
from tests.conftest import log_in
from tests.surveys.asking import open_survey

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


@pytest.fixture
def wait(queue):
    return Requirement.objects.create(moment=queue, position=0, name="Wait little", dimension="courtesy")


def page(browser, world):
    answer = browser.get(world.url(f"cycles/{world.cycle.pk}/coverage/"))
    assert answer.status_code == 200
    return answer.content.decode()


def words(html):
    return re.sub(r"\s+", " ", strip_tags(html.replace("<", " <"))).replace(" ,", ",")


def save(browser, world, requirement, **fields):
    data = {"name": requirement.name, "level": "basic", **fields}
    return browser.post(world.url(f"requirements/{requirement.pk}/"), data, headers=HTMX)


# --- Service levels ------------------------------------------------------------------------------


def test_a_service_level_is_written_and_shown(world, consultant, wait):
    answer = save(consultant, world, wait, target_bound="at_most", target_value="4.5", target_unit="minutes")
    assert answer.status_code == 200
    assert "At most 4.5 minutes" in answer.content.decode()
    wait.refresh_from_db()
    assert (wait.target_bound, wait.target_value, wait.target_unit) == ("at_most", Decimal("4.5"), "minutes")


def test_numbers_are_read_and_shown_as_the_language_writes_them(world, wait):
    answer = save(
        log_in(world.consultant, "es"),
        world,
        wait,
        target_bound="at_least",
        target_value="92,5",
        target_unit="%",
    )
    wait.refresh_from_db()
    assert wait.target_value == Decimal("92.5")
    assert "Al menos 92,5\u00a0%" in answer.content.decode()
    with override("en"):
        wait.target_value = Decimal("-18.00")
        assert wait.target == "At least \N{MINUS SIGN}18%"
        wait.target_value = Decimal("100.00")
        assert wait.target == "At least 100%"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"target_bound": "at_most"}, "Write the number of the service level."),
        ({"target_value": "5"}, "Say whether the number is the most or the least."),
        ({"target_unit": "minutes"}, "A unit needs a number before it."),
        ({"target_bound": "at_most", "target_value": "five"}, "Enter a number."),
        ({"target_bound": "at_most", "target_value": "1e999"}, "digits"),
        ({"target_bound": "never", "target_value": "5"}, "never"),
    ],
)
def test_half_a_service_level_is_asked_for_whole(world, consultant, wait, fields, said):
    answer = save(consultant, world, wait, measure="Timed", **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Timed"' in answer.content.decode(), "what was typed is kept"
    wait.refresh_from_db()
    assert wait.target_value is None


def test_the_database_keeps_a_service_level_whole(wait):
    for broken in ({"target_bound": "at_most"}, {"target_value": 5}, {"target_unit": "min"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Requirement.objects.filter(pk=wait.pk).update(**broken)


# --- The heat table ------------------------------------------------------------------------------


def test_requirements_are_counted_by_moment_and_component(world):
    outline = outline_of(world.cycle, world.cycle.scores)
    first, second, third = (entry.moment.pk for entry in outline)
    heat = spread(
        outline, {(first, "courtesy"): 2, (third, "courtesy"): 5, (third, "security"): 1, (second, ""): 4}
    )
    at = list(Dimension.values).index("courtesy")
    rows = [row for stage in heat.stages for row in stage.rows]
    assert [row.cells[at].count for row in rows] == [2, 0, 5]
    assert [row.cells[at].shade for row in rows] == [2, 0, 3]
    assert heat.columns[at].count == 7
    assert [entry.number for entry in heat.columns[at].without] == [2]
    assert {column.label for column in heat.patchy} == {"Courtesy", "Security"}
    assert len(heat.empty) == 8
    assert heat.loose == 4


def test_the_page_names_the_holes_in_words(world, consultant, wait):
    html = page(consultant, world)
    said = words(html)
    assert "Nobody has asked anywhere about these components: Security, Credibility" in said
    assert "Courtesy asked at 1 of 3 moments" in said
    assert "Not asked at: 1. Find the shop, 2. Be greeted" in said
    assert html.count("<h1") == 1
    assert html.count('scope="row"') == 4, "a heading for each moment and the total"
    assert f"?moment={wait.moment_id}" in html
    assert 'aria-label="Strategy 0, People 0, Systems 0"' in html
    assert "1 has no vertex yet." in said


def test_what_lies_in_the_bin_covers_nothing(world, consultant, wait):
    Requirement.objects.filter(pk=wait.pk).update(position=None, deleted_at=timezone.now())
    assert "asked at 1 of 3" not in words(page(consultant, world))


def test_a_cycle_without_moments_says_what_to_do(world, consultant):
    Moment.objects.all().delete()
    html = page(consultant, world)
    assert "Map the moments" in html
    assert "2 stages without moments" in html


# --- What is missing -----------------------------------------------------------------------------


def test_each_thing_that_is_missing_leads_to_where_it_is_mended(world, consultant, queue, wait):
    empty = Stage.objects.create(cycle=world.cycle, position=2, name="Come back")
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(plan=plan, number=1, name="Open a till", owner="Ana")
    html = page(consultant, world)
    said = words(html)
    assert "1 stage without moments" in said
    assert f"?add={empty.pk}" in html
    assert "2 moments without a requirement" in said
    assert "1 requirement without an action" in said
    assert f"plan/actions/?requirement={wait.pk}&amp;moment={queue.pk}" in html
    assert "1 open action without a responsible person or a date" in said
    assert f"actions/{action.pk}/" in html
    assert "without a date" in said
    assert "3 moments that no survey has asked about" in said


def test_nothing_is_missing_once_it_is_there(world, consultant, queue, wait):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(plan=plan, number=1, name="Open", owner="Ana", due_on=date(2027, 1, 1))
    action.requirements.add(wait)
    Action.objects.create(plan=plan, number=2, name="Dropped", status=ActionStatus.DROPPED)
    for moment in Moment.objects.exclude(pk=queue.pk):
        other = Requirement.objects.create(moment=moment, position=0, name="Find it")
        action.requirements.add(other)
    open_survey(world.cycle)
    said = words(page(consultant, world))
    for sentence in (
        "Every stage has its moments.",
        "Every moment has a requirement.",
        "Every requirement has an action.",
        "Every open action has a responsible person and a date.",
        "Every moment has been asked about.",
    ):
        assert sentence in said


def test_an_action_in_the_bin_serves_no_requirement(world, consultant, wait):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    gone = Action.objects.create(plan=plan, number=1, name="Open", deleted_at=timezone.now())
    gone.requirements.add(wait)
    assert "1 requirement without an action" in words(page(consultant, world))


def test_a_survey_of_another_cycle_asked_nothing_here(world, consultant):
    other = Cycle.objects.create(client=world.client, name="Other")
    Moment.objects.create(stage=Stage.objects.create(cycle=other, position=0, name="S"), position=0, name="M")
    open_survey(other)
    assert "3 moments that no survey has asked about" in words(page(consultant, world))


def test_who_may_not_edit_is_led_to_pages_they_may_read(world, manager, wait):
    html = page(manager, world)
    for url in re.findall(r'href="(/w/[^"]+)"', html.split('id="missing"')[1].split("</main>")[0]):
        assert manager.get(url.replace("&amp;", "&")).status_code == 200, url
