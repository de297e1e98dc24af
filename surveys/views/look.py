"""The preview: what a customer or a shopper would see now, on a phone or a desk, in each language."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from surveys.instrument import items_of
from surveys.languages import language_among, offered
from surveys.models import Respondent, Survey
from surveys.public_views import render_form
from surveys.visit_views import render_visit

DRAWS = 99


def reached(request: MemberRequest, survey_id: int) -> Survey:
    surveys = request.membership.reach(Survey).select_related("cycle__client")
    return get_object_or_404(surveys, pk=survey_id)


def draw_in(request: MemberRequest) -> int:
    """Whose draw is shown: the first customer's, the second's, ..."""
    told = request.GET.get("draw", "")
    return min(int(told), DRAWS) if told.isascii() and told.isdigit() and len(told) < 4 else 0


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def preview(request: MemberRequest, survey_id: int) -> HttpResponse:
    """Their page alone, in `?lang=` and as drawn for `?draw=`; it cannot be sent."""
    survey = reached(request, survey_id)
    language = request.GET.get("lang", survey.language)
    items = items_of(survey)
    if survey.respondent == Respondent.MYSTERY_SHOPPER:
        return HttpResponse(render_visit(survey, language, items))
    seed = f"preview {draw_in(request)}".encode()
    return HttpResponse(render_form(survey, language, preview=True, items=items, seed=seed))


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def look(request: MemberRequest, survey_id: int) -> HttpResponse:
    """The same in a frame as wide as a phone or a desk, with what can be chosen beside it."""
    survey = reached(request, survey_id)
    draw = draw_in(request)
    context = {
        "cycle": survey.cycle,
        "survey": survey,
        "languages": offered(survey),
        "language": language_among(survey, request.GET.get("lang", "")),
        "is_wide": request.GET.get("on") == "desk",
        "draw": draw,
        "next_draw": (draw + 1) % DRAWS,
    }
    return render(request, "surveys/look.html", context)
