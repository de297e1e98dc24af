"""Every field of an action and its faults; who has it; what fills it in."""

import re

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Membership, User
from cycles.document import cycle_from, document_of
from cycles.models import Action, ActionPlan, Comment, Moment, Requirement
from tests.conftest import log_in
from tests.cycles.actions.planning import HTMX, add, plan_url

EVERYTHING = {
    "name": "A second till",
    "description": "Saturdays",
    "vertex": "people",
    "due_on": "2031-05-04",
    "resources": "One more person",
    "effort_days": "4.5",
    "duration_days": "21",
    "cost": "1800.50",
    "effort": "2",
    "impact": "4",
    "lift": "0.35",
    "confidence": "70",
    "said": "The queue is long",
    "did": "Two tills at noon",
    "is_publishable": "on",
}


def test_moments_to_tick_have_their_numbers(world, consultant, queue):
    """Names may be alike; the number is the one of the map."""
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/actions/")).content.decode()
    assert "<span>1. Find the shop</span>" in page
    assert "<span>3. Queue at the till</span>" in page


def test_what_is_ticked_stands_first_and_the_rest_by_stage(world, consultant, queue):
    """Of sixty moments nobody finds the two that are ticked."""
    for moment in Moment.objects.all():
        Requirement.objects.create(moment=moment, position=0, name=f"Need to {moment}")
    add(consultant, world, moments=[queue.pk], requirements=[queue.requirements.get().pk])
    action = Action.objects.get()
    page = consultant.get(world.url(f"actions/{action.pk}/edit/")).content.decode()
    moments, requirements = re.findall(r'(?s)<fieldset class="field ticks">(.*?)</fieldset>', page)
    assert told(moments) == [
        "Already ticked",
        "3. Queue at the till",
        "Arrive",
        "1. Find the shop",
        "2. Be greeted",
    ]
    needs = [name.replace("Need to ", "") for name in told(requirements)]
    assert needs == ["Already ticked", "Queue at the till", "Arrive", "Find the shop", "Be greeted"]


def told(ticks: str) -> list[str]:
    """Headings and the names beside boxes, as they follow each other."""
    return [
        head or name
        for head, name in re.findall(
            r'class="ticks__h"[^>]*>([^<]+?)(?: <span>1</span>)?</p>|<span>([^<]{3,})', ticks
        )
    ]


# --- Every field ---------------------------------------------------------------------------------


def test_every_field_is_kept_shown_told_and_carried(world, consultant, queue):
    assert (
        add(consultant, world, **EVERYTHING, owner_member=world.manager.pk, moments=[queue.pk]).status_code
        == 302
    )
    action = Action.objects.get()
    assert (action.owner, action.owner_member, action.owner_email) == ("manager alba", world.manager, "")
    assert (str(action.effort_days), action.duration_days, str(action.cost)) == ("4.5", 21, "1800.50")
    assert (str(action.lift), action.confidence, action.vertex) == ("0.35", 70, "people")
    page = consultant.get(world.url(f"actions/{action.pk}/")).content.decode()
    for words in (
        "4.5", "1,800.5", "+0.35", "confidence 70%", "People", "One more person", "Two tills at noon",
        "Customers may read it", "Queue at the till", "manager@alba.example",
    ):  # fmt: skip
        assert words in page, words
    said = document_of(world.cycle)
    again = cycle_from(said, world.client)
    assert document_of(again) == said
    copy = Action.objects.get(plan__cycle=again)
    kept = (
        "effort_days", "duration_days", "cost", "lift", "confidence", "vertex", "resources", "said", "did",
        "is_publishable", "owner", "launched_on",
    )  # fmt: skip
    assert [getattr(copy, name) for name in kept] == [getattr(action, name) for name in kept]
    url = world.url(f"actions/{action.pk}/edit/")
    consultant.post(url, {**EVERYTHING, "effort_days": "6", "owner": "Ana", "owner_email": "ana@x.example"})
    history = consultant.get(world.url(f"cycles/{world.cycle.pk}/history/?kind=action")).content.decode()
    for words in ("Effort in person-days", "4.5", "Responsible, a member", "manager alba", "ana@x.example"):
        assert words in history, words


