"""You said, we did: the consultant writes, looks at and opens the page that customers see."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles.models import Action, Cycle
from prioritization import said
from prioritization.handing_forms import SaidPageForm
from prioritization.letterhead import letterhead_of
from prioritization.models import SaidPage, SaidQuote
from prioritization.views.reports import cycle_or_404


def show(
    request: MemberRequest, cycle: Cycle, form: SaidPageForm | None = None, status: int = 200
) -> HttpResponse:
    """With the page as it would be seen: nothing is published that was not looked at."""
    known = SaidPage.objects.filter(cycle=cycle).select_related("published_by").first()
    page = known or SaidPage(cycle=cycle)
    context = {
        "cycle": cycle,
        "said": page,
        "page": said.told(cycle),
        "waiting": said.waiting(cycle),
        "address": said.address_of(page) if page.published_at else "",
        "form": form or SaidPageForm(instance=page),
        "letterhead": letterhead_of(cycle.client),
    }
    return render(request, "prioritization/said.html", context, status=status)


def back(request: MemberRequest, cycle: Cycle) -> HttpResponse:
    return redirect(request.membership.url("prioritization:said", cycle.pk))


@allow(read=EDITORS)
@require_safe
def said_index(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return show(request, cycle_or_404(request, cycle_id))


@require_POST
def said_intro(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    form = SaidPageForm(request.POST, instance=said.page_of(cycle))
    if not form.is_valid():
        return show(request, cycle, form, status=422)
    form.save()
    messages.success(request, _("The words at the top were saved."))
    return back(request, cycle)


@require_POST
def said_publish(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    if said.told(cycle):
        said.publish(said.page_of(cycle), request.user)
        messages.success(request, _("The page is open to whoever has its link."))
    else:
        messages.error(request, _("Nothing is on the page yet: no action is done and marked for customers."))
    return back(request, cycle)


@require_POST
def said_close(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    said.close(said.page_of(cycle))
    messages.success(request, _("The page is closed: its link leads nowhere any more."))
    return back(request, cycle)


# --- Quotes ----------------------------------------------------------------------------------------


def action_or_404(request: MemberRequest, action_id: int) -> Action:
    found = request.membership.reach(Action).select_related("plan__cycle__client")
    return get_object_or_404(found, pk=action_id, deleted_at=None)


def show_quotes(request: MemberRequest, action: Action, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "cycle": action.plan.cycle,
        "action": action,
        "quotes": action.quotes.select_related("response", "agreed_by"),  # type: ignore[attr-defined]
        "offered": said.offered(action),
        "error": error,
    }
    return render(request, "prioritization/said_quotes.html", context, status=status)


@allow(read=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def said_quotes(request: MemberRequest, action_id: int) -> HttpResponse:
    """A comment is quoted only where somebody vouches that its customer agreed."""
    action = action_or_404(request, action_id)
    if request.method != "POST":
        return show_quotes(request, action)
    told = request.POST.get("response", "")
    chosen = next((one for one in said.offered(action) if str(one.pk) == told), None)
    if chosen is None:
        return show_quotes(request, action, _("Choose one of the comments."), 422)
    if request.POST.get("agreed") != "1":
        return show_quotes(request, action, _("Without the customer's consent it cannot be quoted."), 422)
    said.quote(action, chosen, request.user)
    messages.success(request, _("The comment is quoted beside the action."))
    return redirect(request.membership.url("prioritization:said_quotes", action.pk))


@require_POST
def said_unquote(request: MemberRequest, quote_id: int) -> HttpResponse:
    found = request.membership.reach(SaidQuote).select_related("action")
    quote = get_object_or_404(found, pk=quote_id)
    quote.delete()
    messages.success(request, _("The comment is not quoted any more."))
    return redirect(request.membership.url("prioritization:said_quotes", quote.action_id))
