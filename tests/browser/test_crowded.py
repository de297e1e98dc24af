"""The same of a workspace with too much in it: 60 moments, 200 actions, 40 surveys, words as in German."""

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Product
from tests.browser.looking import NARROW, WINDOWS, log_in, open_page, window_to_look

OWNER = "owner@crowded.example"
LOAD = f"""
from accounts.models import User
from tools.crowded import SLUG, load
from tests.example_pages import tell
owner, made = User.objects.get_or_create(email="{OWNER}", defaults={{"name": "Owner"}})
owner.set_password("cyclemap-demo")
owner.save()
tell(SLUG, load(owner.email))
"""


@pytest.fixture(scope="module")
def crowded(product: Product) -> list[str]:
    """The addresses of its pages."""
    found = json.loads(product.manage("shell", "-v0", "-c", LOAD).splitlines()[-1])
    paths = sorted(page["path"] for page in found if "/crowded/" in page["path"] and not page["public"])
    assert len(paths) > 60
    return paths


@pytest.mark.parametrize("window", WINDOWS)
def test_no_page_has_a_fault_however_much_is_in_it(
    product: Product, chrome: Browser, crowded: list[str], window: str
) -> None:
    """Half of them in each window, by turns."""
    watched = window_to_look(chrome, window)
    page, theme = watched.page, WINDOWS[window].theme
    log_in(page, product, OWNER)
    if window.startswith("phone"):
        page.set_viewport_size({"width": NARROW, "height": 700})
    mine = crowded[list(WINDOWS).index(window) :: 2]
    faults = {path: open_page(page, product.url + path, theme) for path in mine}
    told = [f"{path}: {fault}" for path, found in faults.items() for fault in found]
    assert not told, "\n".join(told)
    assert not watched.faults
