"""The blueprint: one page, and one address for each of its cells."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles.blueprint import LANES, LaneForm, cell_row, columns_of, lanes_url
from cycles.models import Cycle, Moment
from cycles.outline import outline_of
from cycles.views.chosen import chosen_in
from cycles.views.reached import the_cycle, the_moment


@require_safe
def blueprint(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return page(request, the_cycle(request, cycle_id))


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def moment_lane(request: MemberRequest, moment_id: int, lane: str) -> HttpResponse:
    """One cell: its form, or what stands in it once that is saved or left."""
    moment = the_moment(request, moment_id)
    if lane not in LANES:
        raise Http404
    cycle = moment.stage.cycle
    form = LaneForm(request.POST if request.method == "POST" else None, instance=moment, lane=lane)
    if form.saved():
        cycle.touch()
        return saved(request, moment, lane)
    if request.htmx and "left" in request.GET:
        return cell(request, moment, lane)
    context = {"form": form, "cell": cell_row(moment, lane, "", False), "cycle": cycle}
    if request.htmx:
        return render(request, "cycles/_blueprint_form.html", context, status=form.status)
    written = render_to_string("cycles/_blueprint_form.html", context, request)
    return page(request, cycle, (moment.pk, lane, written), form.status)


def page(
    request: MemberRequest, cycle: Cycle, open_cell: tuple[int, str, str] | None = None, status: int = 200
) -> HttpResponse:
    """`open_cell`: moment, lane and the form that stands there."""
    chosen = chosen_in(request, cycle, view="blueprint")
    outline = outline_of(cycle, chosen.scores)
    context = {
        "cycle": cycle,
        "chosen": chosen,
        "outline": outline,
        "may_edit": request.membership.is_editor,
        "lanes": LANES.items(),
        "columns": columns_of(
            request.membership, outline, lambda moment: chosen.address(moment, "map"), open_cell
        ),
    }
    response = render(request, "cycles/blueprint.html", context, status=422 if chosen.unknown else status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def saved(request: MemberRequest, moment: Moment, lane: str) -> HttpResponse:
    if request.htmx:
        return cell(request, moment, lane, _("Saved: %(moment)s") % {"moment": moment})
    url = request.membership.url("cycles:blueprint", moment.stage.cycle_id)
    return HttpResponseRedirect(f"{url}#c-{moment.pk}-{lane}")


def cell(request: MemberRequest, moment: Moment, lane: str, news: str = "") -> HttpResponse:
    """As it is read; the keyboard stays in it."""
    row = cell_row(moment, lane, lanes_url(request.membership, moment), request.membership.is_editor)
    context = {"rows": [{**row, "focus": True}], "live": news, "cycle": moment.stage.cycle}
    return render(request, "cycles/_blueprint_saved.html", context)
