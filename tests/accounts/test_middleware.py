"""Language, log-in and workspace, decided before any view."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser

from tests.conftest import log_in

HTMX = {"hx-request": "true"}


def way_back(location: str) -> str:
    return parse_qs(urlsplit(location).query)["next"][0]


@pytest.mark.parametrize(
    ("browser", "cookie", "person", "expected"),
    [
        ("en", "", "", "en"),
        ("es-MX,es;q=0.9", "", "", "es"),
        ("fr", "", "", "es"),
        ("en", "es", "", "es"),
        ("en", "es", "en", "en"),
        ("es", "", "en", "en"),
    ],
)
def test_person_before_cookie_before_browser(world, browser, cookie, person, expected):
    world.owner.language = person
    world.owner.save()
    client = log_in(world.owner, language=browser)
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/me/")
    assert response["Content-Language"] == expected
    assert f'<html lang="{expected}"' in response.content.decode()


def test_caches_are_told_that_pages_differ_by_language(db):
    varies = Browser().get("/accounts/login/")["Vary"]
    assert "Accept-Language" in varies
    assert "Cookie" in varies


def test_the_language_of_one_request_does_not_leak_into_the_next(world):
    from django.utils import translation

    before = translation.get_language()
    log_in(world.owner, language="en").get("/me/")
    assert translation.get_language() == before


def test_after_log_out_htmx_is_sent_to_the_log_in_as_a_whole(world):
    url = world.url(f"cycles/{world.cycle.pk}/")
    response = Browser(headers={**HTMX, "hx-current-url": f"http://testserver{url}?moment=2"}).get(url)
    assert response.status_code == 200
    assert response["HX-Redirect"].startswith("/accounts/login/")
    assert way_back(response["HX-Redirect"]) == f"{url}?moment=2", "back to the page, not to the fragment"
    assert b"<form" not in response.content


def test_after_log_out_a_page_comes_back_to_itself(world):
    response = Browser().get(world.url("members/") + "?a=1")
    assert way_back(response["Location"]) == world.url("members/") + "?a=1"


def test_after_log_out_a_form_comes_back_to_its_page(world):
    """Not to the form's target, which would answer a GET with 405."""
    target = world.url("members/invitations/1/revoke/")
    page = "http://testserver" + world.url("members/")
    assert way_back(Browser().post(target, headers={"referer": page})["Location"]) == world.url("members/")
    assert way_back(Browser().post(target)["Location"]) == "/"
    evil = Browser().post(target, headers={"referer": "https://evil.example/x"})
    assert way_back(evil["Location"]) == "/"


def test_a_right_that_is_missing_is_403_and_says_what_to_do(world, manager):
    response = manager.get(world.url("members/"))
    assert response.status_code == 403
    assert "ask an owner" in response.content.decode()


def test_the_page_of_what_is_not_there_says_what_to_do(world, consultant):
    response = consultant.get(world.url("cycles/999999/"))
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_a_closed_account_is_out_at_once(world, consultant):
    world.consultant.is_active = False
    world.consultant.save()
    assert consultant.get(world.url())["Location"].startswith("/accounts/login/")
