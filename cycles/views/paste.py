"""A list of moments, pasted: into a stage, all or none; undone all at once."""

from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles import ordering
from cycles.bench_forms import PasteForm
from cycles.models import Moment, Stage
from cycles.views.bench import Bench, Undo, changed, selected_in, show
from cycles.views.reached import number_in, numbers_in, only_of, the_cycle


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def moments_paste(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    only_of(Stage.everywhere.filter(cycle=cycle), request.POST.getlist("stage"))
    form = PasteForm(
        request.POST if request.method == "POST" else None,
        cycle=cycle,
        initial={"stage": number_in(request.GET, "stage")},
    )
    if form.is_valid():
        stage = form.cleaned_data["stage"]
        moments = ordering.insert_moments(stage, form.cleaned_data["lines"])
        n = len(moments)
        said = ngettext("%(n)d moment added to “%(stage)s”.", "%(n)d moments added to “%(stage)s”.", n) % {
            "n": n,
            "stage": stage,
        }
        keys = ",".join(str(moment.pk) for moment in moments)
        url = request.membership.url("cycles:moments_unpaste", cycle.pk)
        bench = Bench(None, adding=stage.pk, undo=Undo(said, url, more={"moments": keys}), counted=True)
        return changed(request, cycle, bench)
    bench = Bench(selected_in(request), panel="paste_form", more={"form": form})
    response = show(request, cycle, bench, "cycles/_panel.html", status=422 if form.is_bound else 200)
    if request.htmx.target == "list":  # pasted into the line of a new moment: the list stays as it is
        response["HX-Retarget"] = "#panel"
    return response


@require_POST
def moments_unpaste(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """What a paste added goes into the bin, as if each had been deleted."""
    cycle = the_cycle(request, cycle_id)
    keys = numbers_in(request.POST.get("moments", ""))
    only_of(Moment.objects.filter(stage__cycle=cycle), map(str, keys))
    n = ordering.remove_moments(cycle, keys)
    said = ngettext("%(n)d moment is in the bin.", "%(n)d moments are in the bin.", n) % {"n": n}
    selected = selected_in(request)
    bench = Bench(None if selected in keys else selected, undo=Undo(said), counted=True)
    return changed(request, cycle, bench)