@pytest.mark.parametrize(
    ("more", "field", "fault"),
    [
        ({"effort_days": "-1"}, "effort_days", "Effort is more than zero"),
        ({"effort_days": "0"}, "effort_days", "Effort is more than zero"),
        ({"duration_days": "0"}, "duration_days", "at least one day"),
        ({"duration_days": "99999"}, "duration_days", "At most 3650 days"),
        ({"cost": "-0.01"}, "cost", "not negative"),
        ({"cost": "1e30"}, "cost", "digits"),
        ({"lift": "4.01"}, "lift", "room for at most 4 points"),
        ({"lift": "-0.5"}, "lift", "not negative"),
        ({"lift": "NaN"}, "lift", "Enter a number"),
        ({"confidence": "101"}, "confidence", "From 0 to 100"),
        ({"confidence": "-1"}, "confidence", "From 0 to 100"),
        ({"due_on": "0202-05-04"}, "due_on", "from the year 2000"),
        ({"due_on": "2999-01-01"}, "due_on", "ten years from now"),
        ({"owner": "Ana", "owner_email": "ana"}, "owner_email", "valid email"),
        ({"owner_email": "ana@x.example"}, "owner", "Write whose address"),
        ({"vertex": "square"}, "vertex", "valid choice"),
        ({"is_publishable": "on", "did": ""}, "did", "Customers cannot read it"),
    ],
)
def test_a_fault_is_told_at_its_field(world, consultant, more, field, fault):
    answer = add(consultant, world, description="Kept", **more)
    page = answer.content.decode()
    assert answer.status_code == 422
    error = page.partition(f'id="id_{field}_error">')[2].partition("</p>")[0]
    assert fault in error
    assert "Kept" in page
    assert not Action.objects.exists()


def test_it_is_not_due_before_it_began_but_a_late_beginning_may_be_edited(world, consultant, action):
    Action.objects.update(launched_on="2026-05-10", due_on="2026-05-04", status="doing")
    url = world.url(f"actions/{action.pk}/edit/")
    answer = consultant.post(url, {"name": "A second till", "due_on": "2026-05-09"})
    assert answer.status_code == 422
    assert "it cannot be due before" in answer.content.decode()
    assert consultant.post(url, {"name": "Third", "due_on": "2026-05-04"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"effort_days": 0},
        {"cost": -1},
        {"lift": -1},
        {"confidence": 101},
        {"duration_days": 0},
        {"vertex": "x"},
    ],
)
def test_the_database_refuses_them_too(action, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**wrong)


def test_numbers_are_written_as_the_language_has_them(world, queue):
    browser = log_in(world.consultant, "es")
    assert add(browser, world, effort_days="4,5", lift="0,35").status_code == 302
    page = browser.get(world.url(f"actions/{Action.objects.get().pk}/edit/")).content.decode()
    assert 'value="4,5"' in page


