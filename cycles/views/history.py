"""The history of a cycle: read it, and bring a thing back to an earlier state."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from cycles.going_back import NoWayBackError, go_back
from cycles.history import Wanted, authors_of, name_of, page_of
from cycles.history_words import KIND_LABELS, KINDS, SOMEBODY
from cycles.models import Cycle
from cycles.stages import TooManyError
from cycles.views.reached import the_cycle

PAGE, FRAGMENT = "cycles/history.html", "cycles/_history.html"


@require_safe
def history(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return page_or_fragment(request, PAGE, FRAGMENT, context_of(request, cycle))


@require_POST
def history_restore(request: MemberRequest, cycle_id: int, kind: str, entry_id: int) -> HttpResponse:
    """The thing as it was before what this entry tells."""
    cycle = the_cycle(request, cycle_id)
    if kind not in KINDS:
        raise Http404
    rows = request.membership.reach(KINDS[kind].history.model).filter(of_cycle=cycle)
    row = get_object_or_404(rows, pk=entry_id)
    try:
        thing = go_back(cycle, kind, row)
    except NoWayBackError:
        fault = _("There is no earlier state of “%(name)s” to go back to.") % {"name": name_of(row)}
    except TooManyError:
        fault = _("The cycle has as many stages as it can have. Delete one first.")
    else:
        messages.success(request, _("“%(name)s” is as it was before.") % {"name": thing})
        return HttpResponseRedirect(request.membership.url("cycles:history", cycle.pk))
    context = context_of(request, cycle) | {"fault": fault}
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=422)


def context_of(request: MemberRequest, cycle: Cycle) -> dict[str, Any]:
    wanted = Wanted.of(request.GET)
    page = page_of(cycle, wanted)
    return {
        "cycle": cycle,
        "wanted": wanted,
        "page": page,
        "kinds": KIND_LABELS.items(),
        "authors": [(name or SOMEBODY, name or _("Nobody’s name")) for name in authors_of(cycle)],
        "may_edit": request.membership.is_editor,
        "newest": urlencode(wanted.query),
        "older": urlencode({**wanted.query, "before": page.older}) if page.older else "",
    }
