"""Closed by default, one workspace at a time, in the user's language."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import SAFE_METHODS, may
from accounts.models import Membership

View = Callable[..., HttpResponse]


class LanguageMiddleware:
    """The language chosen by the user, else by the cookie, else by the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        # Without a session there is nobody to look up: pages for customers cost no query here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            user = getattr(request, "user", None)
            language = getattr(user, "language", "") or language
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Everything needs a log-in but what says @login_not_required.

    After a log-out an htmx request is sent to the log-in page as a whole, so that no log-in form
    is swapped into a table cell.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: View
    ) -> HttpResponse:
        response = redirect_to_login(
            self.way_back(request),
            resolve_url(self.get_login_url(view_func)),
            self.get_redirect_field_name(view_func),
        )
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(response["Location"])
        return response

    def way_back(self, request: HttpRequest) -> str:
        """The page the person was looking at, never a fragment or a form's target."""
        htmx = getattr(request, "htmx", None)
        if htmx:
            return htmx.current_url_abs_path or "/"
        if request.method in SAFE_METHODS:
            return request.get_full_path()
        page = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
            parts = urlsplit(page)
            return f"{parts.path}?{parts.query}" if parts.query else parts.path
        return "/"


class WorkspaceMiddleware:
    """Turn /w/<workspace>/ into `request.membership`: 404 for strangers, 403 for a missing right.

    A workspace that does not exist and one that is somebody else's get the same answer by the same
    one query.
    """

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


class InvalidFormMiddleware:
    """allauth answers a form with a fault by 200; here that is 422, as everywhere in the house."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        forms = [value for key, value in (response.context_data or {}).items() if key.endswith("form")]
        faulty = any(getattr(form, "is_bound", False) and form.errors for form in forms)
        if faulty and response.status_code == 200:
            response.status_code = 422
        return response
