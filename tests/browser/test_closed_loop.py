"""A low score on a phone, and what becomes of it: case, action, approval, second wave, verdict."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Product, Watched, open_window
from tests.browser.test_loop import eventually

PASSWORD = "a long password for the circle"
CUSTOMER = "ines@circle.example"
COMMENT = "One till open, and twelve people waiting."
TOLD = "There is a second till now, every Saturday."
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}

PREPARED = f"""
from accounts.models import Client, Membership, User, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys import instrument, links
from surveys.models import CaseRule, Contact, Invitation, Survey, Wave

def invite(wave, contact):
    return Invitation.objects.create(
        wave=wave, contact=contact, nonce=links.new_nonce(), key_version=links.current_key_version()
    )

workspace = Workspace.objects.create(name="Circle", slug="circle")
client = Client.objects.create(workspace=workspace, name="Alba Shops")
for role, name, of in (("owner", "Elena Ferrer", None), ("manager", "Noelia Prado", client)):
    user = User.objects.create_user(role + "@circle.example", "{PASSWORD}", name=name, language="en")
    Membership.objects.create(user=user, workspace=workspace, role=role, client=of)
cycle = Cycle.objects.create(client=client, name="Buy a dress", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="In the shop")
for n, name in enumerate(["Find the shop", "Be greeted", "Try it on", "Queue at the till"]):
    Moment.objects.create(stage=stage, position=n, name=name)
survey = instrument.draft_survey(cycle)
Survey.objects.filter(pk=survey.pk).update(brand="Alba", language="en")
wave = instrument.open_wave(Wave.objects.get(survey=survey))
CaseRule.objects.create(survey=survey, is_on=True, moment_at_most=1)
ines = Contact.objects.create(client=client, email="{CUSTOMER}", name="Inés", language="en")
for n in range(40):
    invite(wave, Contact.objects.create(client=client, email=f"c{{n}}@circle.example", language="en"))
print(survey.pk, cycle.pk, links.token_for(invite(wave, ines)))
"""

# Whoever was asked but one, each a little otherwise; `queue` is what they say of the till.
ANSWERED = """
from surveys import instrument, intake, links
from surveys.answers import Answers, Rated
from surveys.models import Contact, Invitation, Survey, Wave

def answer(wave, queue, but=""):
    items = list(wave.survey.items.order_by("position"))
    asked = Invitation.objects.filter(wave=wave).exclude(contact__email=but)
    for n, one in enumerate(asked.select_related("contact", "wave__survey").order_by("contact_id")):
        said = [4 - n % 2, 3 + n % 3, 4 + n % 2, queue[n % len(queue)]]
        rated = tuple(Rated(i.pk, 4 + n % 2, s, True) for i, s in zip(items, said, strict=True))
        answers = Answers(rated, overall=None, nps=None, comment="")
        assert intake.record_response(one, answers, "en").outcome is intake.Outcome.RECORDED

survey = Survey.objects.get(pk={survey})
"""

SAID_AT_FIRST = f'answer(survey.waves.get(number=1), queue=[2, 3, 2, 2, 3], but="{CUSTOMER}")'

SAID_AGAIN = """
instrument.close_wave(survey.waves.get(number=1))
wave = instrument.open_wave(instrument.next_wave(survey))
for contact in Contact.objects.filter(client=survey.cycle.client):
    Invitation.objects.create(
        wave=wave, contact=contact, nonce=links.new_nonce(), key_version=links.current_key_version()
    )
answer(wave, queue=[4, 5, 4, 3, 5])
"""


@dataclass
class Circle:
    """What one step leaves to the next."""

    product: Product
    chrome: Browser
    survey: str
    cycle: str
    token: str
    desk: Watched
    case: str = ""
    action: str = ""

    @property
    def page(self) -> Page:
        """The consultant's."""
        return self.desk.page

    def at(self, path: str) -> str:
        return f"{self.product.url}/w/circle/{path}"

    def shell(self, doing: str) -> None:
        self.product.manage("shell", "-v0", "-c", ANSWERED.replace("{survey}", self.survey) + doing)


