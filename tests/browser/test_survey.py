"""A survey from the draft to the first answers: built, previewed, mailed to 200, answered, declined."""

import re
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, Watched, open_window
from tests.browser.test_loop import eventually, link_in

PASSWORD = "a long password for the survey"
N = 200
CUSTOMERS = [f"person{n:03d}@survey.example" for n in range(1, N + 1)]
ANSWERS, DECLINES, LEAVES = CUSTOMERS[0], CUSTOMERS[1], CUSTOMERS[2]
PHONE = {"width": 390, "height": 844}

SHOP = f"""
from accounts.models import Client, Membership, User, Workspace
from cycles.models import Cycle, Moment, Stage
workspace = Workspace.objects.create(name="Asking", slug="asking")
client = Client.objects.create(workspace=workspace, name="Alba Shops")
user = User.objects.create_user("owner@asking.example", "{PASSWORD}", name="Olga", language="en")
Membership.objects.create(user=user, workspace=workspace, role="owner")
cycle = Cycle.objects.create(client=client, name="Buy a dress", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="In the shop")
for n, name in enumerate(["Find a size", "Try it on", "Be advised", "Pay", "Bring it back"]):
    Moment.objects.create(stage=stage, position=n, name=name)
print(cycle.pk)
"""


@pytest.fixture(scope="module")
def cycle(product: Product) -> str:
    return product.manage("shell", "-v0", "-c", SHOP).split()[-1]


