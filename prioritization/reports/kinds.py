"""What a report is made as: a document, slides or a workbook, of the same data."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation

from prioritization.handing_out import ReportKind
from prioritization.reports import pages
from prioritization.reports.document import Document
from prioritization.sheet import book

Step = Callable[[int], None]
Beat = Callable[[], None]


@dataclass(frozen=True)
class FileType:
    ending: str
    content_type: str


OFFICE = "application/vnd.openxmlformats-officedocument"
FILES = {
    ReportKind.PDF: FileType("pdf", "application/pdf"),
    ReportKind.SLIDES: FileType("pptx", f"{OFFICE}.presentationml.presentation"),
    ReportKind.SHEET: FileType("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
}


def file_type(kind: str) -> FileType:
    return FILES[ReportKind(kind)]


@dataclass(frozen=True)
class Made:
    content: bytes
    fingerprint: str  # of everything it shows


def fingerprint_of(kind: str, document: Document) -> str:
    """Of everything the file shows, without making the file. The slides show what the pages show."""
    if kind == ReportKind.SHEET:
        with translation.override(document.language):
            tabs = list(book.tabs_of(document))
            shown = repr([*tabs, book.definitions(document, tabs), str(document.cycle.client.ink)])
        return hashlib.sha256(f"sheet {shown}".encode("utf-8", "replace")).hexdigest()
    of_the_pages = pages.compose(document).fingerprint
    if kind == ReportKind.SLIDES:
        return hashlib.sha256(f"slides {of_the_pages}".encode()).hexdigest()
    return of_the_pages


def make(kind: str, document: Document, step: Step, beat: Beat) -> Made:
    """Steps 2 and 3 of a report (prioritization/models.py names them)."""
    step(2)
    if kind == ReportKind.PDF:
        # Here, because WeasyPrint takes a second and 60 MB that no web process needs.
        from prioritization.reports import pdf

        composed = pages.compose(document)
        step(3)
        return Made(pdf.typeset(composed, beat), composed.fingerprint)
    fingerprint = fingerprint_of(kind, document)
    step(3)
    if kind == ReportKind.SLIDES:
        from prioritization.slides.pages import written

        return Made(written(document, beat), fingerprint)
    return Made(book.written(document, beat), fingerprint)
