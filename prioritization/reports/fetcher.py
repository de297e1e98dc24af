"""What a report may load: its own style sheets and font, and the logo that was read for it; nothing else.

Names, descriptions and comments come from people. Whatever they smuggle past the escaping (a link, an
@import, an image, an attachment), WeasyPrint has to ask here for it, and is refused before any socket
or file is opened.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint.urls import URLFetcher, URLFetcherResponse

from prioritization.reports.places import STYLE, Assets

# asset:<name> -> the file shipped with the project, and its type.
ASSETS: dict[str, tuple[Path, str]] = {
    "report.css": (STYLE, "text/css"),
    "level_sheet.css": (settings.BASE_DIR / "static/css/level_sheet.css", "text/css"),
    "level_paper.css": (settings.BASE_DIR / "static/css/level_paper.css", "text/css"),
    "font.css": (settings.BASE_DIR / "static/css/report_font.css", "text/css"),
    "instrument-sans.woff2": (
        settings.BASE_DIR / "static/fonts/instrument-sans-var.woff2",
        "font/woff2",
    ),
}


class RefusedError(ValueError):
    """An address that is not one of our own assets."""


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Serves `asset:<name>` by a fixed list of names and from `more`, which is in memory already; opens
    nothing else, `data:` included."""

    def __init__(self, more: Assets | None = None) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.more = more or {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix("asset:")
        if name == url or name not in ASSETS.keys() | self.more.keys():
            raise RefusedError(f"refused: {url[:100]}")
        if name in self.more:
            content, content_type = self.more[name]
            return URLFetcherResponse(url, content, {"Content-Type": content_type})
        path, content_type = ASSETS[name]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    def open(self, url: Any, data: Any = None, timeout: float | None = None) -> URLFetcherResponse:
        """The door of urllib's opener; it leads to the same list."""
        return self.fetch(url if isinstance(url, str) else url.full_url)
