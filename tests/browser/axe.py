"""What axe-core finds wrong with a page, in words."""

import json
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text()
# Only what is broken is worked out to the last element.
HOW = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def barriers(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run({json.dumps(HOW)}).then(told => told.violations)")
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found]
