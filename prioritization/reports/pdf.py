"""Pages to a tagged PDF: the only place that knows WeasyPrint."""

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from weasyprint import HTML
from weasyprint.logger import PROGRESS_LOGGER

from prioritization.reports.fetcher import AssetFetcher
from prioritization.reports.pages import Composed

Beat = Callable[[], None]


class Pulse(logging.Handler):
    """Calls `beat` for every page laid out, so that a long report keeps its lease and can be cancelled.

    WeasyPrint tells its progress to a logger and to nobody else. An exception raised by `beat` goes
    through it and ends the rendering, which is how a cancelled report stops.
    """

    def __init__(self, beat: Beat) -> None:
        super().__init__()
        self.beat = beat
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.beat()


@contextmanager
def pulse(beat: Beat) -> Iterator[None]:
    handler = Pulse(beat)
    level, propagate = PROGRESS_LOGGER.level, PROGRESS_LOGGER.propagate
    PROGRESS_LOGGER.addHandler(handler)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.propagate = False
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(handler)
        PROGRESS_LOGGER.setLevel(level)
        PROGRESS_LOGGER.propagate = propagate


@contextmanager
def still_clock() -> Iterator[None]:
    """fontTools writes the hour into every font it subsets, unless this variable says another."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def typeset(composed: Composed, beat: Beat = lambda: None) -> bytes:
    """The PDF: tagged (PDF/UA-1), the same bytes for the same input.

    No base address is given, so a relative address leads nowhere either.
    """
    with pulse(beat), still_clock():
        document = HTML(string=composed.html, url_fetcher=AssetFetcher(composed.assets))
        pdf: bytes = document.write_pdf(**options(composed))
    return pdf


def options(composed: Composed) -> dict[str, object]:
    return {
        "pdf_variant": "pdf/ua-1",
        "pdf_identifier": composed.fingerprint[:32].encode("ascii"),
        "presentational_hints": False,
    }


def on_one_page(sizes: Iterable[Composed]) -> bytes:
    """The first of them that fits on one page, else the last."""
    with still_clock():
        for composed in sizes:
            source = HTML(string=composed.html, url_fetcher=AssetFetcher(composed.assets))
            document = source.render(**options(composed))
            if len(document.pages) == 1:
                break
        pdf: bytes = document.write_pdf(**options(composed))
    return pdf
