"""The planner of a sample: everything it reckons with stands in the address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.models import Cycle
from cycles.views.reached import number_in
from prioritization.sampling import PlannerForm, initial, plan
from surveys.models import Contact, Segment, Survey
from surveys.segments import READY, contacts_of


@require_safe
def planner(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle).select_related("client"), pk=cycle_id)
    segments = request.membership.reach(Segment).filter(client=cycle.client, deleted_at=None)
    chosen = segments.filter(pk=number_in(request.GET, "segment") or 0).first()
    people = contacts_of(chosen) if chosen else Contact.objects.filter(client=cycle.client)
    n_people = people.filter(READY).count()
    survey = Survey.objects.filter(cycle=cycle).first()
    told: dict[str, Any] = initial(cycle, survey.scale_max if survey else 5, n_people)
    told |= {name: request.GET[name] for name in PlannerForm.base_fields if name in request.GET}
    form = PlannerForm(told)
    planned = plan(form.cleaned_data) if form.is_valid() else None
    context = {
        "cycle": cycle,
        "form": form,
        "plan": planned,
        # Without any the page says so itself, and customers may come by a link.
        "lacks_people": planned and 0 < n_people < (planned.sample.invitations or 0),
        "segments": segments,
        "segment": chosen,
        "n_people": n_people,
    }
    return render(request, "prioritization/planner.html", context, status=200 if form.is_valid() else 422)
