"""What customers answered, for whoever may see the cycle; the answers one by one for its editors."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle
from prioritization.results import export, files
from prioritization.results.comments import TagError, add_tag, remove_tag, tag_named
from prioritization.results.page import ResultsPage, page_of
from surveys.models import Response, Wave


def context_of(request: MemberRequest, cycle: Cycle, page: ResultsPage) -> dict[str, object]:
    editor = request.membership.is_editor
    filters = page.chosen.filters if page.chosen else None
    return {"cycle": cycle, "page": page, "chosen": page.chosen, "filters": filters, "is_editor": editor}


@require_safe
def results(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The whole page; for htmx the part below the navigation. A filter that makes no sense is 422."""
    cycle = get_object_or_404(request.membership.reach(Cycle).select_related("client"), pk=cycle_id)
    page = page_of(cycle, request.GET)
    return page_or_fragment(
        request,
        "prioritization/results.html",
        "prioritization/results/_results.html",
        context_of(request, cycle, page),
        status=422 if page.has_errors else 200,
    )


# --- Tags of comments ------------------------------------------------------------------------------


@require_POST
@transaction.atomic
def comment_tag(request: MemberRequest, response_id: int) -> HttpResponse:
    answer = commented(request, response_id)
    try:
        add_tag(answer, tag_named(request.POST.get("tag", "")))
    except TagError as error:
        return tagged(request, answer, str(error), request.POST.get("tag", ""))
    return tagged(request, answer)


@require_POST
@transaction.atomic
def comment_untag(request: MemberRequest, response_id: int) -> HttpResponse:
    answer = commented(request, response_id)
    remove_tag(answer, request.POST.get("tag", ""))
    return tagged(request, answer, is_writing=False)


def commented(request: MemberRequest, response_id: int) -> Response:
    """404 for a comment that nobody may read: without a text, or of too few."""
    found = request.membership.reach(Response).select_for_update(of=("self",)).exclude(comment="")
    answer = get_object_or_404(found.select_related("wave__survey__cycle"), pk=response_id)
    enough = Response.objects.filter(wave=answer.wave)[: answer.wave.survey.threshold].count()
    get_object_or_404(Wave, pk=answer.wave_id if enough >= answer.wave.survey.threshold else None)
    return answer


def tagged(
    request: MemberRequest, answer: Response, fault: str = "", typed: str = "", *, is_writing: bool = True
) -> HttpResponse:
    """The comment with its tags for htmx; else the page it stands on, as it was filtered."""
    cycle = answer.wave.survey.cycle
    status = 422 if fault else 200
    if request.htmx:
        back = {"query_here": request.POST.get("back", "")}
        context = {"answer": answer, "tag_fault": fault, "typed": typed, "chosen": back}
        context |= {"is_editor": True, "just_tagged": is_writing, "just_untagged": not is_writing}
        return render(request, "prioritization/results/_comment.html", context, status=status)
    here = QueryDict(request.POST.get("back", ""), mutable=True)
    if fault:
        here["wave"] = str(answer.wave_id)
        page = page_of(cycle, here)
        shown = context_of(request, cycle, page) | {"refused": answer.pk, "tag_fault": fault, "typed": typed}
        return render(request, "prioritization/results.html", shown, status=422)
    messages.success(request, _("Tags saved."))
    url = request.membership.url("prioritization:results", cycle.pk)
    return HttpResponseRedirect(f"{url}?{here.urlencode()}#comment-{answer.pk}")


# --- Files -----------------------------------------------------------------------------------------


@require_safe
@allow(read=EDITORS)
def results_csv(request: MemberRequest, wave_id: int) -> HttpResponseBase:
    """The answers one by one: below the threshold too, so only for who runs the survey."""
    answers = answers_for(request, wave_id)
    return file(files.csv_of(answers), files.CSV, f"{answers.name}.csv")


@require_safe
@allow(read=EDITORS)
def results_xlsx(request: MemberRequest, wave_id: int) -> HttpResponseBase:
    answers = answers_for(request, wave_id)
    return file(files.xlsx_of(answers), files.XLSX, f"{answers.name}.xlsx")


def answers_for(request: MemberRequest, wave_id: int) -> export.Table:
    found = request.membership.reach(Wave).select_related("survey")
    wave = get_object_or_404(found, pk=wave_id)
    whole = request.GET.get("waves") == "all"
    waves = list(wave.survey.waves.all()) if whole else [wave]
    for one in waves:
        one.survey = wave.survey
    return (export.long if request.GET.get("layout") == "long" else export.wide)(waves)


def file(content: files.Pieces, kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
