"""The product's main job, once, end to end: from a blank workspace to a report in the hand."""

import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Product, open_window

PASSWORD = "a long password for the walk"
CUSTOMERS = [f"customer{n:02d}@mail.example" for n in range(1, 16)]

PEOPLE = f"""
from accounts.models import Client, Membership, Role, User, Workspace
workspace = Workspace.objects.create(name="Walk", slug="walk")
client = Client.objects.create(workspace=workspace, name="Alba Shops")
for role in ("owner", "manager"):
    user = User.objects.create_user(f"{{role}}@walk.example", "{PASSWORD}", name=role.title(), language="en")
    Membership.objects.create(
        user=user, workspace=workspace, role=role, client=client if role == Role.MANAGER else None
    )
"""

T = TypeVar("T")


def eventually(look: Callable[[], T], seconds: float = 40) -> T:
    """What `look` finds once it is true: workers need their moment."""
    until = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < until, "it never came"
        time.sleep(0.3)


@dataclass
class Walk:
    """What one chapter leaves to the next."""

    page: Page
    product: Product
    cycle: str = ""
    link: str = ""

    def go(self, step: str) -> None:
        self.page.get_by_role("navigation", name="The method in five steps").get_by_role(
            "link", name=re.compile(step)
        ).click()


def log_in(page: Page, product: Product, role: str) -> None:
    page.goto(product.url)
    page.get_by_label("E-mail").fill(f"{role}@walk.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


@pytest.fixture(scope="module")
def people(product: Product) -> None:
    product.manage("shell", "-c", PEOPLE)


def test_the_whole_loop(product: Product, chrome: Browser, people: None) -> None:
    desk = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB")
    walk = Walk(desk.page, product)
    log_in(desk.page, product, "owner")
    map_the_cycle(walk)
    write_a_requirement(walk)
    plan_an_action(walk)
    open_the_survey(walk)
    eventually(lambda: len(own_mails(product)) >= len(CUSTOMERS))
    mail = own_mails(product)
    assert sorted(message["To"].addresses[0].addr_spec for message in mail) == CUSTOMERS, "once, none twice"
    walk.link = link_in(str(mail[0].get_body(("plain",)).get_content()), product)
    answer_on_a_phone(walk, chrome)
    the_others_answer(walk)
    read_the_matrix(walk, chrome)
    take_the_report(walk)
    assert not desk.faults, desk.faults


def own_mails(product: Product) -> list[EmailMessage]:
    """To the customers of this walk: others have used the mail server too."""
    return [m for m in product.sink.mails() if m["To"].addresses[0].addr_spec in CUSTOMERS]


def map_the_cycle(walk: Walk) -> None:
    page = walk.page
    page.goto(f"{walk.product.url}/w/walk/cycles/new/")
    page.get_by_label("Client", exact=True).select_option("Alba Shops")
    page.get_by_label("Name of the cycle").fill("Buy a dress")
    page.get_by_role("radio", name=re.compile("Buying a dress")).check()
    page.get_by_role("button", name="Create the cycle").click()
    expect(page.locator("svg.wheel .w-node")).to_have_count(17)
    walk.cycle = re.search(r"/cycles/(\d+)/", page.url)[1]
    rows = page.locator("#list .mo")
    first_stage = page.locator("#list .stg").first
    first_stage.locator("summary", has_text="Add").click()
    field = first_stage.get_by_label(re.compile("New moment in"))
    field.fill("See the advertisement")
    field.press("Enter")
    expect(rows).to_have_count(18)
    field.fill("Ask a friend")  # focus stayed in the field: many in a row
    field.press("Enter")
    expect(rows).to_have_count(19)
    expect(page.locator("svg.wheel .w-node")).to_have_count(19)
    before = rows.locator("b").all_inner_texts()
    rows.nth(1).hover()
    page.get_by_role("button", name=f"Move {before[1]} up").click()
    expect(rows.locator("b").nth(0)).to_have_text(before[1])
    page.reload()
    assert rows.locator("b").all_inner_texts()[:2] == [before[1], before[0]], "the order is kept"


def write_a_requirement(walk: Walk) -> None:
    page = walk.page
    walk.go("Requirements")
    page.locator("form.rq-add").get_by_label("Requirement").fill("Somebody greets me within a minute")
    page.locator("form.rq-add").get_by_role("button", name="Add").click()
    expect(page.locator("table.rt")).to_contain_text("Somebody greets me within a minute")


def plan_an_action(walk: Walk) -> None:
    page = walk.page
    walk.go("Action plans")
    page.get_by_role("link", name="Plan the first action").click()
    page.get_by_label("Action", exact=True).fill("Second till on Saturdays")
    page.locator("#id_owner").fill("Noelia")
    page.locator("fieldset", has_text="Moments").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Second till on Saturdays")


def open_the_survey(walk: Walk) -> None:
    page = walk.page
    walk.go("Survey")
    page.get_by_role("button", name="Draft the survey").click()
    page.get_by_label("Brand", exact=True).fill("Alba")
    page.locator("#save-settings").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("saved", re.I))
    lines = "\n".join(f"Customer {n} <{address}>" for n, address in enumerate(CUSTOMERS, 1))
    page.get_by_label(re.compile("paste", re.I)).fill(lines)
    page.locator("#look-at-list").click()
    page.get_by_role("button", name="Import 15 customers").click()
    expect(page.locator("#t-recipients")).to_contain_text("15")
    page.locator("#ask-open").click()
    page.locator("#do-open").click()
    page.locator("#ask-start").click()
    page.locator("#do-start").click()


