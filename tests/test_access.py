"""Who may open and change what: every route, every role, nobody and a stranger, read and write.

The lists below are the decision, written by hand; the walk compares the site with them. A new route
has to obey the rule of the house (any member reads, editors write) or be entered here.
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

EDITORS = {"owner", "consultant"}
EVERYONE = {"owner", "consultant", "manager", "viewer"}
OWNERS = {"owner"}

# Without a log-in: the way in, customers' links, machines.
PUBLIC = {
    "help_statistics",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:join",
    "customers:follow_up",
    "customers:follow_up_stop",
    "customers:survey",
    "customers:mail_events",
    "customers:open",
    "customers:unsubscribe",
    "customers:visit",
    "shared:file",
    "shared:report",
    "shared:said",
    "health_live",
    "health_ready",
    "language",
    "mfa_authenticate",
    "mfa_login_webauthn",
}

# One's own account: whoever is logged in, about themselves alone.
PERSONAL = {
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "accounts:profile",
    "accounts:workspace_new",
    "home",
    "letterbox",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}

# There only for who has set up a second step; in the furniture that is the owner.
SECOND_STEP = {
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}

# Who reads, where it is not every member.
READERS = {
    "cycles:action_add": EDITORS,
    "cycles:assessment": EDITORS | {"manager"},
    "cycles:action_edit": EDITORS,
    "cycles:plan_add": EDITORS,
    "cycles:plan_edit": EDITORS,
    "cycles:comment_edit": EDITORS | {"manager"},
    "cycles:edit": EDITORS,
    "cycles:import_cycle": EDITORS,
    "cycles:lane": EDITORS,
    "cycles:moment_attribute": EDITORS,
    "cycles:indicator_add": EDITORS,
    "cycles:indicator_edit": EDITORS,
    "cycles:level_add": EDITORS,
    "cycles:level_edit": EDITORS,
    "cycles:measurement_edit": EDITORS,
    "cycles:moment_edit": EDITORS,
    "cycles:moment_name": EDITORS,
    "cycles:moments_library": EDITORS,
    "cycles:moments_paste": EDITORS,
    "cycles:new": EDITORS,
    "cycles:requirement_edit": EDITORS,
    "cycles:stage_add": EDITORS,
    "cycles:stage_edit": EDITORS,
    "cycles:template_save": EDITORS,
    "cycles:templates": EDITORS,
    "prioritization:grades": EDITORS,
    "prioritization:import": EDITORS,
    "prioritization:imports": EDITORS,
    "prioritization:report_compose": EDITORS,
    "prioritization:report_preview": EDITORS,
    "prioritization:said": EDITORS,
    "prioritization:said_quotes": EDITORS,
    "prioritization:schedule_edit": EDITORS,
    "prioritization:schedule_new": EDITORS,
    "prioritization:share": EDITORS,
    "prioritization:results_csv": EDITORS,
    "prioritization:results_xlsx": EDITORS,
    "members:client_edit": EDITORS,
    "members:client_new": EDITORS,
    "members:clients": EDITORS,
    "members:edit": OWNERS,
    "members:invite": EDITORS,
    "members:list": EDITORS,
    "members:remove": OWNERS,
    "members:settings": OWNERS,
    "surveys:case_close": EDITORS | {"manager"},
    "surveys:case_from": EDITORS | {"manager"},
    "surveys:case_new": EDITORS | {"manager"},
    "surveys:case_rule": EDITORS,
    "surveys:case_settings": EDITORS,
    "surveys:contact": EDITORS,
    "surveys:contact_add": EDITORS,
    "surveys:contact_erase": EDITORS,
    "surveys:contact_list": EDITORS,
    "surveys:contact_lists": EDITORS,
    "surveys:contacts": EDITORS,
    "surveys:segment": EDITORS,
    "surveys:segment_count": EDITORS,
    "surveys:segment_new": EDITORS,
    "surveys:segments": EDITORS,
    "surveys:place_qr_png": EDITORS,
    "surveys:place_qr_svg": EDITORS,
    "surveys:place_sheet": EDITORS,
    "surveys:places": EDITORS,
    "surveys:visit_fill": EDITORS,
}

# Who changes, where it is not the editors.
WRITERS = {
    "cycles:action_comments": EDITORS | {"manager"},
    "cycles:action_file_add": EDITORS | {"manager"},
    "cycles:action_status": EDITORS | {"manager"},
    "cycles:assessment": EDITORS | {"manager"},
    "cycles:assessment_delete": EDITORS | {"manager"},
    "cycles:assessment_restore": EDITORS | {"manager"},
    "cycles:maturity_add": EDITORS | {"manager"},
    "cycles:comment_delete": EDITORS | {"manager"},
    "cycles:comment_edit": EDITORS | {"manager"},
    "cycles:comment_reopen": EDITORS | {"manager"},
    "cycles:comment_resolve": EDITORS | {"manager"},
    "cycles:comment_restore": EDITORS | {"manager"},
    "cycles:moment_comments": EDITORS | {"manager"},
    "cycles:requirement_comments": EDITORS | {"manager"},
    "members:edit": OWNERS,
    "members:remove": OWNERS,
    "members:settings": OWNERS,
    "surveys:case_close": EDITORS | {"manager"},
    "surveys:case_facts": EDITORS | {"manager"},
    "surveys:case_mail": EDITORS | {"manager"},
    "surveys:case_new": EDITORS | {"manager"},
    "surveys:case_note": EDITORS | {"manager"},
    "surveys:case_owner": EDITORS | {"manager"},
    "surveys:case_spoke": EDITORS | {"manager"},
    "surveys:case_status": EDITORS | {"manager"},
    "surveys:case_tags": EDITORS | {"manager"},
    "prioritization:report_ask": EDITORS | {"manager"},
    "prioritization:report_cancel": EDITORS | {"manager"},
    "prioritization:report_retry": EDITORS | {"manager"},
}

# Only who founds and edits workspaces; the people of a client do not.
FOUNDERS = {"accounts:workspace_new": EDITORS, "letterbox": EDITORS}

LOG_IN = "/accounts/login/"
METHODS = ("GET", "POST")


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
            faults.append(f"{route.name} needs no log-in: if that is meant, add it to PUBLIC")
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
    assert not missing, f"add them to tests/furniture.py: {missing}"


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


@pytest.mark.parametrize("role", ["owner", "consultant", "manager", "viewer"])
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


def may(route: Route, method: str, role: str) -> bool:
    if route.name in PERSONAL:
        return role in FOUNDERS.get(route.name, EVERYONE)
    if method == "GET":
        return role in READERS.get(route.name, EVERYONE)
    return role in WRITERS.get(route.name, EDITORS)


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


@pytest.mark.parametrize("role", ["manager", "viewer"])
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
