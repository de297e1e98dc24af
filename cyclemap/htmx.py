"""The one htmx helper: a page, or only the fragment of it that was asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render `fragment` for an htmx request, `page` for a person, a boosted link or a restored history entry.

    `request.htmx` is also true for the last two, which need the whole page.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    partial = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = render(request, fragment if partial else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