def link_in(text: str, product: Product) -> str:
    found = re.search(rf"{re.escape(product.url)}/s/[\w-]+/", text)
    assert found, text
    return found[0]


def answer_on_a_phone(walk: Walk, chrome: Browser) -> None:
    phone = open_window(
        chrome,
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
        locale="en-GB",
        has_touch=True,
    )
    page = phone.page
    page.goto(walk.link)
    assert page.locator("form fieldset").count() > 19
    for name in unanswered(page):
        choices = page.locator(f"input[name='{name}'][type=radio]")
        # Two choices are "Did you go through this?": yes, or its scales would not be asked.
        (choices.first if choices.count() == 2 else choices.last).check(force=True)
    page.get_by_role("button", name=re.compile("Send")).click()
    expect(page.locator("h1")).to_contain_text(re.compile("Thank", re.I))
    page.goto(walk.link)
    expect(page.locator("h1")).to_contain_text("You answered on")
    assert not phone.faults


def unanswered(page: Page) -> list[str]:
    names = page.locator("form input[type=radio]").evaluate_all("all => all.map(one => one.name)")
    return list(dict.fromkeys(names))


def the_others_answer(walk: Walk) -> None:
    """Fourteen more, by the same form without a browser, each with ratings of its own."""
    import urllib.parse
    import urllib.request

    for number, message in enumerate(own_mails(walk.product)):
        link = link_in(str(message.get_body(("plain",)).get_content()), walk.product)
        if link == walk.link:
            continue
        html = urllib.request.urlopen(link).read().decode()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        options: dict[str, list[str]] = {}
        for tag in re.findall(r"<input[^>]*type=\"radio\"[^>]*>", html):
            options.setdefault(re.search(r'name="([^"]+)"', tag)[1], []).append(
                re.search(r'value="([^"]*)"', tag)[1]
            )
        chosen = {
            name: values[(number + k) % len(values)] for k, (name, values) in enumerate(options.items())
        }
        chosen |= {name: values[0] for name, values in options.items() if len(values) == 2}
        data = urllib.parse.urlencode(hidden | chosen).encode()
        with urllib.request.urlopen(link, data) as answer:
            assert answer.status == 200


def read_the_matrix(walk: Walk, chrome: Browser) -> None:
    window = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB")
    log_in(window.page, walk.product, "manager")
    page = window.page
    page.goto(f"{walk.product.url}/w/walk/cycles/{walk.cycle}/matrix/")

    def drawn() -> bool:
        page.reload()
        return page.locator("svg.mx .mx-pt").count() == 19

    eventually(drawn)
    expect(page.locator("h1")).not_to_be_empty()
    assert page.get_by_role("button", name="Draft").count() == 0
    assert not window.faults, window.faults


def take_the_report(walk: Walk) -> None:
    page = walk.page
    page.goto(f"{walk.product.url}/w/walk/cycles/{walk.cycle}/reports/")
    page.get_by_role("button", name=re.compile("Make")).click()
    link = page.get_by_role("link", name=re.compile("Download"))
    link.first.wait_for(timeout=60_000)
    with page.expect_download() as waiting:
        link.first.click()
    with open(waiting.value.path(), "rb") as file:
        pdf = PdfReader(io.BytesIO(file.read()))
    text = "\n".join(sheet.extract_text() for sheet in pdf.pages)
    assert len(pdf.pages) >= 4
    assert "Buy a dress" in text
    assert "Second till on Saturdays" in text
