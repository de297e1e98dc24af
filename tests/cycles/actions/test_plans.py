"""Several plans, their table, its filters and files."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from cycles.document import document_of
from cycles.models import Action, ActionPlan
from tests.conftest import log_in
from tests.cycles.actions.planning import HTMX, add, plan_url

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