@pytest.fixture
def circle(product: Product, chrome: Browser) -> Circle:
    survey, cycle, token = product.manage("shell", "-v0", "-c", PREPARED).split()[-3:]
    return Circle(product, chrome, survey, cycle, token, open_window(chrome, viewport=DESK, locale="en-GB"))


def test_from_a_low_score_on_a_phone_to_the_verdict(circle: Circle) -> None:
    circle.shell(SAID_AT_FIRST)
    answer_low_on_a_phone(circle)
    log_in(circle.page, circle.at(f"cycles/{circle.cycle}/cases/"), "owner")
    the_case_is_there(circle)
    move_it_by_keyboard(circle)
    make_an_action_from_it(circle)
    fix_its_target(circle)
    the_manager_approves(circle)
    carry_it_out(circle)
    circle.shell(SAID_AGAIN)
    read_the_verdict(circle)
    close_the_case(circle)
    assert not circle.desk.faults, circle.desk.faults


def log_in(page: Page, address: str, role: str) -> None:
    page.goto(address)
    page.get_by_label("E-mail").fill(f"{role}@circle.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(address)


def once_there(page: Page, what: Locator) -> None:
    """The page as it is once the worker has been by."""

    def look() -> bool:
        page.reload()
        return what.count() > 0

    if not what.count():
        eventually(look, 30)
    expect(what.first).to_be_visible()


# --- The customer ---------------------------------------------------------------------------------


def answer_low_on_a_phone(circle: Circle) -> None:
    phone = open_window(circle.chrome, viewport=PHONE, locale="en-GB", has_touch=True)
    page = phone.page
    page.goto(f"{circle.product.url}/s/{circle.token}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for n, score in enumerate((4, 4, 5, 1), 1):
        page.locator(f"label:has(input[name=w{n}][value=y])").tap()
        page.locator(f"label:has(input[name=i{n}][value='5'])").tap()
        page.locator(f"label:has(input[name=s{n}][value='{score}'])").tap()
    page.get_by_label("Anything we should know?").fill(COMMENT)
    page.get_by_role("button", name="Send my answers").tap()
    expect(page.get_by_role("heading", name="Thank you, received")).to_be_visible()
    assert not phone.faults, phone.faults
    page.context.close()


# --- The case -------------------------------------------------------------------------------------


def the_case_is_there(circle: Circle) -> None:
    page = circle.page
    once_there(page, card_of(page))
    expect(page.locator("[data-column=contact]")).to_contain_text("Queue at the till: satisfaction 1")
    expect(page.locator("[data-case]")).to_have_count(1)


def card_of(page: Page) -> Locator:
    return page.get_by_role("link", name="Queue at the till: satisfaction 1")


def move_it_by_keyboard(circle: Circle) -> None:
    page, card = circle.page, card_of(circle.page)
    card.focus()
    for column, status in (("information", "Classified"), ("resolution", "Solving")):
        page.keyboard.press("Alt+ArrowRight")
        expect(page.get_by_text(f"C-1 is now “{status}”.")).to_be_attached()
        expect(page.locator(f"[data-column={column}]")).to_contain_text("C-1")
        expect(card).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("blockquote")).to_contain_text(COMMENT)
    expect(page.locator("main")).to_contain_text(CUSTOMER)
    circle.case = page.url


# --- The action -----------------------------------------------------------------------------------


def make_an_action_from_it(circle: Circle) -> None:
    page = circle.page
    page.get_by_role("link", name="Plan an action from it").click()
    expect(page.get_by_role("link", name=re.compile("^From case C-1: Queue at the till"))).to_be_visible()
    expect(page.get_by_role("group", name="Moments").get_by_label("Queue at the till")).to_be_checked()
    page.get_by_label("Action", exact=True).fill("A second till on Saturdays")
    for label, value in (
        ("Effort in person-days", "4.5"),
        ("Duration in days", "10"),
        ("Cost", "1200"),
        ("Expected lift, in points", "1.5"),
        ("Confidence, in %", "80"),
    ):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="A second till on Saturdays").first.click()
    facts = page.locator(".act__facts")
    for figure in ("4.5", "10", "1,200", "+1.5", "80"):
        expect(facts).to_contain_text(figure)
    expect(page.get_by_role("link", name=re.compile("^C-1 Queue at the till"))).to_be_visible()
    circle.action = page.url.split("#")[0]


