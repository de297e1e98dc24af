"""The companies studied in a workspace, and the workspace's own name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, allow
from accounts.forms import ClientForm, WorkspaceForm
from accounts.models import EDITORS, Client, Role, Workspace


@allow(read=EDITORS)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/clients.html", {"clients": request.membership.reach(Client)})


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def client_new(request: MemberRequest) -> HttpResponse:
    form = ClientForm(
        request.POST if request.method == "POST" else None, workspace=request.membership.workspace
    )
    if not form.is_valid():
        return render(
            request, "accounts/client_form.html", {"form": form}, status=422 if form.is_bound else 200
        )
    client = form.save()
    messages.success(request, _("%(client)s was added.") % {"client": client})
    return redirect(request.membership.url("members:clients"))


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def client_edit(request: MemberRequest, client_id: int) -> HttpResponse:
    client = get_object_or_404(request.membership.reach(Client), pk=client_id)
    name = str(client)
    form = ClientForm(
        request.POST if request.method == "POST" else None,
        instance=client,
        workspace=request.membership.workspace,
    )
    if not form.is_valid():
        context = {"form": form, "name": name}
        return render(request, "accounts/client_form.html", context, status=422 if form.is_bound else 200)
    form.save()
    messages.success(request, _("%(client)s was saved.") % {"client": client})
    return redirect(request.membership.url("members:clients"))


@allow(read={Role.OWNER}, write={Role.OWNER})
@require_http_methods(["GET", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    # A copy: a name that fails validation must not show in the rest of the page.
    workspace = Workspace.objects.get(pk=request.membership.workspace_id)
    form = WorkspaceForm(request.POST if request.method == "POST" else None, instance=workspace)
    if not form.is_valid():
        return render(request, "accounts/settings.html", {"form": form}, status=422 if form.is_bound else 200)
    form.save()
    messages.success(request, _("The workspace is now called %(name)s.") % {"name": workspace})
    return redirect(request.membership.url("members:settings"))
