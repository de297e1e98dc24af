"""A small world for every test: one workspace with people of each role, and a stranger's beside it."""

import gc
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.db.models.signals import post_migrate
from django.test import Client as Browser
from django.utils.translation import override
from hypothesis import settings as examples

from accounts.models import CLIENT_ROLES, Client, Membership, Role, User, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys import limits
from tests.smtp_sink import SmtpSink

# Of a busy machine the first example takes long: that is no fault of what is tried.
examples.register_profile("ours", deadline=None)
examples.load_profile("ours")

# Django's list of permissions, which nobody here reads, is not written anew after each test that commits.
assert post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@cache
def password() -> str:
    """What everybody here logs in with, hashed once."""
    return make_password("a long password")


@dataclass
class World:
    workspace: Workspace
    client: Client
    cycle: Cycle
    owner: User
    consultant: User
    manager: User
    viewer: User

    def url(self, path: str = "") -> str:
        return f"/w/{self.workspace.slug}/{path}"


def make_world(slug: str) -> World:
    """A workspace with one client, a cycle of two stages with three moments, and four people."""
    workspace = Workspace.objects.create(name=slug.title(), slug=slug)
    client = Client.objects.create(workspace=workspace, name=f"Client of {slug}")

    people = {
        role: User(email=f"{role}@{slug}.example", name=f"{role} {slug}", password=password())
        for role in Role.values
    }
    User.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(user=user, workspace=workspace, role=role, client=client if role in CLIENT_ROLES else None)
        for role, user in people.items()
    )
    cycle = Cycle.objects.create(client=client, name=f"Cycle of {slug}", language="en")
    arrive = Stage.objects.create(cycle=cycle, position=0, name="Arrive", colour="a")
    pay = Stage.objects.create(cycle=cycle, position=1, name="Pay", colour="b")
    Moment.objects.create(stage=arrive, position=0, name="Find the shop")
    Moment.objects.create(stage=arrive, position=1, name="Be greeted")
    Moment.objects.create(stage=pay, position=0, name="Queue at the till", is_critical=True)
    return World(workspace, client, cycle, **people)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is the same on both databases tools/test.sh runs on SQLite alone: tests that need none, and
    those marked `once`, whose answer a database has no part in."""
    if os.environ.get("ONLY_TESTS_WITH_DATABASE"):
        free = [item for item in items if not depends_on_database(item)]
        config.hook.pytest_deselected(items=free)
        items[:] = [item for item in items if depends_on_database(item)]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stands now stands to the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def depends_on_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What a test calls without a browser speaks the language of the source; browsers choose their own."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def nobody_is_busy() -> None:
    """Every test has the limits of the customers' pages for itself."""
    limits.forget()


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands: presses are counted by the minute, and a busy machine takes longer than one."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def world(db: None) -> World:
    return make_world("alba")


@pytest.fixture
def stranger(db: None) -> World:
    """Another workspace, whose people must never see the first."""
    return make_world("boreal")


def log_in(user: User, language: str = "en") -> Browser:
    browser = Browser(headers={"accept-language": language})
    browser.force_login(user)
    return browser


@pytest.fixture
def consultant(world: World) -> Browser:
    return log_in(world.consultant)


@pytest.fixture
def manager(world: World) -> Browser:
    return log_in(world.manager)


@pytest.fixture
def customer() -> Browser:
    """A browser with no account, in English."""
    return Browser(headers={"accept-language": "en"})


@pytest.fixture
def smtp_sink(tmp_path: Path, settings: LazySettings) -> Iterator[SmtpSink]:
    """A real mail server in a process of its own; its faults are in the addresses (tests/smtp_sink.py)."""
    with SmtpSink(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        yield sink
