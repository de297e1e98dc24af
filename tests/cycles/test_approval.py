"""The way of an action from proposed to done: every step of every role, and two who press at once."""

import re

import pytest
from django.utils import timezone

from accounts.models import Membership, Role
from cycles import approval
from cycles.actions import Action, ActionPlan
from cycles.approval import OvertakenError, StepRefusedError, allowed, state_of, take, targets
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}

# From each state (rows) to each (columns): e editors, m managers, b both, n both, but editors only where
# nobody approves; a point: nobody.
TABLE = """
            proposed sent_back approved doing done dropped
proposed    .        m         m        n     n    b
sent_back   b        .         m        n     n    b
approved    e        m         .        b     b    b
doing       e        m         m        .     b    b
done        .        .         .        b     .    .
dropped     b        .         m        .     .    .
"""


def cells():
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(row[0], target, cell) for row in rows for target, cell in zip(head, row[1:], strict=True)]


def test_every_step_of_every_role_is_as_in_the_table():
    assert {state for state, _, _ in cells()} == set(approval.STATES)
    for state, target, cell in cells():
        for here in (True, False):
            for role in Role:
                expected = (
                    cell in "mbn"
                    if role == Role.MANAGER
                    else role in (Role.OWNER, Role.CONSULTANT)
                    and (cell in "eb" or (cell == "n" and not here))
                )
                said = allowed(state, target, role, approved_here=here)
                assert said is expected, f"{role}: {state} -> {target}, approved here: {here}"


def test_no_chain_of_steps_leads_an_editor_past_the_approval():
    """Whatever consultants press: from proposed, sent back or dropped they reach nothing that is begun."""
    for start in (approval.PROPOSED, approval.SENT_BACK, approval.DROPPED):
        reached, new = {start}, {start}
        while new:
            new = {t for s in new for t in targets(s, Role.CONSULTANT, approved_here=True)} - reached
            reached |= new
        assert reached <= {approval.PROPOSED, approval.SENT_BACK, approval.DROPPED}


@pytest.fixture
def action(world):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    return Action.objects.create(plan=plan, number=1, name="A second till")


def member(world, name):
    return Membership.objects.get(user=getattr(world, name))


def press(browser, world, action, was, status, **more):
    headers = more.pop("headers", HTMX)
    url = world.url(f"actions/{action.pk}/status/")
    return browser.post(url, {"was": was, "status": status, **more}, headers=headers)


def test_a_consultant_cannot_approve_and_begins_only_what_is_approved(world, action, consultant, manager):
    answer = press(consultant, world, action, "proposed", "approved")
    assert answer.status_code == 422
    assert "Only the managers of the client approve actions" in answer.content.decode()
    answer = press(consultant, world, action, "proposed", "doing")
    assert answer.status_code == 422
    assert "once a manager of the client has approved it" in answer.content.decode()
    assert press(manager, world, action, "proposed", "approved").status_code == 200
    assert press(consultant, world, action, "approved", "doing").status_code == 200
    action.refresh_from_db()
    assert (action.status, action.approved_by, action.launched_on) == (
        "doing",
        world.manager,
        timezone.localdate(),
    )
    page = consultant.get(world.url(f"actions/{action.pk}/")).content.decode()
    assert "Approved by manager alba on" in page


def test_without_a_manager_consultants_begin_and_the_page_says_so(world, action, consultant):
    Membership.objects.filter(role=Role.MANAGER).delete()
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/plan/")).content.decode()
    assert "The client has no manager in this workspace" in page
    assert press(consultant, world, action, "proposed", "approved").status_code == 422
    assert press(consultant, world, action, "proposed", "doing").status_code == 200
    action.refresh_from_db()
    assert action.approved_at is None
    assert "No manager's approval" not in consultant.get(world.url(f"actions/{action.pk}/")).content.decode()


def test_a_manager_of_another_client_does_not_count(world, action, consultant):
    other = world.workspace.clients.create(name="Another")
    Membership.objects.filter(role=Role.MANAGER).update(client=other)
    assert approval.managers_of(world.client) == []


def test_a_manager_who_begins_approves_by_it(world, action, manager):
    press(manager, world, action, "proposed", "doing")
    action.refresh_from_db()
    assert action.approved_by == world.manager
    assert action.approved_at is not None


