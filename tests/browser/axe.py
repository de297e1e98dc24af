"""What axe-core finds wrong with a page, in words."""

import json
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def barriers(page: Page) -> list[str]:
    # Windows that look at many pages have it in each from the beginning.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return told(page, TAGS)


def barriers_in_both_themes(page: Page, theme: str) -> list[str]:
    """`theme` is the window's; in the other one only colours are new."""
    found = barriers(page)
    page.emulate_media(color_scheme="light" if theme == "dark" else "dark")
    found += [f"in the other theme: {fault}" for fault in told(page, ["color-contrast"])]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    return found


def told(page: Page, rules: list[str]) -> list[str]:
    """By tags or by names of rules. Only what is broken is worked out to the last element."""
    how = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run({json.dumps(how)}).then(told => told.violations)")
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found]
