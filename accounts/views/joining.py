"""Where an invitation leads: see who asks, and accept."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import invitations
from accounts.forms import JoinForm
from accounts.models import MemberInvitation, User, Workspace


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """A GET only shows; the button accepts. The key works for the invited address alone."""
    invitation = invitations.find(key)
    if invitation is None or not invitation.is_open:
        return already_in_or_gone(request, invitation)
    if isinstance(request.user, User):
        mine = request.user.email.lower() == invitation.email.lower()
        if mine and request.method == "POST":
            invitations.accept(invitation, request.user)
            return redirect("workspace", invitation.workspace.slug)
        return show(request, invitation, "mine" if mine else "somebody_else")
    if User.objects.filter(email__iexact=invitation.email).exists():
        return show(request, invitation, "log_in")
    return join_as_new(request, invitation)


def join_as_new(request: HttpRequest, invitation: MemberInvitation) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if not form.is_valid():
        return show(request, invitation, "new", form)
    user = invitations.accept_as_new(
        invitation, form.cleaned_data["name"], form.cleaned_data["password"], (get_language() or "")[:2]
    )
    if user is None:
        return already_in_or_gone(request, invitation)
    login(request, user)
    return redirect("workspace", invitation.workspace.slug)


def show(
    request: HttpRequest, invitation: MemberInvitation, case: str, form: JoinForm | None = None
) -> HttpResponse:
    context = {"invitation": invitation, "case": case, "form": form}
    response = render(
        request, "accounts/join.html", context, status=422 if form is not None and form.is_bound else 200
    )
    # The address of this page is a secret: it goes to nobody.
    response["Referrer-Policy"] = "no-referrer"
    return response


def already_in_or_gone(request: HttpRequest, invitation: MemberInvitation | None) -> HttpResponse:
    """Two presses on the button end in the same place; a used, expired or wrong key in a calm page."""
    if invitation and is_member(request.user, invitation.workspace):
        return redirect("workspace", invitation.workspace.slug)
    return render(request, "accounts/join_gone.html", status=410 if invitation else 404)


def is_member(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return isinstance(user, User) and user.memberships.filter(workspace=workspace).exists()
