"""Files: a cycle leaves as CSV, XLSX, JSON; moments come in from a table, a whole cycle from JSON."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Client
from cyclemap.faults import FileFaultError
from cyclemap.htmx import page_or_fragment
from cyclemap.uploads import is_cut_off
from cycles.client_choice import ClientChoice
from cycles.document import cycle_from
from cycles.exchange import leaving
from cycles.exchange.carried import packed, unpacked
from cycles.exchange.cycle_file import read_document
from cycles.exchange.page import Preview, preview_of
from cycles.exchange.table_file import read_table
from cycles.exchange.writing import MovedOnError, bring_in
from cycles.models import Cycle
from cycles.views.cycle import new_client
from cycles.views.reached import the_cycle

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def files(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return front(request, the_cycle(request, cycle_id))


def front(request: MemberRequest, cycle: Cycle, faults: list[str] | None = None) -> HttpResponse:
    context = {"cycle": cycle, "faults": faults, "may_edit": request.membership.is_editor}
    return render(request, "cycles/files.html", context, status=422 if faults else 200)


# --- Out -----------------------------------------------------------------------------------------


def attached(content: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
def export_csv(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return attached(leaving.as_csv(cycle), "text/csv; charset=utf-8", leaving.file_name(cycle, "csv"))


@require_safe
def export_xlsx(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return attached(leaving.as_workbook(cycle), XLSX, leaving.file_name(cycle, "xlsx"))


@require_safe
def export_json(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return attached(leaving.as_json(cycle), "application/json", leaving.file_name(cycle, "json"))


# --- Moments from a table ------------------------------------------------------------------------


@require_POST
def import_file(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Look at a file: nothing is written."""
    cycle = the_cycle(request, cycle_id)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return front(request, cycle, [missing(request)])
    try:
        table = read_table(file)
    except FileFaultError as error:
        return front(request, cycle, error.lines())
    return show(request, preview_of(cycle, table))


@require_POST
def import_moments(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The columns as chosen: looked at again, or with `import` pressed brought in."""
    cycle = the_cycle(request, cycle_id)
    try:
        table = unpacked("exchange", cycle, request.POST.get("table", ""))
    except signing.BadSignature:
        return front(request, cycle, [_("The file was not carried over. Choose it again.")])
    preview = preview_of(cycle, table, request.POST)
    if "import" not in request.POST or not preview.ready:
        return show(request, preview, status=422 if preview.wrong else 200)
    try:
        n = bring_in(cycle, preview.rows, preview.usual.pk, preview.seen)
    except MovedOnError:
        preview = preview_of(the_cycle(request, cycle_id), table, request.POST, moved=True)
        return show(request, preview, status=409)
    said = ngettext("%(n)d moment was imported.", "%(n)d moments were imported.", n) % {"n": n}
    messages.success(request, said)
    url = request.membership.url("cycles:map", cycle.pk)
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else HttpResponseRedirect(url)


def show(request: MemberRequest, preview: Preview, status: int = 200) -> HttpResponse:
    context = {
        "cycle": preview.cycle,
        "preview": preview,
        "table": packed("exchange", preview.cycle, preview.table),
    }
    return page_or_fragment(
        request, "cycles/import_moments.html", "cycles/_import_moments.html", context, status
    )


def missing(request: MemberRequest) -> str:
    return _("The file is too large.") if is_cut_off(request) else _("Choose a file.")


# --- A whole cycle -------------------------------------------------------------------------------


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def import_cycle(request: MemberRequest) -> HttpResponse:
    clients = request.membership.reach(Client)
    form = ClientChoice(request.POST if request.method == "POST" else None, clients=clients)
    faults: list[str] = []
    if form.is_bound:
        document, faults = document_in(request)
        if form.is_valid() and document:
            client = form.cleaned_data["client"] or new_client(request, form.cleaned_data["new_client"])
            cycle = cycle_from(document, client)
            messages.success(request, _("“%(cycle)s” was imported.") % {"cycle": cycle})
            return HttpResponseRedirect(request.membership.url("cycles:map", cycle.pk))
    context = {"form": form, "faults": faults}
    return render(request, "cycles/import_cycle.html", context, status=422 if form.is_bound else 200)


def document_in(request: MemberRequest) -> tuple[dict[str, Any] | None, list[str]]:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return None, [missing(request)]
    try:
        return read_document(file), []
    except FileFaultError as error:
        return None, error.lines()