def fix_its_target(circle: Circle) -> None:
    page = circle.page
    page.get_by_role("link", name="Fix a target").click()
    once_there(page, page.get_by_label("Baseline wave"))
    expect(page.get_by_role("checkbox", name="Queue at the till")).to_be_checked()
    page.get_by_label("Smallest change worth detecting").fill("0.50")
    page.get_by_label("Smallest change worth detecting").press("Tab")
    expect(page.locator("#planned")).to_contain_text("To find a change of 0.50 points four times in five")
    page.get_by_role("button", name="Fix the target").click()
    held = page.get_by_role("region", name="What holds")
    expect(held).to_contain_text("Queue at the till")
    expect(held).to_contain_text("Wave 1")
    expect(held).to_contain_text("It is measured in the first wave that opens after the action begins.")
    page.goto(circle.action)
    expect(page.locator("#t-status + .act__now")).to_have_text("Proposed")
    assert page.get_by_role("button", name="Approve").count() == 0, "not a consultant's to approve"
    assert page.get_by_role("button", name="Begin").count() == 0, "and not to begin unapproved"


def the_manager_approves(circle: Circle) -> None:
    window = open_window(circle.chrome, viewport=DESK, locale="en-GB")
    log_in(window.page, circle.action, "manager")
    window.page.get_by_role("button", name="Approve").click()
    expect(window.page.locator("main")).to_contain_text("Approved by Noelia Prado on")
    assert not window.faults, window.faults
    window.page.context.close()


def carry_it_out(circle: Circle) -> None:
    page = circle.page
    page.reload()
    expect(page.locator("main")).to_contain_text("Approved by Noelia Prado on")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".act__now")).to_have_text("In progress")
    page.get_by_role("button", name="It is done").click()
    expect(page.locator(".act__now")).to_have_text("Done")
    expect(page.locator("main")).to_contain_text("No wave has opened since the action began")


# --- The verdict ----------------------------------------------------------------------------------


def read_the_verdict(circle: Circle) -> None:
    page = circle.page
    page.goto(circle.at(f"cycles/{circle.cycle}/plan/effects/"))
    once_there(page, page.get_by_text("Improvement demonstrated", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "1 of the 1 actions measured has a clear effect"
    )
    found = page.get_by_role("article", name="A1 A second till on Saturdays")
    the_rise_is_told(found)
    page.goto(circle.action)
    the_rise_is_told(page.get_by_role("article", name="Measured effect"))


def the_rise_is_told(found: Locator) -> None:
    """In words, and with an interval that lies above nothing at all."""
    expect(found.locator(".eff-s")).to_contain_text(
        re.compile(
            r"“Queue at the till” rose from 2\.4 to 4\.2 \(\+1\.8\d ± 0\.\d\d\): improvement demonstrated\."
        )
    )
    expect(found.locator(".eff-s")).not_to_contain_text("fixed after")
    interval = found.locator("div", has=found.page.get_by_text("95% interval")).locator("dd").first
    low, high = re.findall(r"\+\d\.\d\d", interval.inner_text())
    assert 1 < float(low) < float(high) < 3
    expect(found).to_contain_text("41 customers who rated it both times")


def close_the_case(circle: Circle) -> None:
    page, sink = circle.page, circle.product.sink
    page.get_by_role("link", name=re.compile("^C-1 Queue at the till")).click()
    expect(page).to_have_url(circle.case)
    page.get_by_text("Close and tell the customer").click()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("A case is closed when the customer has been told")).to_be_visible()
    assert CUSTOMER not in sink.recipients()
    page.get_by_label("Mail from here").check()
    page.get_by_label("What the customer is told").fill(TOLD)
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("C-1 is closed.")).to_be_attached()
    eventually(lambda: CUSTOMER in sink.recipients())
    assert TOLD in sink.mail_to(CUSTOMER).get_body(("plain",)).get_content()
    page.goto(circle.at(f"cycles/{circle.cycle}/cases/"))
    expect(page.locator("[data-column=end]")).to_contain_text("C-1")
