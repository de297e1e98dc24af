"""The matrix page, opened and read."""

import csv
import re
from html import unescape
from io import StringIO

HTMX = {"HX-Request": "true", "HX-Target": "matrix"}


def url(world, page="", **query):
    from urllib.parse import urlencode

    return world.url(f"cycles/{world.cycle.pk}/matrix/{page}") + (f"?{urlencode(query)}" if query else "")


def shown(browser, world, status=200, **query) -> str:
    response = browser.get(url(world, **query))
    assert response.status_code == status
    return response.content.decode()


def heading(page: str) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1].strip()


def rows(page: str) -> dict[str, list[str]]:
    """Name -> cells of the ranked table, as text."""
    table = re.search(r'<table class="table rank">.*?</table>', page, re.S)[0]
    found = {}
    for row in re.findall(r"<tr data-moment.*?</tr>", table, re.S):
        name = re.search(r'<a class="row"[^>]*>(.*?)</a>', row)[1]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        found[name] = [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", cell))).strip() for cell in cells]
    return found


def poll_address(page: str) -> str:
    return re.search(r'hx-get="([^"]*/matrix/live/[^"]*)"', page)[1].replace("&amp;", "&")


def table(browser, world, **query) -> list[dict[str, str]]:
    response = browser.get(url(world, "table.csv", **query))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:])))
