"""Comments for the report: chosen and taken out again on the results page."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest
from prioritization.models import QuotedComment
from prioritization.views.results import commented
from surveys.models import Response


@require_POST
@transaction.atomic
def comment_quote(request: MemberRequest, response_id: int) -> HttpResponse:
    answer = commented(request, response_id)
    QuotedComment.objects.get_or_create(response=answer, defaults={"chosen_by": request.user})
    return said(request, answer, _("The comment will be in the report."))


@require_POST
@transaction.atomic
def comment_unquote(request: MemberRequest, response_id: int) -> HttpResponse:
    answer = commented(request, response_id)
    QuotedComment.objects.filter(response=answer).delete()
    return said(request, answer, _("The comment will not be in the report."))


def said(request: MemberRequest, answer: Response, words: str) -> HttpResponse:
    """The comment anew for htmx; else the page it stands on, as it was filtered."""
    if request.htmx:
        fresh = Response.objects.select_related("wave__survey", "quoted").get(pk=answer.pk)
        back = {"query_here": request.POST.get("back", "")}
        context = {"answer": fresh, "chosen": back, "is_editor": True, "just_quoted": True}
        return render(request, "prioritization/results/_comment.html", context)
    messages.success(request, words)
    here = QueryDict(request.POST.get("back", ""))
    url = request.membership.url("prioritization:results", answer.wave.survey.cycle_id)
    return HttpResponseRedirect(f"{url}?{here.urlencode()}#comment-{answer.pk}")
