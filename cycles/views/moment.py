"""Moments: add, name, change, move, delete, restore."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles import ordering
from cycles.forms import MomentForm, MomentNameForm, NewMomentForm, PlaceForm
from cycles.hints import names_department
from cycles.models import Moment, Stage
from cycles.views.bench import Bench, Undo, changed, selected_in, show
from cycles.views.reached import number_in, only_of, the_moment, the_stage
from cycles.views.rearranged import can_rearrange, move, rearranged


@require_POST
def moment_add(request: MemberRequest, stage_id: int) -> HttpResponse:
    stage = the_stage(request, stage_id)
    form = NewMomentForm(request.POST)
    if not form.is_valid():
        bench = Bench(selected_in(request), adding=stage.pk, add_form=form)
        return show(request, stage.cycle, bench, "cycles/_list.html", status=422)
    moment = Moment(stage=stage, name=form.cleaned_data["name"], channels=form.channels)
    ordering.insert_moment(moment)
    news = (moment.pk, _("Added: %(moment)s. %(place)s"))
    toast = Undo(department_hint(moment)) if names_department(moment.name) else None
    return changed(
        request,
        stage.cycle,
        Bench(selected_in(request), adding=stage.pk, placed=news, undo=toast, counted=True),
    )


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def moment_edit(request: MemberRequest, moment_id: int) -> HttpResponse:
    moment = the_moment(request, moment_id)
    cycle = moment.stage.cycle
    form = MomentForm(
        request.POST if request.method == "POST" else None, instance=moment, language=cycle.language
    )
    if form.saved():
        said = _("Saved: %(moment)s") % {"moment": moment}
        return changed(request, cycle, Bench(moment.pk, live=said))
    bench = Bench(moment.pk, panel="moment_form", more={"form": form})
    return show(request, cycle, bench, "cycles/_panel.html", status=form.status)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def moment_name(request: MemberRequest, moment_id: int) -> HttpResponse:
    """The name alone, edited where it stands in the list."""
    moment = the_moment(request, moment_id)
    cycle = moment.stage.cycle
    form = MomentNameForm(
        request.POST if request.method == "POST" else None,
        instance=moment,
        auto_id=f"id_%s_{moment.pk}",
    )
    if form.saved():
        toast = Undo(department_hint(moment)) if names_department(str(moment)) else None
        said = _("Saved: %(moment)s") % {"moment": moment}
        return changed(request, cycle, Bench(selected_in(request), focus=moment.pk, live=said, undo=toast))
    bench = Bench(selected_in(request), renaming=(moment.pk, form))
    return show(request, cycle, bench, "cycles/_list.html", status=form.status)


@require_POST
def moment_move(request: MemberRequest, moment_id: int) -> HttpResponse:
    """Up or down by one (`to`), or to a stage and a position counted from 1."""
    moment = the_moment(request, moment_id)
    cycle = moment.stage.cycle
    only_of(Stage.everywhere.filter(cycle=cycle), request.POST.getlist("stage"))
    form = PlaceForm(request.POST, cycle=cycle)
    if not form.is_valid():
        bench = Bench(moment.pk, more={"place_errors": form.errors})
        return show(request, cycle, bench, "cycles/_panel.html", status=422)
    if (places := move(cycle, moment, form)) and can_rearrange(request):
        return rearranged(request, cycle, moment, places)
    selected = selected_in(request) if request.htmx else moment.pk
    return changed(request, cycle, Bench(selected, placed=(moment.pk, "%(moment)s: %(place)s")), told=True)


@require_POST
def moment_delete(request: MemberRequest, moment_id: int) -> HttpResponse:
    moment = the_moment(request, moment_id)
    cycle = moment.stage.cycle
    place = ordering.remove_moment(moment)
    said = _("“%(moment)s” is in the bin.") % {"moment": moment}
    undo = Undo(said, request.membership.url("cycles:moment_restore", moment.pk), place)
    selected = selected_in(request)
    bench = Bench(
        None if selected == moment.pk else selected, undo=undo, more={"deleted": moment.pk}, counted=True
    )
    return changed(request, cycle, bench)


@require_POST
def moment_restore(request: MemberRequest, moment_id: int) -> HttpResponse:
    moment = the_moment(request, moment_id, binned=True)
    ordering.restore_moment(moment, number_in(request.POST, "position"))
    said = _("“%(moment)s” is back.") % {"moment": moment}
    return changed(request, moment.stage.cycle, Bench(moment.pk, undo=Undo(said), counted=True))


def department_hint(moment: Moment) -> str:
    return _("“%(moment)s” sounds like a department. What does the customer do there?") % {"moment": moment}
