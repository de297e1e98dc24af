"""Closed by default, one workspace at a time, in the user's language."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import may
from accounts.models import Membership

View = Callable[..., HttpResponse]


class LanguageMiddleware:
    """The language chosen by the user, else by the cookie, else by the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = (
            getattr(request.user, "language", "") if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
        )
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        return response


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Everything needs a log-in but what says @login_not_required.

    After a log-out an htmx request is sent to the log-in page as a whole, so that no log-in form
    is swapped into a table cell.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponse:
        response: HttpResponse = super().handle_no_permission(request, view_func)
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(response["Location"])
        return response


class WorkspaceMiddleware:
    """Turn /w/<workspace>/ into `request.membership`: 404 for strangers, 403 for a missing right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]) -> None:
        if "workspace" not in kwargs:
            return
        # This also empties resolver_match.kwargs: the workspace is on request.membership from here.
        slug = kwargs.pop("workspace")
        membership = (
            Membership.objects.select_related("workspace", "client", "user")
            .filter(user=request.user.pk, workspace__slug=slug)
            .first()
        )
        if membership is None:
            raise Http404
        if not may(view, request.method or "GET", membership.role):
            raise PermissionDenied
        request.membership = membership  # type: ignore[attr-defined]
