"""Plans and actions: several plans, every field and its faults, who has it, its page and files, the table."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Membership, User
from cycles.document import cycle_from, document_of
from cycles.models import Action, ActionFile, ActionPlan, Comment, Moment, Requirement
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}
PDF = b"%PDF-1.4 a quote %%EOF"
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


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


@pytest.fixture
def plan(world):
    return ActionPlan.objects.create(cycle=world.cycle, name="First plan")


@pytest.fixture
def action(plan):
    return Action.objects.create(plan=plan, number=1, name="A second till")


def plan_url(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/plan/{query}")


def add(browser, world, query="", **more):
    url = world.url(f"cycles/{world.cycle.pk}/plan/actions/{query}")
    return browser.post(url, {"name": "A second till", **more})


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
        "4.5", "1,800.5", "+0.35", "confidence 70 %", "People", "One more person", "Two tills at noon",
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


# --- Plans ---------------------------------------------------------------------------------------


def test_plans_are_added_edited_chosen_and_numbers_go_through_all_of_them(world, consultant, plan, action):
    answer = consultant.post(
        world.url(f"cycles/{world.cycle.pk}/plans/"), {"name": "Second", "goal": "No queue", "sponsor": "Ana"}
    )
    second = ActionPlan.objects.get(name="Second")
    assert answer.url == plan_url(world, f"?plan={second.pk}")
    assert add(consultant, world, plan=second.pk, name="In the second").status_code == 302
    assert Action.objects.get(name="In the second").code == "A2"
    page = consultant.get(answer.url).content.decode()
    assert "No queue" in page
    assert "Sponsor: Ana" in page
    assert "In the second" in page
    assert "A second till" not in page
    consultant.post(world.url(f"plans/{second.pk}/"), {"name": "Renamed"})
    assert ActionPlan.objects.get(pk=second.pk).name == "Renamed"
    consultant.post(world.url(f"actions/{action.pk}/edit/"), {"name": "Moved", "plan": second.pk})
    action.refresh_from_db()
    assert (action.plan, action.number) == (second, 1)
    assert consultant.post(world.url(f"plans/{second.pk}/"), {"name": ""}).status_code == 422


def test_an_action_that_moves_to_a_plan_with_its_number_gets_another(world, consultant, plan, action):
    other = ActionPlan.objects.create(cycle=world.cycle, name="From a file")
    Action.objects.create(plan=other, number=1, name="Also one")
    consultant.post(world.url(f"actions/{action.pk}/edit/"), {"name": "Moved", "plan": other.pk})
    action.refresh_from_db()
    assert (action.plan, action.number) == (other, 2)


def test_a_plan_goes_with_its_actions_and_comes_back_with_them(world, consultant, plan, action):
    Action.objects.create(plan=plan, number=2, name="Gone before", deleted_at=timezone.now())
    url = world.url(f"plans/{plan.pk}/delete/")
    page = consultant.post(url, follow=True).content.decode()
    assert world.url(f"plans/{plan.pk}/restore/") in page
    assert consultant.post(url).status_code == 404
    assert consultant.get(world.url(f"actions/{action.pk}/")).status_code == 404
    binned = consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert "with its action" in binned
    assert "A second till" not in binned, "it comes back with its plan"
    assert "Gone before" in binned
    assert document_of(world.cycle)["plans"] == []
    add(consultant, world, name="Needs a plan")
    assert Action.objects.get(name="Needs a plan").plan != plan
    for _ in range(2):
        assert consultant.post(world.url(f"plans/{plan.pk}/restore/")).status_code == 302
    assert set(Action.objects.filter(plan=plan, deleted_at=None).values_list("name", flat=True)) == {
        "A second till"
    }
    Action.objects.filter(name="Gone before").update(deleted_at=timezone.now())
    consultant.post(url)
    gone = Action.objects.get(name="Gone before")
    consultant.post(world.url(f"actions/{gone.pk}/restore/"))
    plan.refresh_from_db()
    assert plan.deleted_at is None, "an action is never without its plan"


def test_plans_of_others_are_not_found(world, stranger, plan):
    other = log_in(stranger.owner)
    for path in ("", "delete/", "restore/"):
        assert other.post(stranger.url(f"plans/{plan.pk}/{path}"), {"name": "x"}).status_code == 404
    assert log_in(world.manager).post(world.url(f"plans/{plan.pk}/"), {"name": "x"}).status_code == 403


# --- Table, filters, files -----------------------------------------------------------------------


@pytest.fixture
def many(world, plan, queue):
    rows = [
        ("Cheap", "doing", "Ana", "2020-01-01", "2", "10"),
        ("Dear", "proposed", "Berta", "2031-01-01", "9", "900"),
        ("=1+1", "done", "", None, None, None),
    ]
    for number, (name, status, owner, due, days, cost) in enumerate(rows, 1):
        Action.objects.create(
            plan=plan,
            number=number,
            name=name,
            status=status,
            owner=owner,
            due_on=due,
            effort_days=days,
            cost=cost,
        )
    Action.objects.get(name="Dear").moments.add(queue)


def names(browser, url):
    page = browser.get(url).content.decode()
    return [part.partition("</a>")[0].partition(">")[2] for part in page.split('class="row"')[1:]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Cheap", "Dear", "=1+1"]),
        ("&sort=-number", ["=1+1", "Dear", "Cheap"]),
        ("&sort=cost", ["Cheap", "Dear", "=1+1"]),
        ("&sort=-cost", ["Dear", "Cheap", "=1+1"]),
        ("&sort=name", ["=1+1", "Cheap", "Dear"]),
        ("&sort=owner", ["Cheap", "Dear", "=1+1"]),
        ("&sort=-due", ["Dear", "Cheap", "=1+1"]),
        ("&sort=nonsense&status=x&plan=x&moment=-1", ["Cheap", "Dear", "=1+1"]),
        ("&status=doing", ["Cheap"]),
        ("&owner=Berta", ["Dear"]),
        ("&owner=-", ["=1+1"]),
        ("&late=1", ["Cheap"]),
        ("&moment={queue}", ["Dear"]),
        ("&plan={plan}&sort=-days", ["Dear", "Cheap", "=1+1"]),
        ("&plan=999999", []),
    ],
)
def test_the_table_is_ordered_and_narrowed_by_its_address(
    world, consultant, many, plan, queue, query, expected
):
    query = query.format(queue=queue.pk, plan=plan.pk)
    assert names(consultant, plan_url(world, f"?view=table{query}")) == expected
    book = consultant.get(plan_url(world, f"actions.csv?{query.removeprefix('&')}")).content.decode(
        "utf-8-sig"
    )
    assert [row[1].lstrip("'") for row in list(csv.reader(io.StringIO(book)))[1:]] == expected


def test_a_heading_turns_the_order_and_keeps_the_filters(world, consultant, many):
    page = consultant.get(plan_url(world, "?view=table&sort=cost&late=1")).content.decode()
    assert 'aria-sort="ascending"' in page
    assert "?view=table&amp;late=1&amp;sort=-cost" in page
    assert "actions.xlsx?view=table&amp;late=1&amp;sort=cost" in page


def test_a_change_answers_the_page_as_it_was_chosen(world, consultant, many):
    cheap = Action.objects.get(name="Cheap")
    current = f"http://testserver{plan_url(world, '?view=table&status=doing')}"
    url = world.url(f"actions/{cheap.pk}/status/")
    data = {"was": "doing", "status": "dropped"}
    page = consultant.post(url, data, headers={**HTMX, "HX-Current-URL": current}).content.decode()
    assert "plan--table" in page
    assert "No action is so." in page
    answer = consultant.post(url, {"was": "dropped", "status": "proposed"}, headers={"Referer": current})
    assert answer.url == plan_url(world, "?view=table&status=doing#A1")


def test_the_files_have_every_column_and_no_formula(world, many):
    browser = log_in(world.viewer, "es")
    text = browser.get(plan_url(world, "actions.csv")).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert len(head) == 25 == len(rows[0])
    assert rows[2][1] == "'=1+1"
    assert rows[0][head.index("Esfuerzo en días-persona")] == "2,0"
    book = load_workbook(io.BytesIO(browser.get(plan_url(world, "actions.xlsx")).content)).active
    cells = [[cell.value for cell in row] for row in book.iter_rows()]
    assert cells[3][1] == "'=1+1"
    assert book.cell(4, 2).data_type == "s"
    assert cells[1][10] == 2
    assert cells[1][6].date().isoformat() == "2020-01-01"


# --- Attachments ---------------------------------------------------------------------------------


def attach(browser, world, action, *files, **more):
    url = world.url(f"actions/{action.pk}/files/")
    return browser.post(url, {"file": list(files)}, **more)


def test_files_are_attached_handed_out_deleted_and_brought_back(world, consultant, manager, action):
    assert attach(manager, world, action, SimpleUploadedFile("quote.pdf", PDF)).status_code == 302
    file = ActionFile.objects.get()
    page = consultant.get(world.url(f"actions/{action.pk}/")).content.decode()
    assert "quote.pdf" in page
    answer = log_in(world.viewer).get(world.url(f"action-files/{file.pk}/"))
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    page = consultant.post(world.url(f"action-files/{file.pk}/delete/"), headers=HTMX).content.decode()
    assert world.url(f"action-files/{file.pk}/restore/") in page
    assert consultant.get(world.url(f"action-files/{file.pk}/")).status_code == 404
    assert "quote.pdf" in consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert consultant.post(world.url(f"action-files/{file.pk}/restore/")).status_code == 302
    assert consultant.get(world.url(f"action-files/{file.pk}/")).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("run.exe", b"MZ", "not taken"),
        ("quote.pdf", b"<html>", "not what the name says"),
        ("big.txt", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_files_of_no_allowed_kind_are_refused_in_words(world, consultant, action, name, data, fault):
    answer = attach(consultant, world, action, SimpleUploadedFile(name, data), headers=HTMX)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert not ActionFile.objects.exists()


def test_strangers_find_no_file_and_viewers_attach_none(world, stranger, action):
    attach(log_in(world.owner), world, action, SimpleUploadedFile("quote.pdf", PDF))
    file = ActionFile.objects.get()
    other = log_in(stranger.owner)
    assert other.get(stranger.url(f"action-files/{file.pk}/")).status_code == 404
    assert other.post(stranger.url(f"action-files/{file.pk}/delete/")).status_code == 404
    assert attach(log_in(world.viewer), world, action).status_code == 403


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
