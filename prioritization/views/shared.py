"""What somebody without an account sees at a link: a report, or what became of what customers said."""

import time
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from prioritization import said, share_links
from prioritization.handing_forms import PasswordForm
from prioritization.letterhead import letterhead_of
from prioritization.models import ShareLink
from prioritization.reports.choice import Choice
from prioritization.reports.filename import download_name
from prioritization.reports.kinds import file_type
from surveys import limits

Page = Callable[[HttpRequest, str], HttpResponseBase]
# Of one link in a minute, whoever tries.
TRIES = limits.Limit("password of a report", 10)
RETRY_SECONDS = "60"


def for_anybody(view: Page) -> Page:
    """Never stored by a proxy or found by a search, and no other site learns the link."""

    @login_not_required
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponseBase:
        response = view(request, token)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


def gone(request: HttpRequest) -> HttpResponse:
    """The same for a wrong, an expired and a closed link: it tells nothing."""
    if not limits.may_guess(request):
        return busy(request)
    return render(request, "prioritization/public/gone.html", status=404)


def busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "prioritization/public/busy.html", status=429)
    response["Retry-After"] = RETRY_SECONDS
    return response


# --- A report --------------------------------------------------------------------------------------


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponseBase:
    link = share_links.opened(token)
    if link is None:
        return gone(request)
    if not let_in(request, link):
        return ask_password(request, link, token)
    if request.method == "POST":
        return redirect("shared:report", token)
    if request.method == "GET":
        share_links.viewed(link)
    found = link.report
    context = {
        "link": link,
        "report": found,
        "letterhead": letterhead_of(found.cycle.client),
        "token": token,
        "ending": file_type(found.kind).ending.upper(),
        "chosen": Choice.from_json(found.choice).name,
    }
    return render(request, "prioritization/public/report.html", context)


@for_anybody
@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Asked anew: the link may have been closed since the page was opened."""
    link = share_links.opened(token)
    if link is None:
        return gone(request)
    if not let_in(request, link):
        return redirect("shared:report", token)
    try:
        content = link.report.file.open("rb")
    except FileNotFoundError:
        return gone(request)
    if request.method == "GET":
        share_links.downloaded(link)
    return FileResponse(
        content,
        as_attachment=True,
        filename=download_name(link.report),
        content_type=file_type(link.report.kind).content_type,
    )


def let_in(request: HttpRequest, link: ShareLink) -> bool:
    """Without a password, or told it within these hours. A new password is asked for again."""
    if not link.password:
        return True
    password, at = request.session.get(mark_of(link)) or ("", 0)
    return bool(password == link.password[-16:] and time.time() - at < share_links.SESSION_SECONDS)


def mark_of(link: ShareLink) -> str:
    return f"share-{link.pk}"


def ask_password(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not limits.passes(TRIES, link.key_hash) or not limits.may_guess(request):
            return busy(request)
        if share_links.is_right(link, form.cleaned_data["password"]):
            request.session[mark_of(link)] = [link.password[-16:], time.time()]
            return redirect("shared:report", token)
        form.add_error("password", _("That is not the password of this link."))
    context = {"form": form, "token": token}
    status = 422 if form.is_bound else 200
    return render(request, "prioritization/public/password.html", context, status=status)


# --- You said, we did ------------------------------------------------------------------------------


@for_anybody
@require_safe
def said_page(request: HttpRequest, token: str) -> HttpResponseBase:
    page = said.opened(token)
    if page is None:
        return gone(request)
    if request.method == "GET":
        said.viewed(page)
    context = {"page": said.told(page.cycle), "said": page, "letterhead": letterhead_of(page.cycle.client)}
    return render(request, "prioritization/public/said.html", context)
