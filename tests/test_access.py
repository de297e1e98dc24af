"""Who may open and change what: every route, every role, nobody and a stranger, read and write.

The decision is tests/who_may.py; the walk compares the site with it.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.test import Client as Browser

from accounts.models import Role, User
from tests.conftest import World, make_world
from tests.furniture import Furnished, furnish, neighbour
from tests.site_map import ARGUMENTS, Route, needs_no_login, routes
from tests.who_may import FOUNDERS, PERSONAL, PUBLIC, READERS, SECOND_STEP, WRITERS, may

LOG_IN = "/accounts/login/"
METHODS = ("GET", "POST")

# Of two whose rows are narrowed the same way, the second asks either database for nothing new.
CONSULTANT = pytest.param("consultant", marks=pytest.mark.once)
VIEWER = pytest.param("viewer", marks=pytest.mark.once)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of requests would bury the few lines that a failure is about."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def furnished(world: World) -> Furnished:
    return furnish(world)


def browser_of(user: User | None) -> Browser:
    browser = Browser(headers={"accept-language": "en"}, raise_request_exception=False)
    if user:
        browser.force_login(user)
    return browser


@contextmanager
def undone() -> Iterator[None]:
    """Each request meets the same world: what it changes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def call(browser: Browser, method: str, url: str) -> Any:
    cookies = copy(browser.cookies)
    with undone():
        response = browser.generic(method, url, content_type="application/x-www-form-urlencoded")
    browser.cookies = cookies
    return response


def leads_to_log_in(response: Any) -> bool:
    """As the guard of the house does it; allauth's own pages send on without a way back."""
    return response.status_code == 302 and str(response["Location"]).startswith(f"{LOG_IN}?next=")


def stumbles(route: Route, method: str, url: str, response: Any, why: str) -> str:
    answer = f"{response.status_code} {response.headers.get('Location', '')}".strip()
    return f"{route.name}: {method} {url} answered {answer}; {why}"


