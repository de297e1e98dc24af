"""Two people, two windows, one cycle: both versions are seen, changes follow, who is here is shown."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Product, open_window

PASSWORD = "a long password for two"

PEOPLE = f"""
from accounts.models import Client, Membership, Role, User, Workspace
from cycles.models import Cycle, Moment, Stage
workspace = Workspace.objects.create(name="Two", slug="two")
client = Client.objects.create(workspace=workspace, name="Alba Shops")
for role, name in ((Role.OWNER, "Elena Ferrer"), (Role.CONSULTANT, "Noelia Prado")):
    user = User.objects.create_user(f"{{role}}@two.example", "{PASSWORD}", name=name, language="en")
    Membership.objects.create(user=user, workspace=workspace, role=role)
cycle = Cycle.objects.create(client=client, name="Buying", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Arrive")
Stage.objects.create(cycle=cycle, position=1, name="Pay")
for n, name in enumerate(("Find the shop", "Be greeted", "Try it on")):
    Moment.objects.create(stage=stage, position=n, name=name)
print(cycle.pk)
"""


@pytest.fixture(scope="module")
def address(product: Product) -> str:
    pk = product.manage("shell", "-v", "0", "-c", PEOPLE).split()[-1]
    return f"{product.url}/w/two/cycles/{pk}/"


def enter(chrome: Browser, address: str, role: str) -> tuple[Page, list[str]]:
    window = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB")
    window.page.goto(address)
    window.page.get_by_label("E-mail").fill(f"{role}@two.example")
    window.page.get_by_label("Password").fill(PASSWORD)
    window.page.get_by_role("button", name="Log in", exact=True).click()
    window.page.wait_for_url(address)
    return window.page, window.faults


def test_two_windows(product: Product, chrome: Browser, address: str) -> None:
    elena, faults = enter(chrome, address, "owner")
    noelia, more_faults = enter(chrome, address, "consultant")

    # Who else is here, by initials and by name.
    also = elena.get_by_role("list", name="Also here")
    expect(also).to_contain_text("NP", timeout=10_000)
    expect(also).to_contain_text("Noelia Prado")
    expect(noelia.get_by_role("list", name="Also here")).to_contain_text("EF", timeout=10_000)

    # Both open the same moment to edit it.
    for page in (elena, noelia):
        page.locator("#moments").get_by_role("link", name=re.compile("^1 Find the shop")).click()
        page.locator("#edit-moment").click()
        expect(page.get_by_role("heading", name="Edit this moment")).to_be_visible()
    noelia.get_by_role("textbox", name="Description").fill("By the map, typed by Noelia")
    noelia.get_by_role("textbox", name="Responsible area").fill("Marketing")
    elena.get_by_role("textbox", name="Description").fill("By asking, typed by Elena")
    elena.get_by_role("textbox", name="Name", exact=True).fill("Find the right door")
    saved = time.monotonic()
    elena.locator("#panel").get_by_role("button", name="Save").click()

    # The other window follows within three seconds, and what is being typed stays.
    expect(noelia.locator("#moments")).to_contain_text("Find the right door", timeout=3_000)
    assert time.monotonic() - saved < 4
    expect(noelia.get_by_role("textbox", name="Description")).to_have_value("By the map, typed by Noelia")
    expect(noelia.get_by_role("textbox", name="Description")).to_be_visible()
    expect(noelia.locator("#panel")).to_contain_text("Elena Ferrer changed this while you are writing")

    # Both versions, side by side; nothing is saved before the choice.
    noelia.locator("#panel").get_by_role("button", name="Save").click()
    clash = noelia.locator(".clash")
    expect(clash).to_contain_text("Elena Ferrer and you changed the same field")
    expect(clash).to_contain_text("By asking, typed by Elena")
    expect(clash).to_contain_text("By the map, typed by Noelia")
    expect(noelia.get_by_role("textbox", name="Name", exact=True)).to_have_value("Find the right door")
    expect(noelia.get_by_role("textbox", name="Responsible area")).to_have_value("Marketing")
    clash.get_by_label("Theirs").check()
    noelia.locator("#panel").get_by_role("button", name="Save").click()
    for page in (noelia, elena):
        expect(page.locator("#panel")).to_contain_text("By asking, typed by Elena", timeout=5_000)
        expect(page.locator("#panel")).to_contain_text("Marketing", timeout=5_000)

    assert faults == more_faults == []


def test_typing_goes_on_while_others_reorder(product: Product, chrome: Browser, address: str) -> None:
    elena, faults = enter(chrome, address, "owner")
    noelia, more_faults = enter(chrome, address, "consultant")
    noelia.locator(".stg").nth(0).locator(".add summary").click()
    line = noelia.locator(".stg").nth(0).locator(".add input[name=name]")
    line.press_sequentially("Look in the mir", delay=20)

    before = elena.locator("#moments .mo__a b").all_inner_texts()
    elena.locator("#moments .mo .mo__a").nth(0).focus()
    elena.keyboard.press("Alt+ArrowDown")
    after = [before[1], before[0], *before[2:]]
    expect(elena.locator("#moments .mo__a b")).to_have_text(after)
    expect(elena.locator("#moments .mo .mo__a").nth(1)).to_be_focused()
    expect(elena.locator("#wheel-chart a.w-node title").nth(0)).to_contain_text(f"1, {after[0]}")
    expect(noelia.locator("#moments .mo__a b")).to_have_text(after, timeout=3_500)
    expect(noelia.locator("#moments .num")).to_have_text(["1", "2", "3"])
    expect(line).to_be_focused()
    line.press_sequentially("ror", delay=20)
    expect(line).to_have_value("Look in the mirror")
    line.press("Enter")
    for page in (noelia, elena):
        expect(page.locator("#moments")).to_contain_text("Look in the mirror", timeout=4_000)
    assert faults == more_faults == []


def test_a_comment_calls_by_name(product: Product, chrome: Browser, address: str) -> None:
    elena, faults = enter(chrome, address, "owner")
    elena.locator("#moments").get_by_role("link", name=re.compile("Be greeted")).first.click()
    area = elena.locator("#panel .talk__new textarea[data-mention]")
    area.press_sequentially("Who measures this, @noe", delay=30)
    offered = elena.get_by_role("option", name="Noelia Prado")
    expect(offered).to_be_visible()
    expect(offered).to_have_attribute("aria-selected", "true")
    area.press("Enter")
    expect(area).to_have_value("Who measures this, @Noelia Prado ")
    expect(offered).to_have_count(0)
    area.press_sequentially("?")
    area.press("Tab")
    elena.keyboard.press("Enter")
    expect(elena.locator("#panel")).to_contain_text("Who measures this, @Noelia Prado")
    expect(area).to_have_value("")
    assert faults == []


def test_a_quick_writer_keeps_the_line_and_a_slow_answer_offers_what_is_typed_by_then(
    product: Product, chrome: Browser, address: str
) -> None:
    elena, faults = enter(chrome, address, "owner")
    area = elena.locator("#panel .talk__new textarea[data-mention]")
    # The panel takes the keyboard when it has settled, unless somebody writes in it by then.
    elena.evaluate("""() => document.addEventListener("htmx:afterSwap", () => {
        const area = document.querySelector("#panel .talk__new textarea");
        if (area) area.focus();
    }, { once: true })""")
    elena.locator("#moments").get_by_role("link", name=re.compile("Be greeted")).first.click()
    expect(elena.locator("#moments .mo__a[aria-current]")).to_contain_text("Be greeted")  # settled
    expect(area).to_be_focused()

    # The names come when more than the first letter stands there.
    held: list[Route] = []
    elena.route(re.compile("/people/"), lambda asked: held.append(asked))
    area.press_sequentially("@noe")
    for one in reversed(held):
        one.continue_()
    expect(elena.locator("#calls li")).to_have_text(["Noelia Prado"])
    assert len(held) == 1
    assert faults == []


def test_a_moment_that_is_gone_loses_nothing_typed(product: Product, chrome: Browser, address: str) -> None:
    elena, faults = enter(chrome, address, "owner")
    noelia, more_faults = enter(chrome, address, "consultant")
    for page in (elena, noelia):
        page.locator("#moments").get_by_role("link", name=re.compile("Try it on")).first.click()
    noelia.locator("#edit-moment").click()
    noelia.get_by_role("textbox", name="Description").fill("There is one mirror for six people")
    elena.locator("#panel details.menu > summary").click()
    elena.locator("#panel .menu__body .btn--danger").click()
    expect(noelia.locator("#moments")).not_to_contain_text("Try it on", timeout=4_000)
    noelia.locator("#panel").get_by_role("button", name="Save").click()
    expect(noelia.locator("#toasts")).to_contain_text("no longer there")
    expect(noelia.get_by_role("textbox", name="Description")).to_have_value(
        "There is one mirror for six people"
    )
    elena.locator("#toasts button").click()
    expect(noelia.locator("#moments")).to_contain_text("Try it on", timeout=4_000)
    noelia.locator("#panel").get_by_role("button", name="Save").click()
    expect(noelia.locator("#panel")).to_contain_text("There is one mirror for six people")
    assert more_faults == faults == []
