"""The pages for customers take a short way, and nobody can tell by the answers."""

import pytest
from django.conf import settings
from django.test import Client as Browser

from surveys.links import new_nonce, open_token_for, token_for, unsubscribe_token_for
from surveys.models import OpenLink
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey

# Each answer's own; and what a cache would ask, which none of these may be kept in.
OWN = {"X-Request-ID", "Content-Length", "Vary"}


@pytest.fixture
def paths(world):
    wave = open_survey(world.cycle)
    invitation = invite(wave)
    place = OpenLink.objects.create(wave=wave, place="Counter", nonce=new_nonce())
    return [
        f"/s/{token_for(invitation)}/",
        f"/s/{token_for(invitation)}",
        f"/u/{unsubscribe_token_for(invitation)}/",
        f"/o/{open_token_for(place)}/",
        "/s/wrong/",
        "/s/",
        "/s/wrong/more/",
    ]


def headers(response):
    return {name: value for name, value in response.headers.items() if name not in OWN}


@pytest.mark.parametrize("language", ["en", "es"])
def test_both_ways_answer_alike(paths, settings, language):
    short = [ask(path, language) for path in paths]
    settings.CUSTOMERS_PREFIXES = []
    long = [ask(path, language) for path in paths]
    for path, one, other in zip(paths, short, long, strict=True):
        assert one.status_code == other.status_code, path
        assert headers(one) == headers(other), path
    assert [response.status_code for response in short] == [200, 301, 200, 200, 404, 404, 404]


def ask(path, language):
    return Browser(headers={"accept-language": language}).get(path)


def test_a_member_who_looks_at_a_customers_page_sees_it(world, paths):
    assert log_in(world.viewer).get(paths[0]).status_code == 200
    assert log_in(world.viewer).get("/s/wrong/").status_code == 404


def test_it_asks_the_database_once(paths, django_assert_num_queries):
    ask(paths[0], "en")
    with django_assert_num_queries(1):
        ask(paths[0], "en")


def test_a_wrong_host_is_refused_here_too(paths, settings):
    settings.ALLOWED_HOSTS = ["cyclemap.example"]
    assert Browser(SERVER_NAME="evil.example").get(paths[0]).status_code == 400


def test_its_middleware_is_part_of_the_whole():
    whole = [name for name in settings.MIDDLEWARE if name in settings.CUSTOMERS_MIDDLEWARE]
    assert whole == settings.CUSTOMERS_MIDDLEWARE
