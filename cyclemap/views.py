"""Pages that belong to no app: health, language, refusals."""

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import EDITORS, Membership, User
from cyclemap.letterbox import letters

LETTERS_A_PAGE = 25


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated. Redis may be away: the database is the queue."""
    try:
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "migrations": "pending"}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: kept with the user, and in a cookie for pages before log-in."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Without database, user or context processors: any of them may be what failed."""
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    with translation.override(language):
        page = loader.get_template("500.html").render({"request_id": request_id})
    return HttpResponseServerError(page)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def letterbox(request: HttpRequest) -> HttpResponse:
    """The mail that the trial kept instead of sending it. The route exists in trial mode only.

    For owners and consultants: the letters hold links by which a password can be reset. Who has opened no
    workspace yet reads what was written to them: the letter that confirms their address is there.
    """
    assert isinstance(request.user, User)
    roles = set(Membership.objects.filter(user=request.user.pk).values_list("role", flat=True))
    if roles and not roles & set(EDITORS):
        raise PermissionDenied
    return shown_letters(request, to="" if roles else request.user.email)


@require_safe
def shown_letters(request: HttpRequest, to: str) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:120]
    page = Paginator(letters(to, query), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "letterbox.html", {"page": page, "query": query})
