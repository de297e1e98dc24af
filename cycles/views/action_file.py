"""Files of an action: attach, hand out, delete, restore."""

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Role
from cycles import evidence
from cycles.models import Action, ActionFile
from cycles.views.action import show
from cycles.views.attachment import handed_out, taken
from cycles.views.bench import Undo
from cycles.views.reached import the_action, the_action_file


@allow(write=EDITORS | {Role.MANAGER})
@require_POST
def action_file_add(request: MemberRequest, action_id: int) -> HttpResponse:
    """The managers attach too: the quote they asked for, the photograph of what was done."""
    action = the_action(request, action_id)
    names, faults = taken(request, lambda file: evidence.attach_to_action(action, file))
    live = _("Attached: %(files)s") % {"files": ", ".join(names)} if names else ""
    if names:
        action.plan.cycle.touch()
    if not names or request.htmx or faults:
        return show(request, action, 200 if names else 422, file_faults=faults, live=live)
    return back(request, action)


@require_safe
def action_file(request: MemberRequest, file_id: int) -> HttpResponseBase:
    return handed_out(the_action_file(request, file_id))


@require_POST
def action_file_delete(request: MemberRequest, file_id: int) -> HttpResponse:
    found = the_action_file(request, file_id)
    ActionFile.objects.filter(pk=found.pk, deleted_at=None).update(deleted_at=timezone.now())
    found.action.plan.cycle.touch()
    if not request.htmx:
        return back(request, found.action, f"?deleted_file={found.pk}")
    url = request.membership.url("cycles:action_file_restore", found.pk)
    undo = Undo(_("“%(file)s” is in the bin.") % {"file": found}, url)
    return show(request, found.action, file_undo=undo)


@require_POST
def action_file_restore(request: MemberRequest, file_id: int) -> HttpResponse:
    found = the_action_file(request, file_id, binned=True)
    ActionFile.objects.filter(pk=found.pk).update(deleted_at=None)
    found.action.plan.cycle.touch()
    if not request.htmx:
        return back(request, found.action)
    return show(request, found.action, live=_("“%(file)s” is back.") % {"file": found})


def back(request: MemberRequest, action: Action, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(request.membership.url("cycles:action", action.pk) + query)
