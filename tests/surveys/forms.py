"""A customer's page as a browser without script reads it."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client as Browser

from surveys import links
from surveys.models import Invitation


class Form(HTMLParser):
    """The fields of a page's form as a browser would send them, of a name as many values as are chosen; and
    the ids that links point to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        self.ids += [a["id"]] if a.get("id") else []
        if tag == "a" and a.get("href", "").startswith("#"):
            self.anchors.append(a["href"][1:])
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


def way_out(invitation: Invitation) -> str:
    return f"/u/{links.unsubscribe_token_for(invitation)}/"


def text_of(response) -> str:
    return str(response.content, "utf-8")


def press(browser: Browser, path: str, headers: Any = None, **answers: str | list[str]) -> Any:
    """Open the page, fill in, press a button: Send, or the one named.

    `headers` (a dict of texts) is Any, for a dict of answers could bring one by that name.
    """
    fields = Form(text_of(browser.get(path))).fields
    return browser.post(path, {**fields, **answers}, headers=headers)


# Everything that the survey of the tests of customers' pages asks.
FULL = {
    "w1": "y", "i1": "5", "s1": "2", "w2": "n", "w3": "y", "i3": "4", "s3": "4", "overall": "3", "nps": "7",
    "comment": "Fine",
}  # fmt: skip
