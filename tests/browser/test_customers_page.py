"""The customer's page in every state, on a phone: no barrier, no script needed, nothing from elsewhere."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Product

SEED = Path(__file__).with_name("customers_page_seed.py")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def links(product: Product) -> dict[str, str]:
    return dict(json.loads(product.manage("shell", "-v0", "-c", SEED.read_text()).splitlines()[-1]))


def phone(chrome: Browser, *, script: bool = False, scheme: str = "light") -> Page:
    context = chrome.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=script,
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=script,
        locale="en-GB",
    )
    return context.new_page()


def choose(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"label:has(input[name={name}][value='{value}'])").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_in_any_state(product, chrome, links, scheme):
    page = phone(chrome, script=True, scheme=scheme)
    for state in ("fresh", "open", "kiosk", "anonymous", "fresh?lang=es", "fresh?overall=4"):
        name, _, query = state.partition("?")
        page.goto(f"{product.url}{links[name]}?{query}")
        assert not barriers(page), state
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], state
    page.goto(f"{product.url}{links['fresh']}")
    choose(page, "p", "1", "2", "3")
    page.locator(".sv-end .go").click()
    page.locator("#errors").wait_for()
    assert not barriers(page)


def test_targets_are_large_enough(product, chrome, links):
    page = phone(chrome, script=True)
    page.goto(f"{product.url}{links['fresh']}")
    small = page.evaluate(
        "[...document.querySelectorAll('.opt, button:not([hidden]), .go, .line, textarea')].filter("
        "e => e.getClientRects().length && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
    )
    assert not small


def test_without_script_what_depends_appears_and_another_browser_goes_on(product, chrome, links):
    page = phone(chrome)
    page.goto(f"{product.url}{links['resumed']}")
    expect(page.locator("#x2")).not_to_be_visible()
    choose(page, "x1", "1")
    expect(page.locator("#x2")).to_be_visible()
    choose(page, "x1", "0")
    expect(page.locator("#x2")).not_to_be_visible()
    choose(page, "p", "1", "2", "3")
    page.locator(".sv-end .go").click()
    expect(page.get_by_text("You chose 3; leave 2 at most.").first).to_be_visible()
    assert ".." not in page.locator("#errors").inner_text()
    page.get_by_role("button", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    expect(page.locator("input[name=p]:checked")).to_have_count(3)
    choose(page, "p", "3")
    page.get_by_role("button", name="Guardar y seguir después").click()
    expect(page.get_by_role("heading", name="Guardado")).to_be_visible()

    other = phone(chrome)
    other.goto(f"{product.url}{links['resumed']}")
    expect(other.locator("input[name=p]:checked")).to_have_count(2)
    other.get_by_role("button", name="Send my answers").click()
    expect(other.get_by_role("heading", name="Thank you, received")).to_be_visible()
    page.goto(f"{product.url}{links['resumed']}")
    expect(page.get_by_role("heading", name="You answered on")).to_be_visible()


def test_with_script_what_a_person_typed_is_kept_and_opening_keeps_nothing(product, chrome, links):
    page = phone(chrome, script=True)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.goto(f"{product.url}{links['kept']}")
    page.wait_for_timeout(500)
    assert all(one.startswith(f"GET {product.url}/") for one in sent)
    with page.expect_response(lambda answer: answer.status == 204, timeout=20_000):
        page.locator("#comment").fill("Quince minutos")
        page.locator("#comment").press("!")
    page.get_by_text("Saved", exact=True).wait_for()
    other = phone(chrome)
    other.goto(f"{product.url}{links['kept']}")
    assert other.locator("#comment").input_value().startswith("Quince minutos")
    page.reload()
    expect(page.get_by_text("This is what you saved. It has not been sent yet.")).to_be_visible()
    assert not barriers(page)


def test_a_kiosk_returns_to_the_start(product, chrome, links):
    page = phone(chrome)
    page.goto(f"{product.url}{links['kiosk']}")
    choose(page, "p", "1")
    page.locator(".sv-end .go").click()
    expect(page.get_by_role("heading", name="Thank you, received")).to_be_visible()
    page.wait_for_url(f"{product.url}{links['kiosk']}", timeout=15_000)
    page.get_by_role("link", name="Start").wait_for(timeout=15_000)
    expect(page.locator("input:checked")).to_have_count(0)