def test_a_survey_from_the_draft_to_the_answers(product: Product, chrome: Browser, cycle: str) -> None:
    desk = open_window(chrome, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = desk.page
    page.goto(product.url)
    page.get_by_label("E-mail").fill("owner@asking.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto(f"{product.url}/w/asking/cycles/{cycle}/survey/")
    build(page)
    preview(page)
    import_contacts(page)
    send(page)
    eventually(lambda: set(product.sink.recipients()) >= set(CUSTOMERS))
    sent = [to for to in product.sink.recipients() if to.endswith("@survey.example")]
    assert sorted(sent) == CUSTOMERS, "each once, none twice"
    phones = [answer_in_two_browsers(product, chrome), decline_by_the_button(product, chrome)]
    decline_in_the_mail_program(product)
    see_it_move(page)
    assert not [fault for window in (desk, *phones) for fault in window.faults]


def build(page: Page) -> None:
    page.get_by_role("button", name="Draft the survey").click()
    settings = page.locator("#settings")
    settings.get_by_label("Brand", exact=True).fill("Alba")
    settings.get_by_label(re.compile("picked from the list")).check()
    settings.locator("[name=picks]").fill("2")
    settings.get_by_label(re.compile("CES")).check()
    page.locator("#save-settings").click()
    expect(page.get_by_role("status").filter(has_text=re.compile("saved", re.I))).to_be_visible()
    page.locator("#extra-add").click()
    extra = page.locator("#extra")
    extra.locator("[name$=wording_en]").fill("Who came along?")
    extra.locator("[name$=options_en]").fill("Nobody\nA friend\nThe family")
    page.locator("#extra-save").click()
    expect(extra).to_contain_text("1 of 10")
    expect(extra.locator(".extras")).to_contain_text("Who came along?")


def preview(page: Page) -> None:
    """On the phone's frame, in both languages; what is tried there stays there."""
    page.get_by_role("link", name="Preview", exact=True).click()
    box = page.locator("iframe.look").bounding_box()
    assert box is not None
    assert 320 <= box["width"] <= 430
    shown = page.frame_locator("iframe.look")
    expect(shown.locator("section.moment")).to_have_count(5)
    expect(shown.locator("#p")).to_contain_text("2")
    expect(shown.locator("#f")).to_contain_text("Who came along?")
    shown.locator("label:has(input[name=p])").first.click()
    page.get_by_role("navigation", name="Language").get_by_role("link", name="Español").click()
    expect(shown.locator("html")).to_have_attribute("lang", "es")
    expect(shown.locator("input:checked")).to_have_count(0)
    page.locator(".lede a").click()


def import_contacts(page: Page) -> None:
    rows = "".join(f"Person {n};{email};en;Bilbao\n" for n, email in enumerate(CUSTOMERS, 1))
    table = f"Name;E-mail;Language;City\n{rows}not an address;nobody;en;Bilbao\n".encode()
    page.locator("#recipients [type=file]").set_input_files(
        {"name": "customers.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.locator("#look-at-list").click()
    expect(page.locator("#recipients")).to_contain_text("1 cannot be used")
    page.get_by_role("button", name=f"Import {N} customers").click()
    expect(page.locator("#t-recipients")).to_contain_text(f"{N} ready")


def send(page: Page) -> None:
    page.locator("#ask-open").click()
    page.locator("#do-open").click()
    page.locator("#ask-start").evaluate("asks => asks.scrollIntoView({block: 'end', behavior: 'instant'})")
    page.locator("#ask-start").press("Enter")
    expect(page.locator("#do-start")).to_be_in_viewport(ratio=1)
    page.evaluate("window.notReloaded = true")
    page.locator("#do-start").click()
    expect(page.locator(".f-queued b")).to_have_text(str(N))
    assert int(page.locator(".f-sent b").inner_text()) < N, "it begins with what has not left"
    expect(page.locator(".f-sent b")).to_have_text(str(N), timeout=30_000)
    assert page.evaluate("window.notReloaded"), "the figures came by themselves"


def phone(chrome: Browser) -> Watched:
    return open_window(
        chrome, viewport=PHONE, java_script_enabled=False, locale="en-GB", has_touch=True, is_mobile=True
    )


def link_of(product: Product, address: str) -> str:
    return link_in(str(product.sink.mail_to(address).get_body(("plain",)).get_content()), product)


def rate(page: Page, names: list[str]) -> None:
    for name in names:
        options = page.locator(f"label:has(input[name='{name}'])")
        # Two choices are "Did you go through this?": yes, or its scale would not be asked.
        (options.first if options.count() == 2 else options.last).tap()


def asked(page: Page) -> list[str]:
    names = page.locator("form input[type=radio]").evaluate_all("all => all.map(one => one.name)")
    return list(dict.fromkeys(names))


def answer_in_two_browsers(product: Product, chrome: Browser) -> Watched:
    link = link_of(product, ANSWERS)
    first = phone(chrome)
    first.page.goto(link)
    names = asked(first.page)
    assert len(names) >= 10
    half = names[: len(names) // 2]
    rate(first.page, half)
    first.page.get_by_role("button", name="Save and continue later").tap()
    expect(first.page.locator("h1")).to_have_text("Saved")
    first.page.context.close()
    second = phone(chrome)
    page = second.page
    page.goto(link)
    kept = page.locator("input[type=radio]:checked").evaluate_all("all => all.map(one => one.name)")
    assert kept == half
    rate(page, names[len(half) :])
    page.locator("label:has(input[name=p])").nth(1).tap()
    page.locator("label:has(input[name=p])").nth(3).tap()
    page.get_by_role("button", name=re.compile("^Send")).tap()
    expect(page.locator("h1")).to_contain_text("Thank")
    page.goto(link)
    expect(page.locator("h1")).to_contain_text("You answered on")
    second.faults += first.faults
    return second


def decline_by_the_button(product: Product, chrome: Browser) -> Watched:
    window = phone(chrome)
    page = window.page
    page.goto(link_of(product, LEAVES))
    page.locator("a[rel=nofollow]").tap()
    page.get_by_role("main").get_by_role("button").tap()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    return window


def decline_in_the_mail_program(product: Product) -> None:
    """One click of RFC 8058: a POST without cookie, token or page."""
    mail = product.sink.mail_to(DECLINES)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"]).strip("<>")
    with urllib.request.urlopen(address) as answer:  # a scanner looks first: that declines nothing
        assert answer.status == 200
    told = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(address, told) as answer:
        assert answer.status == 200


def see_it_move(page: Page) -> None:
    expect(page.locator(".f-completed b")).to_have_text("1", timeout=25_000)
    expect(page.locator("#see-opted_out b")).to_have_text("2", timeout=25_000)
    assert page.evaluate("window.notReloaded"), "the figures came by themselves"
    page.locator("#see-opted_out").click()
    rows = page.locator("#recipient-list tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=DECLINES)).to_have_count(1)
    expect(rows.filter(has_text=LEAVES)).to_have_count(1)
