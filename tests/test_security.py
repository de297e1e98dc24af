"""What a browser is told, what production refuses, what is left open on purpose."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.test import override_settings
from django.urls import get_resolver

from tests.conftest import log_in
from tests.site_map import needs_no_login, routes
from tests.who_may import PUBLIC

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)

# Whose POST may come from elsewhere. Mail programs unsubscribe by a POST of their own (RFC 8058), and
# a customer's browser may refuse cookies: there the hidden mark of the page stands for the cookie.
WITHOUT_CSRF = {
    "customers:follow_up",
    "customers:follow_up_stop",
    "customers:mail_events",
    "customers:open",
    "customers:survey",
    "customers:unsubscribe",
    "customers:visit",
}


@pytest.fixture
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def parts(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/accounts/login/", 200), ("/nowhere/", 404), ("/join/wrong/", 404), ("/health/live", 200), ("/", 302)],
)
def test_every_answer_carries_the_policy(path, status):
    response = Browser().get(path)
    assert response.status_code == status
    assert_guarded(response)


def assert_guarded(response: Any) -> None:
    assert parts(response["Content-Security-Policy"]) == parts(POLICY)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_of_members_and_refusals_carry_the_policy(world):
    manager = log_in(world.manager)
    assert_guarded(manager.get(world.url()))
    refused = manager.get(world.url("members/"))
    assert refused.status_code == 403
    assert_guarded(refused)


@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_failure_carries_the_policy(world, monkeypatch, quiet):
    """The failure is a real one: the table of memberships is gone."""
    from django.db import connection

    browser = log_in(world.owner)
    browser.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_membership RENAME TO away")
    response = browser.get(world.url())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE away RENAME TO accounts_membership")
    assert response.status_code == 500
    assert_guarded(response)
    page = response.content.decode()
    assert "Something failed on our side" in page
    assert response["X-Request-ID"] in page
    assert world.owner.email not in page


def test_the_page_of_a_failure_needs_no_database():
    """pytest-django lets no test touch the database unless it says so: this one does not."""
    from django.test import RequestFactory

    handler = get_resolver().resolve_error_handler(500)
    spanish = handler(RequestFactory().get("/", headers={"accept-language": "es"}))
    assert spanish.status_code == 500
    assert b'lang="es"' in spanish.content
    assert b"<h1>" in spanish.content


@pytest.mark.django_db
def test_an_unreadable_request_gets_a_calm_page(quiet):
    response = Browser(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"<h1>" in response.content
    assert_guarded(response)


def test_a_form_without_its_token_is_refused_in_words(world):
    browser = Browser(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(world.owner)
    response = browser.post(world.url("settings/"), {"name": "Taken over"})
    assert response.status_code == 403
    assert "The page had grown old" in response.content.decode()
    world.workspace.refresh_from_db()
    assert world.workspace.name == "Alba"


def test_csrf_is_left_out_only_where_it_is_meant():
    exempt = {route.name for route in routes() if getattr(route.view, "csrf_exempt", False)}
    assert exempt <= WITHOUT_CSRF


def test_login_is_left_out_only_where_it_is_meant():
    assert {route.name for route in routes() if needs_no_login(route)} == PUBLIC


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts(world):
    browser = Browser()
    browser.get("/accounts/login/")
    browser.post("/accounts/login/", {"login": world.owner.email, "password": "a long password"})
    session = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    browser.post("/language/", {"language": "en"})
    assert browser.cookies[settings.LANGUAGE_COOKIE_NAME]["httponly"]


def test_the_session_gets_a_new_key_at_log_in(world):
    browser = Browser()
    browser.get("/accounts/login/code/confirm/")
    session = browser.session
    session["planted"] = True
    session.save()
    before = str(session.session_key)
    browser.cookies[settings.SESSION_COOKIE_NAME] = before
    browser.post("/accounts/login/", {"login": world.owner.email, "password": "a long password"})
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_guessing_is_stopped_whatever_address_it_claims(world):
    """The limit counts the address that the proxy wrote, the last one, not what the guesser put before it."""
    browser = Browser(headers={"accept-language": "en"})
    answers = [
        browser.post(
            "/accounts/login/",
            {"login": f"guess{n}@alba.example", "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{n}, 203.0.113.9"},
        )
        for n in range(12)
    ]
    assert answers[0].status_code == 422
    assert "Too many" in answers[-1].content.decode()


def test_a_known_and_an_unknown_address_get_the_same_answer(world, mailoutbox):
    def ask(email: str) -> bytes:
        browser = Browser(headers={"accept-language": "en"})
        response = browser.post("/accounts/password/reset/", {"email": email}, follow=True)
        assert response.status_code == 200
        return re.sub(rb"[0-9A-Za-z]{64}", b"(token of the form)", response.content)

    assert ask(world.owner.email) == ask("nobody@alba.example")
    assert len(mailoutbox) == 2, "both get a mail, so that not even the time tells them apart"


# --- Production ----------------------------------------------------------------------------------

PRODUCTION = {
    "SECRET_KEY": "xR7-k2Pz_9vTqLw4mBn8sYd1fGh3jKc5aUe6oIi0pZrVxWbN2tMl",
    "SITE_URL": "https://cyclemap.example",
    "ALLOWED_HOSTS": "cyclemap.example",
    "BEHIND_PROXY": "1",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the real project in a process of its own, with nothing of this one's settings."""
    ours = ("CYCLEMAP_TRIAL", "DEBUG", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DATABASE_URL")
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_passes_djangos_own_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_production_hides_its_cookies_behind_the_host():
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.DEBUG)"
    )
    done = manage("shell", "--no-imports", "-c", code, **PRODUCTION)
    assert done.stdout.split() == [
        "__Host-sessionid", "__Host-csrftoken", "True", "True", "31536000", "True", "False",
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["", "short", "insecure-for-trial-only", "insecure" + "x" * 60])
def test_production_refuses_a_key_that_anybody_knows(key):
    done = manage("check", **{**PRODUCTION, "SECRET_KEY": key})
    assert done.returncode != 0
    assert "SECRET_KEY must be a secret of at least 32 characters" in done.stderr


def test_production_has_no_letter_box():
    code = "from django.urls import reverse; print(reverse('letterbox'))"
    assert "NoReverseMatch" in manage("shell", "--no-imports", "-c", code, **PRODUCTION).stderr


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("consultant", 200), ("manager", 403), ("viewer", 403)]
)
def test_only_owners_and_consultants_read_the_letter_box(world, role, status):
    assert log_in(getattr(world, role)).get("/letterbox/").status_code == status
