"""Results from a table: look at it, say what its columns hold, bring it in."""

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest
from cyclemap.faults import FileFaultError
from cyclemap.htmx import page_or_fragment
from cyclemap.uploads import is_cut_off
from cycles import ordering
from cycles.exchange.carried import packed, unpacked
from cycles.exchange.table_file import Bounds, read_table
from cycles.models import Cycle
from cycles.recording import write
from cycles.results_table import Preview, preview_of
from cycles.service_levels import settle
from cycles.views.reached import the_cycle

PAGE, FRAGMENT = "cycles/results_import.html", "cycles/_results_import.html"
RESULTS = Bounds(
    4000,
    gettext_lazy("At most %d results can be imported at once. Split the file."),
    gettext_lazy("The table holds more text than results can."),
)


@require_POST
def results_file(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Look at a file: nothing is written."""
    cycle = the_cycle(request, cycle_id)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        missing = _("The file is too large.") if is_cut_off(request) else _("Choose a file.")
        return refuse(request, cycle, [missing])
    try:
        table = read_table(file, RESULTS)
    except FileFaultError as error:
        return refuse(request, cycle, error.lines())
    return show(request, preview_of(cycle, table, request.POST, told=False))


@require_POST
def results_import(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The columns as chosen: looked at again, or with `import` pressed brought in."""
    cycle = the_cycle(request, cycle_id)
    try:
        table = unpacked("results", cycle, request.POST.get("table", ""))
    except signing.BadSignature:
        return refuse(request, cycle, [_("The file was not carried over. Choose it again.")])
    preview = preview_of(cycle, table, request.POST, told=True)
    if "import" not in request.POST or not preview.ready:
        return show(request, preview, 422 if preview.wrong else 200)
    with transaction.atomic():
        ordering.lock(cycle.pk)
        if Cycle.objects.filter(pk=cycle.pk, revision=preview.seen).exists():
            return done(request, preview)
    now = preview_of(the_cycle(request, cycle_id), table, request.POST, told=True, moved=True)
    return show(request, now, 409)


def done(request: MemberRequest, preview: Preview) -> HttpResponse:
    """What is there already changes nothing, so the same file twice is once."""
    cycle = preview.cycle
    fresh, corrected = write(cycle, preview.entries)
    if fresh or corrected:
        cycle.touch()
        settle(cycle)
    said = [ngettext("%(n)d result is new.", "%(n)d results are new.", fresh) % {"n": fresh}] if fresh else []
    if corrected:
        said.append(
            ngettext("%(n)d result was corrected.", "%(n)d results were corrected.", corrected)
            % {"n": corrected}
        )
    messages.success(request, " ".join(said) or _("Nothing has changed: all of it was there."))
    url = back_of(request, preview)
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else HttpResponseRedirect(url)


def back_of(request: MemberRequest, preview: Preview) -> str:
    url = request.membership.url
    if preview.thing is None:
        return url("cycles:service_levels", preview.cycle.pk)
    page = "cycles:level" if preview.thing._meta.model_name == "servicelevel" else "cycles:indicator"
    return url(page, preview.thing.pk)


def show(request: MemberRequest, preview: Preview, status: int = 200) -> HttpResponse:
    context = {
        "cycle": preview.cycle,
        "preview": preview,
        "table": packed("results", preview.cycle, preview.table),
        "back_url": back_of(request, preview),
        "tab": "levels",
    }
    return page_or_fragment(request, PAGE, FRAGMENT, context, status)


def refuse(request: MemberRequest, cycle: Cycle, faults: list[str]) -> HttpResponse:
    """The file chosen anew, with why this one cannot be read."""
    context = {"cycle": cycle, "faults": faults, "of": request.POST.get("of", ""), "tab": "levels"}
    context["back_url"] = request.membership.url("cycles:service_levels", cycle.pk)
    return page_or_fragment(request, PAGE, FRAGMENT, context, 422)
