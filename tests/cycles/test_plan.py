"""The action plan: who does what, by when."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Role
from cycles.models import Action, ActionPlan, Moment, Requirement
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


def plan_url(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/plan/{query}")


def add(browser, world, status="proposed", **more):
    """By the form; further than proposed it gets by what managers and consultants press later."""
    answer = browser.post(
        world.url(f"cycles/{world.cycle.pk}/plan/actions/"), {"name": "A second till", **more}
    )
    if status != "proposed":
        Action.objects.filter(pk=Action.objects.latest("pk").pk).update(status=status)
    return answer


def step(browser, world, action, status, was=None, **more):
    action.refresh_from_db()
    data = {"was": was or action.status, "status": status, **more}
    return browser.post(world.url(f"actions/{action.pk}/status/"), data, headers=HTMX)


def test_the_plan_is_made_with_the_first_action_and_numbers_go_on(world, consultant):
    assert consultant.get(plan_url(world)).status_code == 200
    assert not ActionPlan.objects.filter(cycle=world.cycle).exists()
    for name in ("One", "Two"):
        assert add(consultant, world, name=name).status_code == 302
    assert ActionPlan.objects.filter(cycle=world.cycle).count() == 1
    assert [a.code for a in Action.objects.filter(plan__cycle=world.cycle)] == ["A1", "A2"]


def test_an_action_has_everything_and_its_links(world, consultant, queue):
    wait = Requirement.objects.create(moment=queue, position=0, name="Wait little")
    form = consultant.get(
        world.url(f"cycles/{world.cycle.pk}/plan/actions/?moment={queue.pk}")
    ).content.decode()
    assert f'value="{queue.pk}"' in form
    assert form.count("checked") == 1
    add(
        consultant,
        world,
        description="Saturdays",
        owner="Óscar Benítez",
        due_on="2031-05-04",
        effort="2",
        impact="4",
        moments=[queue.pk],
        requirements=[wait.pk],
        name_elsewhere="Segunda caja",
    )
    action = Action.objects.get()
    assert (action.owner, action.effort, action.impact) == ("Óscar Benítez", 2, 4)
    assert list(action.moments.all()) == [queue]
    assert list(action.requirements.all()) == [wait]
    assert action.translations == {"es": {"name": "Segunda caja"}}
    page = consultant.get(plan_url(world)).content.decode()
    for word in (
        "A second till",
        "Quick win",
        "Óscar Benítez",
        "4 May 2031",
        "Queue at the till",
        "1 quick win.",
    ):
        assert word in page
    assert 'aria-label="2 of 5"' in page
    assert "Segunda caja" in log_in(world.consultant, "es").get(plan_url(world)).content.decode()


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"name": ""}, "required"),
        ({"name": "x" * 161}, "at most 160 characters"),
        ({"due_on": "31/02/2026"}, "valid date"),
        ({"effort": "6"}, "valid choice"),
        ({"owner": "a\x00b"}, "control character"),
    ],
)
def test_a_fault_is_answered_at_the_field_and_nothing_is_lost(world, consultant, more, fault):
    answer = add(consultant, world, **{"description": "Kept", **more})
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert "Kept" in answer.content.decode()
    assert not Action.objects.exists()


def test_a_moment_of_another_cycle_cannot_be_linked(world, stranger, consultant):
    theirs = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    assert add(consultant, world, moments=[theirs.pk]).status_code == 404
    assert not Action.objects.exists()


def test_late_is_said_with_days_and_only_of_open_actions(world, consultant):
    due = timezone.localdate() - timedelta(days=6)
    add(consultant, world, due_on=due.isoformat(), status="doing")
    page = consultant.get(plan_url(world)).content.decode()
    assert "6 days late" in page
    assert "1 open action, 1 late." in page
    action = Action.objects.get()
    step(consultant, world, action, "done")
    page = consultant.get(plan_url(world)).content.decode()
    assert "days late" not in page
    assert "0 open actions." in page


def test_actions_are_grouped_by_status_with_dates_first(world, consultant):
    add(consultant, world, name="Whenever", status="doing")
    add(consultant, world, name="Soon", status="doing", due_on="2031-01-01")
    add(consultant, world, name="Finished", status="done")
    page = consultant.get(plan_url(world)).content.decode()
    assert page.index("Soon") < page.index("Whenever") < page.index("Finished")
    assert 'id="g-dropped"' not in page


def test_the_board_is_the_same_page_with_its_own_address(world, consultant):
    add(consultant, world)
    assert "plan--list" in consultant.get(plan_url(world)).content.decode()
    assert "plan--board" in consultant.get(plan_url(world, "?view=board")).content.decode()
    assert "plan--list" in consultant.get(plan_url(world, "?view=<b>")).content.decode()
    action = Action.objects.get()
    current = {"HX-Current-URL": f"http://testserver{plan_url(world, '?view=board')}"}
    answer = consultant.post(
        world.url(f"actions/{action.pk}/status/"),
        {"was": "proposed", "status": "dropped"},
        headers={**HTMX, **current},
    )
    assert "plan--board" in answer.content.decode()


def test_managers_take_steps_and_change_nothing_else(world, consultant, manager):
    add(consultant, world)
    action = Action.objects.get()
    assert step(manager, world, action, "done").status_code == 200
    action.refresh_from_db()
    assert action.status == "done"
    assert action.done_on == action.launched_on == timezone.localdate()
    step(manager, world, action, "doing")
    action.refresh_from_db()
    assert action.done_on is None
    assert manager.get(world.url(f"actions/{action.pk}/edit/")).status_code == 403
    assert manager.post(world.url(f"actions/{action.pk}/delete/")).status_code == 403
    viewer = log_in(world.viewer)
    assert step(viewer, world, action, "done").status_code == 403
    assert 'name="was"' not in viewer.get(plan_url(world)).content.decode()


def test_a_status_that_is_none_is_refused_in_words(world, consultant):
    add(consultant, world)
    action = Action.objects.get()
    answer = step(consultant, world, action, "x")
    assert answer.status_code == 422
    action.refresh_from_db()
    assert action.status == "proposed"


def test_an_action_is_edited_and_deleted_with_undo(world, consultant):
    add(consultant, world)
    action = Action.objects.get()
    url = world.url(f"actions/{action.pk}/")
    assert "A second till" in consultant.get(url).content.decode()
    answer = consultant.post(f"{url}edit/", {"name": "A third till", "status": "approved"})
    assert answer.url == url
    action.refresh_from_db()
    assert (action.name, action.status, action.number) == ("A third till", "proposed", 1)
    page = consultant.post(world.url(f"actions/{action.pk}/delete/"), follow=True).content.decode()
    assert world.url(f"actions/{action.pk}/restore/") in page
    assert 'id="A1"' not in page
    assert consultant.get(url).status_code == 404
    page = consultant.post(world.url(f"actions/{action.pk}/restore/"), headers=HTMX).content.decode()
    assert 'id="A1"' in page


def test_strangers_find_nothing(world, stranger, consultant):
    add(consultant, world)
    action = Action.objects.get()
    other = log_in(stranger.owner)
    for path in ("edit/", "status/", "owner/", "files/", "delete/", "restore/"):
        assert other.post(stranger.url(f"actions/{action.pk}/{path}"), {"status": "done"}).status_code == 404


def test_queries_do_not_grow_with_the_actions(world, consultant, queue):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            consultant.get(plan_url(world))
        return len(captured)

    add(consultant, world, moments=[queue.pk])
    queries()
    few = queries()
    for n in range(12):
        add(consultant, world, name=f"Action {n}", moments=[queue.pk], effort="1", impact="5")
    assert queries() == few


def test_queries_of_the_form_do_not_grow_with_the_requirements(world, consultant, queue):
    url = world.url(f"cycles/{world.cycle.pk}/plan/actions/")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            consultant.get(url)
        return len(captured)

    Requirement.objects.create(moment=queue, position=0, name="First")
    queries()
    few = queries()
    for n in range(1, 20):
        Requirement.objects.create(moment=queue, position=n, name=f"Quick {n}")
    assert queries() == few


def test_an_action_that_is_done_shows_the_day_it_was_done(world, consultant):
    add(consultant, world, name="Open", status="doing", due_on="2031-05-04")
    add(consultant, world, name="Shut", status="done", due_on="2031-06-05")
    Action.objects.filter(name="Shut").update(done_on="2030-12-24")
    page = consultant.get(plan_url(world)).content.decode()
    assert re.findall(r'class="ac__d">(\w+ \w+ \w+)', page) == ["4 May 2031", "24 Dec 2030"]


def test_effort_is_shown_as_so_many_of_five(world, consultant):
    add(consultant, world, effort="2")
    page = consultant.get(plan_url(world)).content.decode()
    assert 'aria-label="2 of 5"><i class="on"></i><i class="on"></i><i></i><i></i><i></i></span>' in page


@pytest.mark.parametrize("view", ["", "?view=board", "?view=table"])
def test_an_empty_plan_says_with_what_to_begin(world, consultant, queue, view):
    Action.objects.all().delete()
    Moment.objects.filter(stage__cycle=world.cycle).update(is_critical=False)
    Requirement.objects.filter(moment__stage__cycle=world.cycle).exclude(moment=queue).delete()
    Moment.objects.filter(pk=queue.pk).update(is_critical=True)
    if not queue.requirements.exists():
        Requirement.objects.create(moment=queue, position=0, name="Short")
    page = consultant.get(plan_url(world, view)).content.decode()
    assert "Begin with “Queue at the till”" in page
    assert f"plan/actions/?moment={queue.pk}" in page
    assert "plan-filters" not in page
    assert page.count("btn--primary") == 1
    viewer = log_in(world.viewer).get(plan_url(world, view)).content.decode()
    assert "No actions yet." in viewer
    assert "plan/actions/" not in viewer


def test_an_empty_plan_of_an_empty_map_leads_to_the_map(world, consultant):
    Action.objects.all().delete()
    Moment.objects.filter(stage__cycle=world.cycle).delete()
    assert "Map the moments" in consultant.get(plan_url(world)).content.decode()


def test_nobody_waits_for_an_approval_that_nobody_can_give(world, consultant):
    add(consultant, world)
    assert "waits for approval" in consultant.get(plan_url(world)).content.decode()
    Membership.objects.filter(role=Role.MANAGER).delete()
    page = consultant.get(plan_url(world)).content.decode()
    assert "waits for approval" not in page
    assert "actions begin without anybody" in page
