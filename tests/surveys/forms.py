"""A customer's page as a browser without script reads it."""

from html.parser import HTMLParser

from django.test import Client as Browser

from surveys import links
from surveys.models import Invitation


class Form(HTMLParser):
    """The fields of a page's form as a browser would send them: of a name as many values as are chosen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        self.textarea = a["name"] if tag == "textarea" else ""
        if tag == "textarea":
            self.fields[a["name"]] = [""]
        if tag in ("input", "textarea"):
            self.names.add(a["name"])
        if tag == "input" and (a.get("type") not in ("radio", "checkbox") or "checked" in a):
            self.fields.setdefault(a["name"], []).append(a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            # A browser drops the line break that follows the tag.
            self.fields[self.textarea][0] += data.removeprefix("\n")


def path_of(invitation: Invitation, query: str = "") -> str:
    return f"/s/{links.token_for(invitation)}/{query}"


def text_of(response) -> str:
    return str(response.content, "utf-8")


def press(browser: Browser, path: str, **answers: str | list[str]):
    """Open the page, fill in, press a button: Send, or the one named."""
    fields = Form(text_of(browser.get(path))).fields
    return browser.post(path, {**fields, **answers})
