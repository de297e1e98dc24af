"""A document as pages in HTML, with the fingerprint of everything they show."""

import hashlib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from cyclemap import VERSION
from prioritization.reports.document import Document
from prioritization.reports.sections import sections

STYLE = settings.BASE_DIR / "static/css/report.css"
PLACE = "<!--fingerprint-->"


@dataclass(frozen=True)
class Composed:
    """The pages as HTML, and the fingerprint of everything they show."""

    html: str
    fingerprint: str


@cache
def _looks() -> bytes:
    """What shapes a report beside its words: the program's version and the style sheet."""
    return VERSION.encode() + hashlib.sha256(STYLE.read_bytes()).digest()


def compose(document: Document) -> Composed:
    """Render the pages in the document's language.

    The fingerprint is taken of the rendered text itself, so nothing that is shown can be left out of
    it; then it is printed in the place kept for it, which escaped text of a person cannot contain.
    """
    with translation.override(document.language):
        html = render_to_string(
            "prioritization/report/report.html",
            {
                "document": document,
                "cover": document.wheel("cover", mini=True),
                "sections": sections(document),
                "version": VERSION,
                "language": document.language,
            },
        )
    fingerprint = hashlib.sha256(_looks() + html.encode()).hexdigest()
    return Composed(html.replace(PLACE, fingerprint[:16], 1), fingerprint)
