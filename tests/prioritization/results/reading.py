"""The page of results, opened and read."""

import html
import re

from prioritization.results.counts import kept_reading
from prioritization.results.rates import came
from prioritization.results.who import forget
from tests.conftest import World


def forget_all() -> None:
    """What a process remembers of answers that a test then edits behind its back."""
    forget()
    came.cache_clear()
    kept_reading.cache_clear()


def page(browser, world: World, query: str = "", **headers):
    return browser.get(world.url(f"cycles/{world.cycle.pk}/results/{query}"), **headers)


def text_of(response) -> str:
    """What is read, blanks made one; labels of drawings too."""
    body = response.content.decode()
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', body))
    read = html.unescape(re.sub(r"<[^>]+>", " ", body) + " " + labels)
    return " ".join(read.split())


def item_text(response, name: str) -> str:
    body = response.content.decode()
    found = [part for part in re.split(r"(?=<article)", body) if name in part]
    part = found[0].split("</article>")[0]
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', part))
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", part).split()) + " " + labels)