def report(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def test_every_route_is_known_to_this_net():
    faults = []
    for route in routes():
        if route.name.endswith("None"):
            faults.append(f"{route.pattern} has no name: give it one")
        unknown = [argument for argument in route.arguments if argument not in ARGUMENTS]
        if unknown:
            faults.append(
                f"{route.name} has the argument {unknown}: add it to ARGUMENTS in tests/site_map.py"
            )
        if needs_no_login(route) and route.name not in PUBLIC:
            faults.append(
                f"{route.name} needs no log-in: if that is meant, add it to PUBLIC in tests/who_may.py"
            )
        if not needs_no_login(route) and not route.is_of_workspace and route.name not in PERSONAL:
            faults.append(f"{route.name} is outside /w/<workspace>/: move it there, or add it to PERSONAL")
    report(faults)


def test_no_list_names_a_route_that_is_gone():
    names = {route.name for route in routes()}
    # The letter box is a route of the trial alone.
    assert (PUBLIC | PERSONAL | READERS.keys() | WRITERS.keys() | FOUNDERS.keys()) - names <= {"letterbox"}


def test_the_furniture_has_one_of_every_model(furnished):
    missing = [
        model.__name__
        for label in ("accounts", "cycles", "surveys", "prioritization")
        for model in apps.get_app_config(label).get_models()
        if not model._default_manager.exists()
    ]
    assert not missing, f"add them to tests/furniture/: {missing}"


def test_nobody_is_sent_to_the_log_in(furnished):
    nobody = browser_of(None)
    faults = []
    for route in routes():
        url = route.url(furnished)
        for method in METHODS:
            response = call(nobody, method, url)
            if route.name in PUBLIC:
                if leads_to_log_in(response):
                    faults.append(stumbles(route, method, url, response, "it is public"))
                elif response.status_code >= 500:
                    faults.append(stumbles(route, method, url, response, "it fails"))
            elif not leads_to_log_in(response):
                faults.append(stumbles(route, method, url, response, "without a log-in"))
    report(faults)


@pytest.mark.parametrize("role", ["owner", CONSULTANT, "manager", VIEWER])
def test_each_role_may_what_the_lists_say(furnished, role):
    browser = browser_of(getattr(furnished.world, role))
    faults = []
    for route in routes():
        if route.name in PUBLIC or (route.name in SECOND_STEP and role != "owner"):
            continue
        url = route.url(furnished)
        for method in METHODS:
            response = call(browser, method, url)
            status = response.status_code
            if may(route, method, role):
                if status in (403, 404) or status >= 500 or leads_to_log_in(response):
                    faults.append(stumbles(route, method, url, response, f"the {role} may do this"))
            elif status != 403:
                faults.append(stumbles(route, method, url, response, f"the {role} may not do this"))
    report(faults)


def fingerprint() -> dict[str, str]:
    """One hash a table: any row added, changed or gone shows."""
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if model is not Session:
            rows = sorted(repr(row) for row in model._base_manager.values_list())
            tables[model._meta.label] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return tables


def test_a_stranger_finds_nothing_and_changes_nothing(furnished):
    """The first world's pages, and the first world's objects under the stranger's own address."""
    other = make_world("boreal")
    stranger = browser_of(other.owner)
    before = fingerprint()
    faults = []
    for route in routes():
        if not route.objects and not route.is_of_workspace:
            continue
        if route.name in PUBLIC:
            continue
        urls = [route.url(furnished)]
        if route.is_of_workspace and route.objects:
            urls.append(route.url(furnished, workspace=other.workspace.slug))
        for url in urls:
            for method in METHODS:
                response = stranger.generic(method, url, content_type="application/x-www-form-urlencoded")
                if not hides(route, response):
                    faults.append(stumbles(route, method, url, response, "to a stranger it is 404"))
                if b"kanari" in response.content or b"alba.example" in response.content:
                    faults.append(stumbles(route, method, url, response, "and shows what is not theirs"))
    changed = [label for label, rows in fingerprint().items() if rows != before[label]]
    report(faults)
    assert not changed, f"a stranger changed {changed}"


def hides(route: Route, response: Any) -> bool:
    """404; or 405 to whoever asks; or, for what concerns log-in itself, the question who one is."""
    if route.name in PERSONAL:
        return response.status_code == 404 or "/reauthenticate/" in response.headers.get("Location", "")
    return response.status_code in (404, 405)


def test_a_workspace_that_is_not_there_looks_like_a_strangers(world):
    other = make_world("boreal")
    stranger = browser_of(other.owner)
    theirs = call(stranger, "GET", f"/w/{world.workspace.slug}/")
    nobodys = call(stranger, "GET", "/w/alma/")
    assert theirs.status_code == nobodys.status_code == 404
    strip = [value.encode() for value in (world.workspace.slug, "alma")]
    assert len(theirs.content) == len(nobodys.content)
    for response, slug in zip((theirs, nobodys), strip, strict=True):
        assert response.content.count(slug) <= 1, "only the way back of the language switch names it"


@pytest.mark.parametrize("role", ["manager", VIEWER])
def test_a_clients_people_never_reach_the_client_next_door(furnished, role):
    beside = neighbour(furnished)
    browser = browser_of(getattr(furnished.world, role))
    faults = []
    for route in routes():
        if not (route.is_of_workspace and route.objects) or route.name.startswith("members:"):
            continue
        url = route.url(beside)
        for method in METHODS:
            response = call(browser, method, url)
            hidden = 404 if may(route, method, role) else 403
            if response.status_code not in {hidden, 405}:
                faults.append(stumbles(route, method, url, response, f"the client is not this {role}'s"))
            if b"kanari" in response.content:
                faults.append(stumbles(route, method, url, response, "and shows what is not theirs"))
    report(faults)


def test_after_a_demotion_the_same_session_may_less(world):
    browser = browser_of(world.consultant)
    assert browser.get(world.url("members/")).status_code == 200
    membership = world.consultant.memberships.get()
    membership.role, membership.client = Role.VIEWER, world.client
    membership.save()
    assert browser.get(world.url("members/")).status_code == 403
    membership.delete()
    assert browser.get(world.url("members/")).status_code == 404


def test_every_model_of_a_tenant_says_how_it_leads_to_its_client(furnished):
    """`reach` narrows by client_path: a wrong one would show too much or fail."""
    other = make_world("boreal")
    mine, theirs = furnished.world.owner.memberships.get(), other.owner.memberships.get()
    for model in apps.get_models():
        if hasattr(model, "client_path"):
            assert mine.reach(model).exists(), model
            overlap = set(mine.reach(model).values_list("pk")) & set(theirs.reach(model).values_list("pk"))
            assert not overlap, model
            assert issubclass(model, models.Model)
