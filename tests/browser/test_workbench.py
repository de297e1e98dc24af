"""The workbench in Chromium: a cycle of twelve moments mapped from a blank page by the keyboard alone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, open_window

PASSWORD = "a long password for the bench"
PEOPLE = f"""
from accounts.models import Client, Membership, Role, User, Workspace
workspace = Workspace.objects.create(name="Bench", slug="bench")
Client.objects.create(workspace=workspace, name="Alba Shops")
user = User.objects.create_user("owner@bench.example", "{PASSWORD}", name="Owner", language="en")
Membership.objects.create(user=user, workspace=workspace, role=Role.OWNER)
"""
FIRST = [
    "See the advertisement",
    "Look for the shop",
    "Park the car",
    "Go in",
    "Be greeted",
    "Ask for a size",
]
SECOND = ["Try it on", "Decide", "Queue", "Pay", "Receive the bag", "Tell a friend"]


@pytest.fixture(scope="module")
def people(product: Product) -> None:
    product.manage("shell", "-c", PEOPLE)


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until what matches has the keyboard, as a person without a mouse would."""
    for _n in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def names(page: Page) -> list[str]:
    return page.locator("#moments .mo__a b").all_inner_texts()


def add_all(page: Page, moments: list[str], before: int) -> None:
    """Many in a row: Enter adds one, and the line is ready for the next."""
    for n, name in enumerate(moments, before + 1):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator("#moments .mo")).to_have_count(n)
        expect(page.locator("#moments .add[open] input[name=name]")).to_be_focused()
        expect(page.locator("#moments .add[open] input[name=name]")).to_have_value("")


def test_a_cycle_is_mapped_reordered_and_mended(product: Product, chrome: Browser, people: None) -> None:
    expect.set_options(timeout=20_000)
    window = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = window.page
    begin(page, product)
    add_all(page, FIRST, 0)
    page.keyboard.press("Tab")
    tab_to(page, ".stg:nth-child(2) .add summary")
    page.keyboard.press("Enter")
    expect(page.locator(".stg:nth-child(2) .add input[name=name]")).to_be_focused()
    add_all(page, SECOND, 6)
    assert names(page) == FIRST + SECOND
    expect(page.locator("svg.wheel .w-node")).to_have_count(12)
    reorder_by_keyboard(page)
    order = drag_by_mouse(page)
    delete_and_undo(page, order)
    paste_and_undo(page, order)
    edit_in_place(page)
    page.reload()
    assert names(page) == order, "the order is kept"
    assert not window.faults, window.faults


def begin(page: Page, product: Product) -> None:
    """From the log-in to a blank cycle without touching the mouse."""
    page.goto(product.url)
    tab_to(page, "input[name=login]")
    page.keyboard.type("owner@bench.example")
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/w/bench/")
    tab_to(page, "a[href$='/cycles/new/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cycles/new/")
    tab_to(page, "select[name=client]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "input[name=name]")
    page.keyboard.type("Buy a dress")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cycles/\d+/$"))
    expect(page.locator(".add[open] input[name=name]")).to_be_focused()


def reorder_by_keyboard(page: Page) -> None:
    """Three moments, one of them over the border of its stage; the keyboard stays with what moved."""
    for name, key, steps in (
        ("Decide", "ArrowUp", 1),
        ("Tell a friend", "ArrowUp", 2),
        ("Try it on", "ArrowUp", 2),
    ):
        row = page.locator("#moments .mo", has=page.get_by_text(name, exact=True))
        row.locator(".mo__a").focus()
        for _step in range(steps):
            place = names(page).index(name)
            stage = row.evaluate("row => row.parentElement.dataset.stage")
            page.keyboard.press(f"Alt+{key}")
            expect(page.locator("#live")).to_contain_text(name)
            page.wait_for_function(
                """([name, place, stage]) => {
                    const rows = [...document.querySelectorAll("#moments .mo")];
                    const at = rows.findIndex((row) => row.querySelector("b").textContent === name);
                    return at !== place || rows[at].parentElement.dataset.stage !== stage;
                }""",
                arg=[name, place, stage],
            )
            expect(row.locator(".mo__a")).to_be_focused()
    second = ["Decide", "Queue", "Tell a friend", "Pay", "Receive the bag"]
    assert names(page) == [*FIRST, "Try it on", *second]
    expect(page.locator(".stg").nth(0).locator(".mo")).to_have_count(7)


def drag_by_mouse(page: Page) -> list[str]:
    order = names(page)
    grips = page.locator("#moments .mo .mo__grip")
    start, end = grips.nth(0).bounding_box(), grips.nth(2).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 6, start["y"] + 10)
    page.mouse.down()
    for share in range(1, 11):
        page.mouse.move(start["x"] + 6, start["y"] + 12 + (end["y"] - start["y"] + 8) * share / 10)
        page.wait_for_timeout(40)
    page.mouse.up()
    live = page.locator("#live")
    expect(live).to_contain_text(re.compile(rf"{order[0]}: Position [2-4] of 12\."))
    place = int(re.search(r"Position (\d+)", live.inner_text())[1])
    wanted = [*order[1:place], order[0], *order[place:]]  # where the server says it is
    expect(page.locator("#moments .mo__a b")).to_have_text(wanted)
    return wanted


