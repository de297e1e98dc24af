"""The card of a moment: its attributes, each shown and edited where it stands."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles.bench_forms import AttributeForm
from cycles.facts import facts_of
from cycles.models import Moment
from cycles.views.bench import Bench, changed, show
from cycles.views.reached import the_moment


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def moment_attribute(request: MemberRequest, moment_id: int, attribute: str) -> HttpResponse:
    """One attribute: its form in the place of its value, and the value again once it is saved."""
    if attribute not in AttributeForm.names:
        raise Http404
    moment = the_moment(request, moment_id)
    cycle = moment.stage.cycle
    if "shown" in request.GET and request.htmx:
        return answer(request, moment, attribute)
    form = AttributeForm(
        request.POST if request.method == "POST" else None, instance=moment, attribute=attribute
    )
    if form.saved():
        said = _("Saved: %(moment)s") % {"moment": moment}
        if not request.htmx or request.htmx.target == "panel":
            return changed(request, cycle, Bench(moment.pk, live=said))
        cycle.touch()
        return answer(request, moment, attribute, said=said)
    if request.htmx and request.htmx.target != "panel":
        return answer(request, moment, attribute, form, status=form.status)
    bench = Bench(moment.pk, more={"attribute_form": form})
    return show(request, cycle, bench, "cycles/_panel.html", status=form.status)


def answer(
    request: MemberRequest,
    moment: Moment,
    attribute: str,
    form: AttributeForm | None = None,
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "cycle": moment.stage.cycle,
        "moment": moment,
        "fact": facts_of(moment, form)[attribute],
        "may_edit": True,
        "said": said,
        "map_url": request.membership.url("cycles:map", moment.stage.cycle_id),
    }
    return render(request, "cycles/_fact_changed.html", context, status=status)
