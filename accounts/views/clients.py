"""The companies studied in a workspace, and the workspace's own name."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import logos
from accounts.access import MemberRequest, allow
from accounts.finding import found_in
from accounts.forms import ClientForm, WorkspaceForm
from accounts.models import EDITORS, Client, Role, Workspace
from cyclemap.uploads import is_cut_off


@allow(read=EDITORS)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    found = found_in(request, request.membership.reach(Client), "name", "place")
    return render(request, "accounts/clients.html", {"found": found, "clients": found.page})


def typed_in(request: MemberRequest, instance: Client | None = None) -> ClientForm:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ClientForm(*given, instance=instance, workspace=request.membership.workspace)
    if given and is_cut_off(request):
        form.add_error("logo", _("The upload is larger than the server takes."))
    return form


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def client_new(request: MemberRequest) -> HttpResponse:
    form = typed_in(request)
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
    kept = get_object_or_404(request.membership.reach(Client), pk=client_id)
    form = typed_in(request, client)
    if not form.is_valid():
        context = {"form": form, "name": str(kept), "client": kept}
        return render(request, "accounts/client_form.html", context, status=422 if form.is_bound else 200)
    form.save()
    messages.success(request, saved(client))
    return redirect(request.membership.url("members:clients"))


def saved(client: Client) -> str:
    """With a note where the colour is printed darker than it was chosen."""
    said = _("%(client)s was saved.") % {"client": client}
    if client.accent and client.accent != client.ink:
        return (
            said
            + " "
            + _("%(chosen)s is too light to be read on white: reports use %(used)s, a darker shade of it.")
            % {"chosen": client.accent, "used": client.ink}
        )
    return said


@require_safe
def client_logo(request: MemberRequest, client_id: int) -> HttpResponseBase:
    """The picture, to whoever may see the client; nothing in it may run or load."""
    client = get_object_or_404(request.membership.reach(Client).exclude(logo=""), pk=client_id)
    try:
        content = client.logo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=logos.content_type(client.logo.name))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response


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
