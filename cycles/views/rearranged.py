"""The small answer to a move: where everything stands now.

The page has the rows already; `static/js/order.js` puts them into this order, numbers them, and asks for the
wheel once nobody moves any more. Who does not say it can do so gets the whole list, as after any change.
"""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from accounts.access import MemberRequest
from cycles import ordering
from cycles.forms import PlaceForm
from cycles.models import Cycle, Moment
from cycles.ordering import Places


@transaction.atomic
def move(cycle: Cycle, moment: Moment, form: PlaceForm) -> Places:
    """As the form says. The map notices in the same transaction, unless nothing moved."""
    to, stage = form.cleaned_data["to"], form.cleaned_data["stage"]
    if to:
        places = ordering.step_moment(cycle, moment.pk, -1 if to == "up" else 1)
    else:
        position = form.cleaned_data["position"] or 1
        places = ordering.move_moment(cycle, moment.pk, stage.pk, position - 1)
    if places:
        cycle.touch()
    return places


def can_rearrange(request: MemberRequest) -> bool:
    return bool(request.htmx) and "X-Order" in request.headers


def rearranged(request: MemberRequest, cycle: Cycle, moment: Moment, places: Places) -> HttpResponse:
    order = [pk for moments in places.values() for pk in moments]
    context = {
        "cycle": cycle,
        "places": [(stage, " ".join(map(str, moments))) for stage, moments in places.items()],
        "live": f"{moment}: {place_of(order.index(moment.pk) + 1, len(order))}",
    }
    response = render(request, "cycles/_rearranged.html", context)
    return trigger_client_event(reswap(response, "none"), "moments-moved", after="swap")


def place_of(number: int, n: int) -> str:
    return _("Position %(number)d of %(n)d.") % {"number": number, "n": n}
