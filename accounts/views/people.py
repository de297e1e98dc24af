"""The front door and one's own account."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ProfileForm, WorkspaceForm
from accounts.models import User
from accounts.templatetags.appearance import THEME_COOKIE
from accounts.workspaces import found

YEAR = 31_536_000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the workspace where there is one, to a choice where there are several."""
    assert isinstance(request.user, User)
    memberships = list(
        request.user.memberships.select_related("workspace", "client").order_by("workspace__name")
    )
    if len(memberships) == 1:
        return redirect("workspace", memberships[0].workspace.slug)
    if not memberships:
        return render(request, "accounts/welcome.html", {"form": WorkspaceForm()})
    return render(request, "accounts/workspaces.html", {"memberships": memberships})


@require_http_methods(["GET", "POST"])
def workspace_new(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    if not request.user.may_found:
        raise PermissionDenied
    form = WorkspaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        workspace = found(form.cleaned_data["name"], request.user)
        return redirect("workspace", workspace.slug)
    return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # A copy: a name that fails validation must not show in the header of the page that says so.
    assert isinstance(request.user, User)
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if not form.is_valid():
        memberships = person.memberships.select_related("workspace", "client").order_by("workspace__name")
        context = {"form": form, "memberships": memberships}
        return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)
    person = form.save()
    with translation.override(person.language or translation.get_language()):
        messages.success(request, _("Your account was saved."))
    response = redirect("accounts:profile")
    # For the pages before log-in, on this device.
    remember(response, THEME_COOKIE, person.theme)
    if person.language:
        remember(response, settings.LANGUAGE_COOKIE_NAME, person.language)
    return response


def remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