def delete_and_undo(page: Page, order: list[str]) -> None:
    row = page.locator("#moments .mo", has=page.get_by_text(order[3], exact=True))
    row.locator(".mo__a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#t-panel")).to_have_text(order[3])
    expect(page.locator("#panel")).to_be_focused()
    tab_to(page, "#panel details.menu summary")
    page.keyboard.press("Enter")
    tab_to(page, "#panel .menu__body .btn--danger")
    page.evaluate(
        "() => { const slow = setInterval; window.setInterval = (tick, ms) => slow(tick, ms / 20); }"
    )
    page.keyboard.press("Enter")
    expect(page.locator("#moments .mo")).to_have_count(11)
    expect(page.locator("#toasts")).to_contain_text(f"“{order[3]}” is in the bin.")
    page.locator("#toasts button").focus()
    page.wait_for_timeout(1_000)  # twenty of its seconds, of which it has ten
    expect(page.locator("#toasts button")).to_be_focused()  # its time stands still under the keyboard
    page.keyboard.press("Enter")
    expect(page.locator("#moments .mo__a b")).to_have_text(order)


def paste_and_undo(page: Page, order: list[str]) -> None:
    """A list pasted into the line of a new moment adds one moment for each line."""
    summary = page.locator(".stg").nth(1).locator(".add summary")
    summary.focus()
    page.keyboard.press("Enter")
    field = page.locator(".stg").nth(1).locator(".add input[name=name]")
    expect(field).to_be_focused()
    put = """([selector, text]) => {
        const clip = new DataTransfer();
        clip.setData("text/plain", text);
        document.querySelector(selector).dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: clip, bubbles: true, cancelable: true }));
    }"""
    line = ".stg:nth-child(2) .add input[name=name]"
    page.evaluate(put, [line, "1. Come back\r\n2. Return it\r\n"])
    expect(page.locator("#moments .mo__a b")).to_have_text([*order, "Come back", "Return it"])
    expect(field).to_be_focused()
    page.locator("#toasts button").click()
    expect(page.locator("#moments .mo__a b")).to_have_text(order)
    page.evaluate(put, [line, "\n".join(f"Moment {n}" for n in range(10_000))])
    expect(page.locator("#panel .error")).to_contain_text("This list has 10000 lines")
    assert page.locator("#panel textarea").input_value().endswith("Moment 9999")
    expect(page.locator("#moments .mo__a b")).to_have_text(order)


def edit_in_place(page: Page) -> None:
    page.locator("#moments .mo__a").first.click()
    expect(page.locator("#p-expect")).to_be_visible()
    page.locator("#e-standard").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#f-standard textarea")).to_be_focused()
    page.keyboard.type("It is easy to find")
    tab_to(page, "#f-standard button")
    page.keyboard.press("Enter")
    expect(page.locator("#f-standard")).to_contain_text("It is easy to find")
    expect(page.locator("#e-standard")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#f-standard textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#f-standard textarea")).to_have_count(0)
    expect(page.locator("#e-standard")).to_be_focused()
