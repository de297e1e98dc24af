"""Middleware that knows no app."""

import logging
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

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
