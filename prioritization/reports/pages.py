"""A document as pages in HTML, with the fingerprint of everything they show."""

import hashlib
from dataclasses import dataclass, field
from functools import cache

from django.template.loader import render_to_string
from django.utils import translation

from cyclemap import VERSION
from prioritization.reports.document import Document
from prioritization.reports.places import STYLE, Assets, Places, on_paper
from prioritization.reports.sections import sections

PLACE = "<!--fingerprint-->"


@dataclass(frozen=True)
class Composed:
    """The pages as HTML, the fingerprint of everything they show, and the files that go with them."""

    html: str
    fingerprint: str
    assets: Assets = field(default_factory=dict)


@cache
def _looks() -> bytes:
    """What shapes a report beside its words: the program's version and the style sheet."""
    return VERSION.encode() + hashlib.sha256(STYLE.read_bytes()).digest()


def compose(document: Document) -> Composed:
    """Render the pages in the document's language.

    The fingerprint is taken of the rendered text itself and of the files beside it, so nothing that is
    shown can be left out of it; then it is printed in the place kept for it, which escaped text of a
    person cannot contain.
    """
    place = on_paper(document.cycle.client)
    html = rendered(document, place)
    digest = hashlib.sha256(_looks() + html.encode())
    for name, (content, _type) in sorted(place.assets.items()):
        digest.update(name.encode() + hashlib.sha256(content).digest())
    fingerprint = digest.hexdigest()
    return Composed(html.replace(PLACE, fingerprint[:16], 1), fingerprint, place.assets)


def rendered(document: Document, place: Places) -> str:
    with translation.override(document.language):
        html: str = render_to_string(
            "prioritization/report/report.html",
            {
                "document": document,
                "place": place,
                "cover": document.wheel("cover", mini=True),
                "sections": sections(document),
                "version": VERSION,
                "language": document.language,
            },
        )
    return html
