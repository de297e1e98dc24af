"""Every page of the example workspace as people see it: no fault, no sideways scrolling, no barrier."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Product, open_window

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WINDOWS = {
    "wide, light, English": {"width": 1440, "locale": "en-GB", "colour": "light"},
    "phone, dark, Spanish": {"width": 390, "locale": "es-ES", "colour": "dark"},
}
PLACES = """
from cycles.models import Cycle, Moment
cycle = Cycle.objects.get(surveys__isnull=False, client__workspace__slug="ferrer")
survey = cycle.surveys.get()
moment = Moment.objects.filter(stage__cycle=cycle).order_by("pk")[8]
print(cycle.pk, moment.pk, survey.pk, cycle.client_id, survey.waves.last().pk)
"""


@pytest.fixture(scope="module")
def example(product: Product) -> dict[str, str]:
    """Addresses in the example workspace, by the names the paths below use."""
    said = product.manage("demo")
    link = re.search(r"(/s/[\w-]+/)", said)
    assert link, said
    names = ("cycle", "moment", "survey", "client", "wave")
    keys = product.manage("shell", "-v0", "-c", PLACES).split()
    return dict(zip(names, keys, strict=True)) | {"link": link[1]}


PATHS = [
    "/w/ferrer/",
    "/w/ferrer/cycles/new/",
    "/w/ferrer/members/",
    "/w/ferrer/clients/",
    "/me/",
    "/w/ferrer/cycles/{cycle}/overview/",
    "/w/ferrer/cycles/{cycle}/",
    "/w/ferrer/cycles/{cycle}/?moment={moment}",
    "/w/ferrer/cycles/{cycle}/requirements/?moment={moment}",
    "/w/ferrer/cycles/{cycle}/plan/",
    "/w/ferrer/cycles/{cycle}/plan/?view=board",
    "/w/ferrer/cycles/{cycle}/matrix/",
    "/w/ferrer/cycles/{cycle}/matrix/?importance=derived",
    "/w/ferrer/cycles/{cycle}/matrix/depth/",
    "/w/ferrer/cycles/{cycle}/matrix/snapshots/",
    "/w/ferrer/cycles/{cycle}/survey/",
    "/w/ferrer/cycles/{cycle}/import/",
    "/w/ferrer/surveys/{survey}/preview/",
    "/w/ferrer/cycles/{cycle}/reports/",
    "/letterbox/",
]
# Each in one window only, every second one in either: one language and one theme say enough about them.
BESIDE = [
    "/w/ferrer/cycles/{cycle}/list/",
    "/w/ferrer/cycles/{cycle}/blueprint/",
    "/w/ferrer/cycles/{cycle}/coverage/",
    "/w/ferrer/cycles/{cycle}/history/",
    "/w/ferrer/cycles/{cycle}/versions/",
    "/w/ferrer/cycles/{cycle}/versions/compare/",
    "/w/ferrer/cycles/{cycle}/library/",
    "/w/ferrer/cycles/{cycle}/files/",
    "/w/ferrer/templates/",
    "/w/ferrer/cycles/import/",
    "/w/ferrer/search/?q=caja",
    "/w/ferrer/cycles/{cycle}/bin/",
    "/w/ferrer/cycles/bin/",
    "/w/ferrer/cycles/{cycle}/results/",
    "/w/ferrer/cycles/{cycle}/results/",
    "/w/ferrer/clients/{client}/contacts/",
    "/w/ferrer/clients/{client}/contacts/import/",
    "/w/ferrer/clients/{client}/contacts/add/",
    "/w/ferrer/clients/{client}/segments/new/",
    "/w/ferrer/cycles/{cycle}/sample/",
    "/w/ferrer/waves/{wave}/places/",
    "/help/statistics/",
    "/w/ferrer/cycles/{cycle}/blueprint/?moment={moment}",
]
NARROW = 320
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "{link}", "/s/wrong/"]


def open_page(page: Page, url: str) -> list[str]:
    """What is wrong with the page, in words."""
    response = page.goto(url)
    assert response
    wanted = 404 if url.endswith("/s/wrong/") else 200
    faults = [] if response.status == wanted else [f"answered {response.status}"]
    scrolls, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if scrolls > width:
        faults.append(f"scrolls sideways: {scrolls} in {width}")
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    faults += [
        f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found["violations"]
    ]
    return faults


@pytest.mark.parametrize("window", WINDOWS)
def test_no_page_has_a_fault(product: Product, chrome: Browser, example: dict[str, str], window: str) -> None:
    options = WINDOWS[window]
    watched = open_window(
        chrome,
        viewport={"width": options["width"], "height": 900},
        locale=options["locale"],
        color_scheme=options["colour"],
        bypass_csp=True,  # for axe alone; the policy itself is watched in the walk through the loop
    )
    page = watched.page
    faults = {}
    for path in OUTSIDE:
        faults[path] = open_page(page, product.url + path.format(**example))
    page.goto(f"{product.url}/accounts/login/")
    page.locator("input[name=login]").fill("elena.ferrer@ferrer.example")
    page.locator("input[name=password]").fill("cyclemap-demo")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/w/ferrer/")
    for path in PATHS:
        faults[path] = open_page(page, product.url + path.format(**example))
    phone = window.startswith("phone")
    if phone:
        page.set_viewport_size({"width": NARROW, "height": 700})
    for path in BESIDE[phone::2]:
        faults[path] = open_page(page, product.url + path.format(**example))
    assert {path: found for path, found in faults.items() if found} == {}
    assert not watched.faults