def test_sending_back_needs_a_reason_and_takes_it_off_the_waiting_list(world, action, consultant, manager):
    waiting = world.url(f"cycles/{world.cycle.pk}/plan/")
    assert 'id="to-approve"' in manager.get(waiting).content.decode()
    assert 'id="to-approve"' not in consultant.get(waiting).content.decode()
    answer = press(manager, world, action, "proposed", "sent_back", at="action", reason=" ")
    assert answer.status_code == 422
    assert "Say what has to change" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    answer = press(manager, world, action, "proposed", "sent_back", reason="Too dear for one Saturday.")
    assert answer.status_code == 200
    action.refresh_from_db()
    assert (action.status, state_of(action)) == ("proposed", "sent_back")
    assert 'id="to-approve"' not in manager.get(waiting).content.decode()
    assert "Too dear for one Saturday." in consultant.get(world.url(f"actions/{action.pk}/")).content.decode()
    press(consultant, world, action, "sent_back", "proposed")
    action.refresh_from_db()
    assert (state_of(action), action.sent_back_reason) == ("proposed", "")
    assert 'id="to-approve"' in manager.get(waiting).content.decode()


def test_taking_an_approved_action_back_takes_the_approval_off(world, action, consultant, manager):
    press(manager, world, action, "proposed", "approved")
    press(consultant, world, action, "approved", "proposed")
    action.refresh_from_db()
    assert (action.status, action.approved_by, action.approved_at) == ("proposed", None, None)
    assert press(consultant, world, action, "proposed", "doing").status_code == 422


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "without script"])
@pytest.mark.parametrize("at", ["", "action"])
def test_of_two_at_once_one_wins_and_the_other_sees_what_happened(
    world, action, consultant, manager, headers, at
):
    """Both pages showed it proposed."""
    press(manager, world, action, "proposed", "approved")
    answer = press(consultant, world, action, "proposed", "dropped", headers=headers, at=at)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "manager alba set A1 to “Approved” first. Your change was not made." in page
    assert ("<html" in page) is not bool(headers)
    action.refresh_from_db()
    assert action.status == "approved"
    assert f'name="was" value="{action.status}"' in page, "the page that is answered goes on from there"


def test_pressed_twice_is_once_and_two_managers_are_two(world, action, manager):
    assert press(manager, world, action, "proposed", "approved").status_code == 200
    at = Action.objects.get().approved_at
    assert press(manager, world, action, "proposed", "approved").status_code == 200
    assert Action.objects.get().approved_at == at
    assert action.history.count() == 2
    second = type(world.manager).objects.create_user("m2@alba.example", "a long password", name="Second")
    Membership.objects.create(user=second, workspace=world.workspace, role=Role.MANAGER, client=world.client)
    answer = press(log_in(second), world, action, "proposed", "sent_back", reason="Later")
    assert answer.status_code == 409


def test_the_step_is_compared_and_set_by_the_database(world, action):
    """Both have read it as proposed: whoever writes second is told, whatever was read."""
    mine, theirs = Action.objects.get(pk=action.pk), Action.objects.get(pk=action.pk)
    assert take(theirs, "proposed", "approved", member(world, "manager"), approved_here=True)
    with pytest.raises(OvertakenError):
        take(mine, "proposed", "dropped", member(world, "consultant"), approved_here=True)
    assert Action.objects.get().status == "approved"


def test_a_refused_step_changes_nothing(world, action):
    for target in ("approved", "sent_back", "doing", "done"):
        with pytest.raises(StepRefusedError):
            take(action, "proposed", target, member(world, "owner"), approved_here=True)
    assert action.history.count() == 1


def test_a_state_that_is_none_is_refused(world, action, consultant):
    assert press(consultant, world, action, "proposed", "x").status_code == 422
    assert press(consultant, world, action, "", "dropped").status_code == 422
    assert press(consultant, world, action, "proposed", "dropped", headers={}).status_code == 302


def test_going_back_in_the_history_does_not_bring_an_approval_back(world, action, consultant, manager):
    press(manager, world, action, "proposed", "approved")
    press(manager, world, action, "approved", "sent_back", reason="Not now")
    row = action.history.first()
    url = world.url(f"cycles/{world.cycle.pk}/history/action/{row.pk}/restore/")
    assert consultant.post(url).status_code in (200, 302)
    action.refresh_from_db()
    assert state_of(action) == "sent_back"


def test_a_card_says_where_it_may_go_and_the_list_offers_the_same(world, action, consultant, manager):
    board = world.url(f"cycles/{world.cycle.pk}/plan/?view=board")
    for browser, to in ((consultant, "dropped"), (manager, "approved doing done dropped")):
        page = browser.get(board).content.decode()
        assert f'data-was="proposed" data-to="{to}"' in page
        select = re.search(
            r'<select[^>]*name="status">(.*?)</select>', page.partition('class="ac__s"')[2], re.S
        )
        offered = re.findall(r'value="(\w+)"', select[1])
        assert offered == ["proposed", *to.split()]
    assert "data-to" not in log_in(world.viewer).get(board).content.decode()