def test_the_same_form_sent_twice_is_one_action(world, consultant, queue):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/actions/")).content.decode()
    key = page.partition('name="key" value="')[2][:32]
    answers = [add(consultant, world, key=key, moments=[queue.pk]) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Action.objects.get().form_key == key
    add(consultant, world, key="not a key")
    assert Action.objects.count() == 2


# --- Who has it ----------------------------------------------------------------------------------


def test_only_who_reaches_the_client_can_be_chosen(world, stranger, consultant):
    other = world.workspace.clients.create(name="Another")
    apart = User.objects.create_user("apart@alba.example", "a long password", name="Apart")
    Membership.objects.create(user=apart, workspace=world.workspace, role="viewer", client=other)
    for person in (apart, stranger.owner):
        assert add(consultant, world, owner_member=person.pk).status_code == 422
    assert add(consultant, world, owner_member=world.viewer.pk, owner="Ana").status_code == 422
    assert add(consultant, world, owner_member=world.viewer.pk).status_code == 302


def test_who_leaves_keeps_the_action_visible_flagged_and_it_can_be_given_on(world, consultant):
    add(consultant, world, owner_member=world.viewer.pk)
    action = Action.objects.get()
    flag = "no longer in the workspace"
    assert flag not in consultant.get(plan_url(world)).content.decode()
    Membership.objects.filter(user=world.viewer).delete()
    for page in (plan_url(world), plan_url(world, "?view=board"), plan_url(world, "?view=table"),
                 world.url(f"actions/{action.pk}/")):  # fmt: skip
        text = consultant.get(page).content.decode()
        assert flag in text
        assert "viewer alba" in text
    edit = world.url(f"actions/{action.pk}/edit/")
    assert "viewer alba (no longer in the workspace)" in consultant.get(edit).content.decode()
    kept = {"name": "Still theirs", "owner_member": world.viewer.pk}
    assert consultant.post(edit, kept).status_code == 302
    give = world.url(f"actions/{action.pk}/owner/")
    assert consultant.post(give, {"at": "action"}, headers=HTMX).status_code == 422
    assert consultant.post(give, {"owner_member": world.viewer.pk}).status_code == 422
    answer = consultant.post(give, {"owner_member": world.manager.pk, "at": "action"}, headers=HTMX)
    assert "A1 is now with manager alba." in answer.content.decode()
    assert flag not in consultant.get(plan_url(world)).content.decode()
    User.objects.filter(pk=world.manager.pk).delete()
    action.refresh_from_db()
    assert (action.owner_member, action.owner) == (None, "manager alba")


# --- Made from something -------------------------------------------------------------------------


def test_an_action_is_made_of_a_comment_and_both_lead_to_each_other(world, consultant, manager, queue):
    comment = Comment.objects.create(
        cycle=world.cycle, moment=queue, author=world.manager, author_name="manager alba",
        text="Open a second till\nplease",
    )  # fmt: skip
    thread = world.url(f"moments/{queue.pk}/comments/")
    link = world.url(f"cycles/{world.cycle.pk}/plan/actions/?comment={comment.pk}")
    assert link in consultant.get(thread).content.decode()
    assert link not in manager.get(thread).content.decode()
    form = consultant.get(link).content.decode()
    assert 'value="Open a second till"' in form
    assert "From the comment of manager alba" in form
    assert form.count("checked") == 1
    add(consultant, world, name="Open a second till", comment=comment.pk, moments=[queue.pk])
    action = Action.objects.get()
    assert action.from_comment == comment
    assert "Action made of it: A1 Open a second till" in consultant.get(thread).content.decode()
    page = consultant.get(world.url(f"actions/{action.pk}/")).content.decode()
    assert "Made from the comment of manager alba" in page
    assert add(consultant, world, comment="999999").status_code == 404


def test_a_comment_of_another_cycle_is_not_found(world, stranger, consultant):
    theirs = Comment.objects.create(
        cycle=stranger.cycle, moment=Moment.objects.filter(stage__cycle=stranger.cycle).first(),
        author_name="x", text="theirs",
    )  # fmt: skip
    answer = consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/actions/?comment={theirs.pk}"))
    assert answer.status_code == 404


def test_the_address_fills_the_form_in(world, consultant, queue, plan):
    need = Requirement.objects.create(moment=queue, position=0, name="Wait little")
    second = ActionPlan.objects.create(cycle=world.cycle, name="Second")
    query = f"?name=Shorter+queue&moment={queue.pk}&requirement={need.pk}&plan={second.pk}"
    form = consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/actions/{query}")).content.decode()
    assert 'value="Shorter queue"' in form
    assert form.count("checked") == 2
    assert f'<option value="{second.pk}" selected>' in form


def test_the_comments_of_an_action_stand_on_its_page_for_everybody(world, action, manager):
    say = world.url(f"actions/{action.pk}/comments/")
    manager.post(say, {"text": "Is Saturday enough?", "key": "a" * 32})
    page = log_in(world.viewer).get(world.url(f"actions/{action.pk}/")).content.decode()
    assert "Is Saturday enough?" in page
    assert '<form class="act__steps"' not in page
