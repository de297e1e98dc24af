"""Middleware that knows no app."""

import logging
import time
import uuid
from collections.abc import Callable

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property

log = logging.getLogger("cyclemap.request")


class RequestIdMiddleware:
    """Give each request an id, send it back in X-Request-ID, and log one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith("/health/"):
            took = round((time.perf_counter() - started) * 1000, 1)
            log.info("%s %s %s %s ms", request.method, request.path, response.status_code, took)
        return response


class PolicyMiddleware(CSPMiddleware):
    """django-csp, with the usual policy written once instead of once an answer."""

    # Set on an answer by the decorators that change the policy of one view.
    CHANGED = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or any(hasattr(response, name) for name in self.CHANGED):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response

    @cached_property
    def usual(self) -> str:
        plain = super().process_response(HttpRequest(), HttpResponse())
        return plain.headers[HEADER]
