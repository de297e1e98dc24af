"""Mystery visits of a wave: planned and filled in by editors, read by every member of the client.

Who visited is shown to editors alone; see surveys/visits/hidden.py.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from surveys.models import Respondent, Shopper, Wave
from surveys.views.waves import reached
from surveys.visits import planning
from surveys.visits.erasing import erase_shopper
from surveys.visits.export import csv_of
from surveys.visits.forms import PasteForm, VisitForm, WeightsForm
from surveys.visits.listing import found_visits, listed
from surveys.visits.scores import scores_of
from surveys.visits.weights import set_weights, shares, weights_of


def shown(
    request: MemberRequest, wave: Wave, section: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    """The whole page, or for htmx all of it below the heading. A refused form is given in `forms`."""
    survey = wave.survey
    is_editor = request.membership.is_editor
    context = {
        "cycle": survey.cycle,
        "survey": survey,
        "wave": wave,
        "is_editor": is_editor,
        "is_mystery": survey.respondent == Respondent.MYSTERY_SHOPPER,
        "scores": (scores := scores_of(wave)),
        "found": (found := found_visits(request, wave)),
        "weights": shares(weights_of(survey)),
        "rows": listed(request.membership, found.page, scores),
        "section": section,
    }
    if is_editor:
        client = survey.cycle.client
        context |= {
            # Grouping drops the order of the model.
            "shoppers": Shopper.objects.filter(client=client)
            .annotate(n=Count("visits"))
            .order_by("name", "pk"),
            "plan_form": forms.get("plan_form") or VisitForm(wave=wave),
            "paste_form": forms.get("paste_form") or PasteForm(),
            "paste_faults": forms.get("paste_faults", ()),
            "weights_form": forms.get("weights_form") or WeightsForm(survey=survey),
        }
    template = "surveys/visits/_visits.html" if request.htmx else "surveys/visits/visits.html"
    return render(request, template, context, status=status)


def changed(request: MemberRequest, wave: Wave, section: str = "") -> HttpResponse:
    if request.htmx:
        return shown(request, wave, section)
    return HttpResponseRedirect(request.membership.url("surveys:visits", wave.pk))


@require_safe
def index(request: MemberRequest, wave_id: int) -> HttpResponse:
    return shown(request, reached(request, wave_id))


@require_safe
def export(request: MemberRequest, wave_id: int) -> HttpResponse:
    """A row a visit and moment; who went only for editors."""
    wave = reached(request, wave_id)
    response = HttpResponse(csv_of(request.membership, wave), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="visits-{wave.pk}.csv"'
    return response


@require_POST
def plan(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = VisitForm(request.POST, wave=wave)
    if not form.is_valid():
        return shown(request, wave, "plan", 422, plan_form=form)
    visit = form.save(commit=False)
    visit.shopper = form.shopper()
    planning.with_link(visit).save()
    messages.success(request, _("The visit is planned. Its link is in the list."))
    return changed(request, wave, "plan")


@require_POST
def paste(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = PasteForm(request.POST)
    if not form.is_valid():
        return shown(request, wave, "paste", 422, paste_form=form)
    try:
        new = planning.plan_rows(wave, planning.read_rows(form.cleaned_data["rows"]))
    except planning.RowsError as error:
        return shown(request, wave, "paste", 422, paste_form=form, paste_faults=error.faults)
    said = ngettext("%(n)d visit is planned.", "%(n)d visits are planned.", len(new)) % {"n": len(new)}
    messages.success(request, said if new else _("All of these were planned already."))
    return changed(request, wave, "paste")


@require_POST
def weights(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = WeightsForm(request.POST, survey=wave.survey)
    if not form.is_valid():
        return shown(request, wave, "weights", 422, weights_form=form)
    set_weights(wave.survey, form.cleaned_data)
    messages.success(request, _("Weights saved. All scores follow them."))
    return changed(request, wave, "weights")


@require_POST
def shopper_erase(request: MemberRequest, shopper_id: int) -> HttpResponse:
    shopper = get_object_or_404(request.membership.reach(Shopper).select_related("client"), pk=shopper_id)
    n = erase_shopper(shopper)
    said = ngettext(
        "Erased. %(n)d visit no longer says who made it.",
        "Erased. %(n)d visits no longer say who made them.",
        n,
    )
    messages.success(request, said % {"n": n} if n else _("Erased."))
    wave_id = request.POST.get("wave", "")
    waves = request.membership.reach(Wave).filter(survey__cycle__client=shopper.client)
    wave = waves.filter(pk=wave_id).first() if wave_id.isascii() and wave_id.isdigit() else None
    if wave is None:
        return HttpResponseRedirect(request.membership.url("members:clients"))
    return HttpResponseRedirect(request.membership.url("surveys:visits", wave.pk))
