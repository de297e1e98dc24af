"""A plan of many actions: each list is cut, counted, and one press away from its end."""

import re

import pytest

from cycles.models import Action, ActionPlan
from cycles.plan_rows import MOST
from tests.cycles.actions.planning import HTMX, plan_url

N = MOST["list"] + 3


@pytest.fixture
def plan(world):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Summer")
    Action.objects.bulk_create(
        Action(plan=plan, number=n, name=f"Errand {n}", status="doing") for n in range(1, N + 1)
    )
    Action.objects.create(plan=plan, number=N + 1, name="Errand of its own", status="done")
    return plan


def shown(page):
    return re.findall(r'<(?:li class="ac"|tr) id="(A\d+)"', page)


def read(browser, world, query=""):
    return browser.get(plan_url(world, query)).content.decode()


@pytest.mark.parametrize("view", ["", "view=board&"])
def test_a_long_group_is_cut_and_shown_whole_by_its_address(world, consultant, plan, view):
    page = read(consultant, world, f"?{view}")
    assert shown(page) == [f"A{n}" for n in [*range(1, N - 2), N + 1]]
    assert f"Show all {N}" in page
    assert "fold-done" not in page
    address = re.search(r'id="fold-doing" href="[^"?]*(\?[^"]*)"', page)[1].replace("&amp;", "&")
    whole = read(consultant, world, address)
    assert len(shown(whole)) == N + 1
    assert "Show fewer" in whole


def test_the_count_and_the_file_are_of_all(world, consultant, plan):
    assert f"<span>{N}</span>" in read(consultant, world)
    assert f"{N} open actions" in read(consultant, world)
    assert f"Errand {N}" in consultant.get(plan_url(world, "actions.csv")).content.decode()


def test_a_long_table_is_cut_in_its_order(world, consultant, plan):
    Action.objects.bulk_create(
        Action(plan=plan, number=n, name=f"Errand {n}") for n in range(N + 2, MOST["table"] + 6)
    )
    page = read(consultant, world, "?view=table&sort=-number")
    assert shown(page)[0] == f"A{MOST['table'] + 5}"
    assert len(shown(page)) == MOST["table"]
    assert len(shown(read(consultant, world, "?view=table&whole=table"))) == MOST["table"] + 5


def test_who_changes_an_action_beyond_the_cut_finds_it(world, consultant, plan):
    last = Action.objects.get(number=N)
    url = world.url(f"actions/{last.pk}/status/")
    answer = consultant.post(url, {"was": "doing", "status": "done"})
    assert answer.url.endswith(f"?whole=done#{last.code}")
    current = {"HX-Current-URL": f"http://testserver{plan_url(world, '?whole=doing')}"}
    page = consultant.post(
        url, {"was": "done", "status": "doing"}, headers={**HTMX, **current}
    ).content.decode()
    assert last.code in shown(page)
