"""The cases of a cycle: board, list, one case, one opened by hand. Managers of the client work here too."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, allow
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle, Moment
from surveys.case_forms import FactsForm, moments_of
from surveys.cases import opening
from surveys.cases.answers import answers_of, may_be_shown
from surveys.cases.board import columns_of
from surveys.cases.lines import WORKERS, works_on_cases
from surveys.cases.listing import listing_of
from surveys.cases.owners import owners_of
from surveys.cases.page import page_of
from surveys.cases.proposals import proposals_of
from surveys.models import Case, CaseKind, CaseStatus, Origin, Response

BOARD = ("surveys/cases/cases.html", "surveys/cases/_board.html")
LIST = ("surveys/cases/list.html", "surveys/cases/_list.html")
CASE = ("surveys/cases/case.html", "surveys/cases/_case.html")


def the_cycle(request: MemberRequest, cycle_id: int) -> Cycle:
    return get_object_or_404(request.membership.reach(Cycle).select_related("client"), pk=cycle_id)


def the_case(request: MemberRequest, case_id: int) -> Case:
    found = request.membership.reach(Case).select_related(
        "cycle__client", "moment", "contact", "owner", "response__wave__survey", "follow_up"
    )
    return get_object_or_404(found, pk=case_id)


@require_safe
def board(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return show_board(request, the_cycle(request, cycle_id))


def show_board(request: MemberRequest, cycle: Cycle, status: int = 200, **more: Any) -> HttpResponse:
    now = timezone.now()
    columns = columns_of(cycle, request.membership, now)
    context = {
        "cycle": cycle,
        "columns": columns,
        "any_case": any(column.n for column in columns),
        "proposals": proposals_of(cycle, request.membership, now),
        "statuses": CaseStatus.choices,
        "may_work": works_on_cases(request.membership),
        "is_editor": request.membership.is_editor,
        "tab_here": "board",
        "now": now,
    }
    return page_or_fragment(request, *BOARD, context | more, status=status)


@require_safe
def case_list(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    found = listing_of(cycle, request.membership, request.GET, timezone.now())
    context = {
        "cycle": cycle,
        "found": found,
        "filters": found.filters,
        "kinds": CaseKind.choices,
        "statuses": CaseStatus.choices,
        "moments": moments_of(cycle),
        "owners": owners_of(cycle.client),
        "may_work": works_on_cases(request.membership),
        "is_editor": request.membership.is_editor,
        "tab_here": "list",
    }
    return page_or_fragment(request, *LIST, context)


@require_safe
def case(request: MemberRequest, case_id: int) -> HttpResponse:
    return show_case(request, the_case(request, case_id))


def show_case(request: MemberRequest, found: Case, status: int = 200, **more: Any) -> HttpResponse:
    return page_or_fragment(request, *CASE, page_of(found, request.membership) | more, status=status)


@allow(read=WORKERS, write=WORKERS)
@require_http_methods(["GET", "POST"])
def case_new(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """By hand; from an answer of the results page with `?response=`, which then has one case for ever."""
    cycle = the_cycle(request, cycle_id)
    response = answer_named(request, cycle)
    if response is not None and (known := Case.objects.filter(response=response).first()):
        return redirect(request.membership.url("surveys:case", known.pk))
    initial = {"moment": request.GET.get("moment", ""), "title": request.GET.get("title", "")[:160]}
    data = request.POST if request.method == "POST" else None
    form = FactsForm(data, cycle=cycle, initial=initial)
    if response is not None:
        del form.fields["email"], form.fields["customer"]
    if not form.is_valid():
        context = {"cycle": cycle, "form": form, "response": response}
        context |= {"answers": answers_of(response) if response else None, "tab_here": ""}
        return render(request, "surveys/cases/new.html", context, status=422 if form.is_bound else 200)
    opened = opened_by_hand(request, cycle, form, response)
    said = _("%(code)s is open.") if opened.is_new else _("%(code)s was open already.")
    messages.success(request, said % {"code": opened.case.code})
    return redirect(request.membership.url("surveys:case", opened.case.pk))


@allow(read=WORKERS)
@require_safe
def case_from(request: MemberRequest, response_id: int) -> HttpResponse:
    """From a comment of the results: to its case, or to the form that opens one."""
    found = request.membership.reach(Response).select_related("wave__survey")
    response = get_object_or_404(found, pk=response_id)
    url = request.membership.url("surveys:case_new", response.wave.survey.cycle_id)
    return redirect(f"{url}?response={response.pk}")


def answer_named(request: MemberRequest, cycle: Cycle) -> Response | None:
    told = request.POST.get("response") or request.GET.get("response", "")
    if not told:
        return None
    answers = request.membership.reach(Response).filter(wave__survey__cycle=cycle)
    key = int(told) if told.isascii() and told.isdigit() and len(told) < 18 else 0
    found = get_object_or_404(answers.select_related("wave__survey", "invitation__contact"), pk=key)
    # One answer of few is shown to nobody.
    return get_object_or_404(answers, pk=key if may_be_shown(found) else 0) and found


def opened_by_hand(
    request: MemberRequest, cycle: Cycle, form: FactsForm, response: Response | None
) -> opening.Opened:
    told = form.cleaned_data
    return opening.open_case(
        cycle,
        kind=told["kind"],
        origin=Origin.HAND,
        moment=told["moment"],
        response=response,
        contact=form.contact() if response is None else None,
        title=told["title"],
        description=told["description"],
        by=request.user,
    )


@require_safe
def moment_cases(request: MemberRequest, moment_id: int) -> HttpResponse:
    """The open cases of one moment, for its panel on the map."""
    reached = request.membership.reach(Moment).filter(deleted_at=None).select_related("stage__cycle__client")
    moment = get_object_or_404(reached, pk=moment_id)
    cycle, now = moment.stage.cycle, timezone.now()
    found = listing_of(cycle, request.membership, asked_for(moment), now)
    proposals = proposals_of(cycle, request.membership, now, moment)
    context = {"cycle": cycle, "moment": moment, "found": found, "proposals": proposals}
    context |= {"may_work": works_on_cases(request.membership)}
    return render(request, "surveys/cases/_moment.html", context)


def asked_for(moment: Moment) -> QueryDict:
    return QueryDict(f"status=open&moment={moment.pk}&sort=due")
