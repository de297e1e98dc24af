"""Lists of contacts: given, looked at column by column, imported; a long one by a worker."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Client
from cyclemap.celery import hint
from cyclemap.htmx import page_or_fragment
from cyclemap.uploads import is_cut_off
from surveys import contact_jobs
from surveys.contact_forms import ContactListForm, MappingForm
from surveys.contact_look import Look
from surveys.contact_table import UnreadableError, too_large
from surveys.models import ContactImport, ListState, Wave
from surveys.tasks import import_contacts
from surveys.views.contacts import client_or_404

LISTED = 20


def list_or_404(request: MemberRequest, list_id: int) -> ContactImport:
    # The page asks again and again: the list itself only where it is looked into.
    found = request.membership.reach(ContactImport).select_related("client", "wave").defer("content")
    return get_object_or_404(found, pk=list_id)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def give(request: MemberRequest, client_id: int) -> HttpResponse:
    """Take a file or a pasted list and show what is in it; nothing is imported yet."""
    client = client_or_404(request, client_id)
    if request.method == "GET":
        return front(request, client, ContactListForm())
    form = ContactListForm(request.POST, request.FILES)
    if is_cut_off(request):
        form.add_error("file", too_large())
    elif form.is_valid():
        try:
            return taken(request, keep(request, client, form))
        except UnreadableError as error:
            form.refuse(str(error))
    return front(request, client, form)


def front(request: MemberRequest, client: Client, form: ContactListForm) -> HttpResponse:
    lists = ContactImport.objects.filter(client=client).defer("content", "looked").select_related("wave")
    context = {"client": client, "form": form, "lists": lists[:LISTED], "tab_here": "import"}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/contacts/give.html", context, status=status)


def keep(
    request: MemberRequest, client: Client, form: ContactListForm, wave: Wave | None = None
) -> ContactImport:
    kept = contact_jobs.keep(client, form.given, form.name, request.user, wave)
    wake(kept)
    return kept


def taken(request: MemberRequest, kept: ContactImport) -> HttpResponse:
    """On to the page of the list, from a page or from a fragment of one."""
    url = request.membership.url("surveys:contact_list", kept.pk)
    return HttpResponseClientRedirect(url) if request.htmx and not request.htmx.boosted else redirect(url)


def wake(kept: ContactImport) -> None:
    if kept.is_live:
        hint(import_contacts)


def answer(
    request: MemberRequest, kept: ContactImport, form: MappingForm | None = None, status: int = 200
) -> HttpResponse:
    """One list as it stands: being read, to be described, being imported, done or refused."""
    look = Look.from_json(kept.looked) if kept.state == ListState.MAPPING and kept.looked else None
    if look is not None and form is None:
        form = MappingForm(look=look, wins=kept.wins)
    context = {
        "client": kept.client,
        "kept": kept,
        "look": look,
        "form": form,
        "is_known": look is not None and contact_jobs.is_known(kept),
        "percent": percent(kept),
        "wins": kept.wins if form is None else str(form["wins"].value() or ""),
        "tab_here": "import",
    }
    return page_or_fragment(
        request, "surveys/contacts/list.html", "surveys/contacts/_list.html", context, status
    )


def percent(kept: ContactImport) -> int:
    rows = kept.looked.get("valid") or kept.looked.get("rows") or 0
    return min(100, 100 * kept.progress // rows) if rows else 0


@allow(read=EDITORS)
@require_safe
def page(request: MemberRequest, list_id: int) -> HttpResponse:
    return answer(request, list_or_404(request, list_id))


@require_POST
def columns(request: MemberRequest, list_id: int) -> HttpResponse:
    """Say what the columns hold and whose value stays; with `import` pressed, import if nothing is open."""
    kept = list_or_404(request, list_id)
    if kept.state != ListState.MAPPING or not kept.looked:
        return moved_on(request, kept)
    form = MappingForm(request.POST, look=Look.from_json(kept.looked))
    if not form.is_valid():
        return answer(request, kept, form, 422)
    kept = contact_jobs.choose(kept, form.mapping, form.wins)
    if "import" in request.POST and contact_jobs.is_ready(kept):
        contact_jobs.begin(kept)
    wake(kept)
    return moved_on(request, kept)


def moved_on(request: MemberRequest, kept: ContactImport) -> HttpResponse:
    if kept.state == ListState.DONE:
        messages.success(request, _("The list was imported."))
    if request.htmx:
        return answer(request, kept)
    return redirect(request.membership.url("surveys:contact_list", kept.pk))


@require_POST
def discard(request: MemberRequest, list_id: int) -> HttpResponse:
    """Forget a list; what was imported from it stays."""
    kept = list_or_404(request, list_id)
    kept.delete()
    messages.success(request, _("The list was thrown away."))
    return redirect(request.membership.url("surveys:contact_lists", kept.client_id))
