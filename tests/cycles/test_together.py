"""Open pages follow each other: one light question, an answer only when something moved."""

import re
import time
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheAwayError

from cycles import presence
from cycles.models import Cycle, Moment
from tests.conftest import log_in


@pytest.fixture(autouse=True)
def nobody_here():
    caches["here"].clear()
    presence.cupboard.away_until = 0.0


def pulse_url(world):
    return world.url(f"cycles/{world.cycle.pk}/pulse/")


def ask(browser, world, **said):
    return browser.get(pulse_url(world), said)


def state(answer):
    """What the page asks with next time."""
    text = answer.content.decode()
    return {name: unescape(re.search(rf'data-{name}="([^"]*)"', text)[1]) for name in ("seen", "here")}


def test_nothing_moved_is_204_and_one_query_beside_the_log_in(world, consultant):
    now = state(ask(consultant, world))
    with CaptureQueriesContext(connection) as asked:
        answer = ask(consultant, world, **now)
    assert answer.status_code == 204
    assert answer.content == b""
    assert "no-store" in answer["Cache-Control"]
    tables = [re.search(r'FROM "(\w+)"', query["sql"])[1] for query in asked.captured_queries]
    assert tables == ["django_session", "accounts_user", "accounts_membership", "cycles_cycle"]


def test_a_change_of_somebody_else_is_told_with_a_name(world, consultant):
    now = state(ask(consultant, world))
    found = Moment.objects.filter(stage__cycle=world.cycle).first()
    log_in(world.owner).post(world.url(f"moments/{found.pk}/name/"), {"name": "Find the door"})
    answer = ask(consultant, world, **now)
    assert answer.status_code == 200
    assert "owner alba changed this while you are writing" in answer.content.decode()
    assert ask(consultant, world, **state(answer)).status_code == 204
    cycle = Cycle.objects.get(pk=world.cycle.pk)
    assert cycle.changed_by == world.owner


@pytest.mark.parametrize("path", ["", "list/", "requirements/", "plan/"])
def test_every_page_of_the_cycle_asks(world, consultant, path):
    answer = consultant.get(world.url(f"cycles/{world.cycle.pk}/{path}"))
    text = answer.content.decode()
    assert f'data-url="{pulse_url(world)}"' in text
    assert "data-follow" in text
    assert "js/together.js" in text
    assert f'data-seen="{Cycle.objects.get(pk=world.cycle.pk).revision}"' in text


def test_who_else_is_here_by_initials_and_name(world, consultant, manager):
    assert "avatar" not in ask(consultant, world).content.decode()
    seen = ask(manager, world)
    assert '<span class="sr">consultant alba</span>' in seen.content.decode()
    assert "manager alba" not in seen.content.decode(), "one is not told that one is here oneself"
    now = state(ask(consultant, world))
    assert now["here"] == str(world.manager.pk)
    assert ask(consultant, world, **now).status_code == 204


def test_who_leaves_is_forgotten_and_the_page_is_told(world, consultant, manager, monkeypatch):
    ask(manager, world)
    now = state(ask(consultant, world))
    later = time.time() + presence.LASTS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    answer = ask(consultant, world, **now)
    assert answer.status_code == 200
    assert state(answer)["here"] == ""


def test_who_is_here_is_of_one_cycle(world, consultant, manager):
    other = Cycle.objects.create(client=world.client, name="Another")
    manager.get(world.url(f"cycles/{other.pk}/pulse/"))
    assert state(ask(consultant, world))["here"] == ""


def test_asking_writes_nothing_to_the_database(world, consultant):
    with CaptureQueriesContext(connection) as asked:
        ask(consultant, world)
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_a_cache_that_is_away_is_not_waited_for(world, consultant, monkeypatch, caplog):
    asked = []

    def away(*_args, **_more):
        asked.append(1)
        raise CacheAwayError("refused")

    monkeypatch.setattr(caches["here"], "get", away)
    now = state(ask(consultant, world))
    assert now["here"] == ""
    assert ask(consultant, world, **now).status_code == 204
    assert len(asked) == 1, "what failed is left alone for some seconds"
    assert "who is here is not known" in caplog.text


def test_strangers_and_gone_cycles_are_404(world, stranger):
    assert log_in(stranger.owner).get(pulse_url(world)).status_code == 404
    Cycle.objects.filter(pk=world.cycle.pk).update(deleted_at=world.cycle.created_at)
    assert log_in(world.owner).get(pulse_url(world)).status_code == 404


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "1.5"])
def test_whatever_is_said_to_have_been_seen_is_answered(world, consultant, seen):
    assert ask(consultant, world, seen=seen, here="<b>").status_code == 200


def test_people_who_may_be_called_are_those_who_see_the_client(world, consultant):
    answer = consultant.get(world.url(f"cycles/{world.cycle.pk}/people/"))
    names = [person["name"] for person in answer.json()["people"]]
    assert names == ["consultant alba", "manager alba", "owner alba", "viewer alba"]
