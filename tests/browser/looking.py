"""Looking at a page as people see it: no fault, nothing on something else, no barrier, in both themes."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.axe import AXE, barriers_in_both_themes
from tests.browser.conftest import Product, Watched, open_window

TOUCHING = (Path(__file__).parent / "touching.js").read_text()


@dataclass(frozen=True)
class Window:
    width: int
    locale: str
    theme: str


WINDOWS = {
    "wide, light, English": Window(1440, "en-GB", "light"),
    "phone, dark, Spanish": Window(390, "es-ES", "dark"),
}
NARROW = 320


def window_to_look(chrome: Browser, window: str) -> Watched:
    options = WINDOWS[window]
    watched = open_window(
        chrome,
        viewport={"width": options.width, "height": 900},
        locale=options.locale,
        color_scheme=options.theme,
        reduced_motion="reduce",  # a colour half-way to another says nothing
        bypass_csp=True,  # for axe alone; the policy itself is watched in the walk through the loop
    )
    # What a page shows in a frame is a page of its own, looked at by itself.
    watched.page.add_init_script(f"if (self === top) {{ {AXE} }}")
    return watched


def open_page(page: Page, url: str, theme: str) -> list[str]:
    """What is wrong with the page, in words."""
    response = page.goto(url)
    assert response
    wanted = 404 if url.endswith("/s/wrong/") else 200
    faults = [] if response.status == wanted else [f"answered {response.status}"]
    scrolls, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if scrolls > width:
        faults.append(f"scrolls sideways: {scrolls} in {width}")
    return faults + page.evaluate(TOUCHING) + barriers_in_both_themes(page, theme)


def log_in(page: Page, product: Product, email: str = "elena.ferrer@ferrer.example") -> None:
    page.goto(f"{product.url}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("cyclemap-demo")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def confirm(page: Page, product: Product) -> None:
    """The password once more, as changes of the two-step log-in ask for it."""
    page.goto(f"{product.url}/accounts/reauthenticate/")
    page.locator("input[name=password]").fill("cyclemap-demo")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/reauthenticate/" not in address)
