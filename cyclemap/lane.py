"""The short way of the pages for customers.

Nobody is logged in there, nothing has a session, a message or a workspace; so a request that begins with one
of `CUSTOMERS_PREFIXES` passes by what looks for them. Its answers carry the same headers as all others
(tests/test_lane.py), and what goes wrong is answered by the same pages.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.module_loading import import_string

Answer = Callable[[HttpRequest], Any]


class CustomersLane:
    """The outermost middleware: two ways, told apart by how the path begins."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.prefixes = tuple(settings.CUSTOMERS_PREFIXES)
        lane: Answer = convert_exception_to_response(show)
        for path in reversed(settings.CUSTOMERS_MIDDLEWARE):
            lane = convert_exception_to_response(import_string(path)(lane))
        self.lane = lane

    def __call__(self, request: HttpRequest) -> HttpResponse:
        short = request.path_info.startswith(self.prefixes)
        response: HttpResponse = self.lane(request) if short else self.get_response(request)
        return response


def show(request: HttpRequest) -> HttpResponse:
    match = resolve(request.path_info)
    request.resolver_match = match
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response
