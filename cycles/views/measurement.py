"""The page of one service level or indicator, and its results: typed in, corrected, deleted."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from cycles.agreements import period_name
from cycles.felt import Felt, line_of
from cycles.measured_page import measured_page
from cycles.models import Measurement, ServiceLevel
from cycles.outline import outline_of
from cycles.recording import AlreadyThereError, bring_back, of, record
from cycles.result_forms import CorrectionForm, ResultForm
from cycles.results import Thing
from cycles.service_levels import settle
from cycles.views.agreed import the_indicator, the_level, the_measurement
from cycles.views.bench import Undo
from cycles.views.reached import number_in

PAGE, FRAGMENT = "cycles/measured.html", "cycles/_measured.html"


def show_measured(request: MemberRequest, thing: Thing, status: int = 200, **more: Any) -> HttpResponse:
    cycle = thing.cycle
    page = measured_page(cycle, thing, everything="all" in request.GET)
    initial = {"period": page.next_period}
    context = {
        "cycle": cycle,
        "thing": thing,
        "m": page,
        "felt": felt_of(thing, page.standing),
        "form": ResultForm(thing=thing, today=timezone.localdate(), initial=initial),
        "may_edit": request.membership.is_editor,
        "tab": "levels" if page.is_level else "indicators",
        "undo": undo_in(request, thing),
        **address_of(request, thing),
        **more,
    }
    return page_or_fragment(request, PAGE, FRAGMENT, context, status)


def address_of(request: MemberRequest, thing: Thing) -> dict[str, str]:
    url = request.membership.url
    if isinstance(thing, ServiceLevel):
        names = ("cycles:level", "cycles:level_edit", "cycles:level_delete", "cycles:level_result")
        back = url("cycles:service_levels", thing.cycle_id)
    else:
        names = (
            "cycles:indicator",
            "cycles:indicator_edit",
            "cycles:indicator_delete",
            "cycles:indicator_result",
        )
        back = url("cycles:indicators", thing.cycle_id)
    keys = ("page_url", "edit_url", "delete_url", "add_url")
    return {key: url(name, thing.pk) for key, name in zip(keys, names, strict=True)} | {"back_url": back}


def felt_of(thing: Thing, standing: Any) -> Felt | None:
    """What customers think of the moment, beside what was measured."""
    if standing is None or thing.moment_id is None:
        return None
    outline = outline_of(thing.cycle, thing.cycle.scores)
    entry = outline.entry(thing.moment_id)
    known = entry and entry.satisfaction is not None and entry.score and entry.score.enough
    return Felt(standing, entry, line_of(outline)) if entry and known else None


# --- Changes -------------------------------------------------------------------------------------


@require_POST
def level_result(request: MemberRequest, level_id: int) -> HttpResponse:
    return add(request, the_level(request, level_id))


@require_POST
def indicator_result(request: MemberRequest, indicator_id: int) -> HttpResponse:
    return add(request, the_indicator(request, indicator_id))


def add(request: MemberRequest, thing: Thing) -> HttpResponse:
    """One result more; the same twice is one."""
    form = ResultForm(request.POST, thing=thing, today=timezone.localdate())
    if thing.clock:
        form.add_error(None, _("The cases make these results; nothing is typed in."))
    if not form.is_valid():
        return show_measured(request, thing, 422, form=form)
    data = form.cleaned_data
    try:
        made = record(thing, data["period"], data["value"], data["note"])
    except AlreadyThereError as error:
        form.refuse(error.known)
        return show_measured(request, thing, 422, form=form)
    said = _("Added: %(period)s") % {"period": period_name(made.day, thing.every)}
    return changed(request, thing, live=said)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def measurement_edit(request: MemberRequest, measurement_id: int) -> HttpResponse:
    found = the_measurement(request, measurement_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, instance=found)
    if form.saved():
        said = _("Corrected: %(period)s") % {"period": period_name(found.day, found.thing.every)}
        return changed(request, found.thing, live=said)
    return show_measured(request, found.thing, form.status, edit_form=form, edited=found.pk)


@require_POST
def measurement_delete(request: MemberRequest, measurement_id: int) -> HttpResponse:
    found = the_measurement(request, measurement_id, binned=True)
    if found.deleted_at is None:
        found.deleted_at = timezone.now()
        found.save(update_fields=["deleted_at"])
    return changed(request, found.thing, undo=undo_of(request, found), query=f"?deleted={found.pk}")


@require_POST
def measurement_restore(request: MemberRequest, measurement_id: int) -> HttpResponse:
    found = the_measurement(request, measurement_id, binned=True)
    period = {"period": period_name(found.day, found.thing.every)}
    try:
        bring_back(found)
    except AlreadyThereError:
        undo = Undo(_("%(period)s has another result by now.") % period)
        return show_measured(request, found.thing, 422, undo=undo, news=True)
    return changed(request, found.thing, undo=Undo(_("The result of %(period)s is back.") % period))


def changed(
    request: MemberRequest, thing: Thing, *, live: str = "", undo: Undo | None = None, query: str = ""
) -> HttpResponse:
    thing.cycle.touch()
    settle(thing.cycle)
    if not request.htmx:
        return HttpResponseRedirect(address_of(request, thing)["page_url"] + query)
    return show_measured(request, thing, live=live, undo=undo, news=True)


def undo_of(request: MemberRequest, found: Measurement) -> Undo:
    url = request.membership.url("cycles:measurement_restore", found.pk)
    said = {"period": period_name(found.day, found.thing.every)}
    return Undo(_("The result of %(period)s is in the bin.") % said, url)


def undo_in(request: MemberRequest, thing: Thing) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    if not gone or not request.membership.is_editor:
        return None
    found = Measurement.objects.filter(pk=gone, deleted_at__isnull=False, **of(thing)).first()
    return undo_of(request, found) if found else None
