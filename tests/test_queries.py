"""No page asks more questions of the database because there is more to show.

Every page of the site is opened with two of everything and with five of everything: the number of
queries has to be the same. (Two, not one: what is looked up for "the others" is not asked of none.)
The pages come from the URLconf, so a new page is in from its first day.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.conftest import make_world
from tests.furniture import Furnished, furnish
from tests.site_map import Route, needs_no_login, routes

# Pages that may ask more for more, each with its reason. Empty is the goal.
MAY_GROW: dict[str, str] = {}

# Pages whose answer is a file or a moment of a process, not a view of the data.
NOT_PAGES = {"health_ready"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def pages() -> list[Route]:
    """Those of allauth show nobody's data but one's own."""
    return [
        route
        for route in routes()
        if route.name not in NOT_PAGES and not route.name.startswith(("account_", "mfa_"))
    ]


def queries_of(route: Route, furnished: Furnished, user: User) -> list[str] | None:
    """What the page asks when it is opened for the second time; None where there is no page."""
    browser = Browser(headers={"accept-language": "en"}, raise_request_exception=False)
    if not needs_no_login(route):
        browser.force_login(user)
    url = route.url(furnished)
    if browser.get(url).status_code != 200:
        return None
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(url)
        b"".join(response)
    return [query["sql"] for query in captured.captured_queries]


def kind(sql: str) -> str:
    """A query without its values, so that the same question asked of other rows looks the same."""
    sql = re.sub(r"IN \([^)]*\)", "IN (...)", sql)
    return re.sub(r"'[^']*'|\b\d+\b", "?", sql)[:300]


@pytest.mark.once
@pytest.mark.django_db
def test_five_times_the_objects_cost_no_query_more():
    small, large = furnish(make_world("alba"), times=2), furnish(make_world("boreal"), times=5)
    faults, looked_at = [], 0
    for route in pages():
        few = queries_of(route, small, small.world.owner)
        many = queries_of(route, large, large.world.owner)
        if few is None or many is None:
            continue
        looked_at += 1
        if len(few) != len(many) and route.name not in MAY_GROW:
            more = Counter(map(kind, many)) - Counter(map(kind, few))
            faults.append(
                f"{route.name}: {len(few)} queries with two of each, {len(many)} with five; more of:"
            )
            faults += [f"    {times} x {sql}" for sql, times in more.most_common(3)]
    assert looked_at > 20, "the walk found too few pages to mean anything"
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.django_db
def test_a_page_for_customers_asks_nothing_about_log_in(django_assert_num_queries):
    """A browser without a session costs no query before the view."""
    browser = Browser(headers={"accept-language": "en"})
    browser.get("/health/live")
    with django_assert_num_queries(0):
        assert browser.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_one_query_says_who_may():
    """Session, user, membership: three questions, and then the page's own."""
    world = make_world("alba")
    browser = Browser()
    browser.force_login(world.owner)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(world.url("settings/")).status_code == 200
    tables = [re.search(r'FROM "(\w+)"', query["sql"]) for query in captured.captured_queries]
    names = [found[1] for found in tables if found]
    assert names[:3] == ["django_session", "accounts_user", "accounts_membership"]
    assert names.count("accounts_membership") == 1
