"""People: the way in, one's own account, the members of a workspace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User


def home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    membership = request.user.memberships.select_related("workspace").first()
    if membership is None:
        return render(request, "accounts/no_workspace.html")
    return redirect("workspace", membership.workspace.slug)


def profile(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/profile.html")
