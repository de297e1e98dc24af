"""Redis and the mail server go away and come back: pages save, work waits, nothing is lost or doubled."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Product, open_window
from tests.browser.test_loop import PASSWORD, eventually

PEOPLE = f"""
from accounts.models import Client, Membership, Role, User, Workspace
from cycles.models import Cycle, Moment, Stage
workspace = Workspace.objects.create(name="Outage", slug="outage")
client = Client.objects.create(workspace=workspace, name="Alba")
user = User.objects.create_user("owner@outage.example", "{PASSWORD}", name="Owner", language="en")
Membership.objects.create(user=user, workspace=workspace, role=Role.OWNER)
cycle = Cycle.objects.create(client=client, name="Pay", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Pay")
Moment.objects.create(stage=stage, position=0, name="Queue at the till")
print(cycle.pk)
"""


def redis_process(url: str) -> int:
    """The process that listens on the unix socket of the test's own Redis."""
    socket = url.removeprefix("unix://")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                socket.encode() in (process / "cmdline").read_bytes()
                and b"-server" in (process / "cmdline").read_bytes()
            ):
                return int(process.name)
        except OSError:
            continue
    pytest.skip("Redis is not ours to stop here")


def test_redis_frozen_and_mail_server_dead(product: Product, chrome: Browser) -> None:
    cycle = product.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
    watched = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = watched.page
    page.goto(product.url)
    page.get_by_label("E-mail").fill("owner@outage.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto(f"{product.url}/w/outage/cycles/{cycle}/survey/")
    page.get_by_role("button", name="Draft the survey").click()
    page.get_by_label(re.compile("paste", re.I)).fill("Ana <ana@outage.example>\nLuis <luis@outage.example>")
    page.locator("#look-at-list").click()
    page.get_by_role("button", name="Import 2 customers").click()
    expect(page.locator("#t-recipients")).to_contain_text("2")
    page.locator("#ask-open").click()
    page.locator("#do-open").click()
    redis = redis_process(product.env["REDIS_URL"])
    product.sink.kill()
    os.kill(redis, signal.SIGSTOP)
    try:
        page.locator("#ask-start").click()
        page.locator("#do-start").click()
        expect(page.locator("main")).to_contain_text("waiting", timeout=30_000)
    finally:
        os.kill(redis, signal.SIGCONT)
        product.sink.start()

    def both_arrived() -> bool:
        return {"ana@outage.example", "luis@outage.example"} <= set(product.sink.recipients())

    eventually(both_arrived, seconds=240)
    ours = [to for to in product.sink.recipients() if to.endswith("@outage.example")]
    assert sorted(ours) == ["ana@outage.example", "luis@outage.example"], "each once"
    assert not watched.faults, watched.faults
