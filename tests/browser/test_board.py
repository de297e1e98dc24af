"""The board of actions: dragged, moved by keys, chosen without script; a manager approves, one is told."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, open_window

PASSWORD = "a long password for the board"

PEOPLE = f"""
from accounts.models import Client, Membership, Role, User, Workspace
from cycles.models import Action, ActionPlan, Cycle
workspace = Workspace.objects.create(name="Board", slug="board")
client = Client.objects.create(workspace=workspace, name="Alba Shops")
for role, name, of in ((Role.OWNER, "Elena Ferrer", None), (Role.MANAGER, "Noelia Prado", client)):
    user = User.objects.create_user(f"{{role}}@board.example", "{PASSWORD}", name=name, language="en")
    Membership.objects.create(user=user, workspace=workspace, role=role, client=of)
cycle = Cycle.objects.create(client=client, name="Buying", language="en")
plan = ActionPlan.objects.create(cycle=cycle, name="Plan")
for n, name in enumerate(("A second till", "A map of sizes"), 1):
    Action.objects.create(plan=plan, number=n, name=name)
print(cycle.pk)
"""


@pytest.fixture(scope="module")
def address(product: Product) -> str:
    pk = product.manage("shell", "-v", "0", "-c", PEOPLE).split()[-1]
    return f"{product.url}/w/board/cycles/{pk}/plan/?view=board"


def enter(chrome: Browser, address: str, role: str, **how: object) -> tuple[Page, list[str]]:
    window = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB", **how)
    window.page.goto(address)
    window.page.get_by_label("E-mail").fill(f"{role}@board.example")
    window.page.get_by_label("Password").fill(PASSWORD)
    window.page.get_by_role("button", name="Log in", exact=True).click()
    window.page.wait_for_url(re.compile("view=board"))
    return window.page, window.faults


def test_the_board(product: Product, chrome: Browser, address: str) -> None:
    noelia, faults = enter(chrome, address, "manager")
    elena, _refused = enter(chrome, address, "owner")

    # A manager drags what is proposed to what is approved.
    card, column = noelia.locator("#A1"), noelia.locator("[data-column=approved]")
    begin, end = card.bounding_box(), column.bounding_box()
    assert begin
    assert end
    noelia.mouse.move(begin["x"] + begin["width"] - 20, begin["y"] + begin["height"] - 8)
    noelia.mouse.down()
    noelia.mouse.move(begin["x"] + 90, begin["y"] + 50, steps=4)
    noelia.mouse.move(end["x"] + 90, end["y"] + 40, steps=12)
    noelia.mouse.up()
    expect(column).to_contain_text("A second till")
    expect(noelia.locator("#live")).to_have_text("A1 A second till: Approved")

    # The consultant's page still shows it proposed: she is told, and her page goes on from there.
    elena.get_by_label("Status of A1").select_option("dropped")
    expect(elena.get_by_role("alert")).to_contain_text("Noelia Prado set A1 to “Approved” first.")
    expect(elena.locator("[data-column=approved]")).to_contain_text("A second till")

    # By keyboard to the next column that is open to her; the focus stays on the card.
    name = elena.get_by_role("link", name="A second till")
    name.focus()
    elena.keyboard.press("Alt+ArrowLeft")
    expect(elena.locator("[data-column=doing]")).to_contain_text("A second till")
    expect(name).to_be_focused()

    # What is only proposed goes nowhere by her hand but out.
    expect(elena.locator("#A2")).to_have_attribute("data-to", "dropped")
    assert not faults


def test_without_script_the_status_is_chosen_and_saved(
    product: Product, chrome: Browser, address: str
) -> None:
    page, _faults = enter(chrome, address, "manager", java_script_enabled=False)
    card = page.locator("#A2")
    card.get_by_label("Status of A2").select_option("approved")
    card.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"view=board#A2$"))
    expect(page.locator("section", has=page.locator("#g-approved"))).to_contain_text("A map of sizes")
