"""One mystery visit: read, changed, filled in from paper, reviewed, its link and its photos."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.uploads import is_cut_off
from surveys import links
from surveys.languages import language_among
from surveys.models import SurveyStatus, Visit, VisitPhoto, VisitState
from surveys.visits import filing, planning
from surveys.visits.form import Reading, as_typed, cards, read
from surveys.visits.forms import VisitForm
from surveys.visits.hidden import Told, visits_for
from surveys.visits.listing import missing_words, moments_of
from surveys.visits.photos import PhotoError, keep_photo, remove_photo
from surveys.visits.wording import visit_words


def visit_or_404(request: MemberRequest, visit_id: int) -> Visit:
    return get_object_or_404(visits_for(request.membership), pk=visit_id)


def base(request: MemberRequest, visit: Visit) -> dict[str, Any]:
    survey = visit.wave.survey
    is_editor = request.membership.is_editor
    return {
        "cycle": survey.cycle,
        "survey": survey,
        "wave": visit.wave,
        "visit": visit,
        "told": Told(visit, is_editor),
        "is_editor": is_editor,
        "may_fill": is_editor and why_not_filled(visit) == "",
    }


def shown(request: MemberRequest, visit: Visit, form: VisitForm | None = None) -> HttpResponse:
    """With a form that was refused: 422, what was typed standing in it and not in the visit."""
    context = base(request, visit) | {
        "photos": visit.photos.select_related("item"),
        "moments": moments_of(visit),
        "missing": missing_words(),
    }
    if request.membership.is_editor:
        hands_out = visit.is_planned and visit.revoked_at is None
        context |= {
            "form": form or VisitForm(instance=visit, wave=visit.wave),
            "link": links.visit_url(visit) if hands_out else "",
            "letter": planning.letter(visit) if hands_out else "",
        }
    return render(request, "surveys/visits/visit.html", context, status=422 if form else 200)


def back(request: MemberRequest, visit: Visit) -> HttpResponse:
    return HttpResponseRedirect(request.membership.url("surveys:visit", visit.pk))


@require_safe
def visit(request: MemberRequest, visit_id: int) -> HttpResponse:
    return shown(request, visit_or_404(request, visit_id))


@require_POST
def change(request: MemberRequest, visit_id: int) -> HttpResponse:
    visit = visit_or_404(request, visit_id)
    form = VisitForm(request.POST, instance=visit, wave=visit.wave)
    if not form.is_valid():
        return shown(request, visit_or_404(request, visit_id), form)
    visit = form.save(commit=False)
    planning.hand_over(visit, form.shopper())
    visit.save(update_fields=["place", "day", "scenario", "shopper", "notes"])
    messages.success(request, _("Visit saved."))
    return back(request, visit)


def why_not_filled(visit: Visit) -> str:
    """Why nothing can be typed in, as a sentence; empty where it can."""
    if visit.wave.survey.frozen_at is None:
        return _("Open the survey first: until then the moments it asks about may still change.")
    if visit.wave.status == SurveyStatus.CLOSED:
        return _("This wave is closed.")
    if visit.state == VisitState.REVIEWED:
        return _("The visit was reviewed. Take the review back to correct it.")
    return ""


@allow(read=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: MemberRequest, visit_id: int) -> HttpResponse:
    """What a shopper wrote on paper, typed in; or a correction of what came by the link."""
    visit = visit_or_404(request, visit_id)
    items, survey = filing.items_of(visit), visit.wave.survey
    say = visit_words(survey, language_among(survey, get_language() or ""))
    if request.method != "POST":
        scores = filing.scores_of(visit)
        known = as_typed(items, scores, visit.arrived_at, visit.left_at, visit.notes)
        return sheet(request, visit, {**visit.draft, **known})
    typed = {name: str(value).replace("\0", "") for name, value in request.POST.items()}
    reading = read(items, typed, survey.scale_max, say)
    # Paper has gaps that nobody can fill any more.
    reading.faults = [fault for fault in reading.faults if not fault.is_gap]
    refused = why_not_filled(visit) or ("" if reading.scores else say["visit_nothing"])
    if refused or reading.faults:
        return sheet(request, visit, typed, reading, refused)
    if not filing.file(visit, reading, again=True):
        return sheet(request, visit, typed, reading, why_not_filled(visit_or_404(request, visit_id)))
    messages.success(request, _("Visit filled in."))
    return back(request, visit)


def sheet(
    request: MemberRequest,
    visit: Visit,
    typed: dict[str, str],
    reading: Reading | None = None,
    fault: str = "",
) -> HttpResponse:
    survey = visit.wave.survey
    say = visit_words(survey, language_among(survey, get_language() or ""))
    context = base(request, visit) | {
        "cards": cards(filing.items_of(visit), typed, reading, survey.scale_max, say),
        "typed": typed,
        "fault": fault or ("" if reading else why_not_filled(visit)),
        "errors": {f.anchor: f.message for f in reading.faults} if reading else {},
        "words": say,
    }
    return render(request, "surveys/visits/sheet.html", context, status=422 if reading else 200)


@require_POST
def review(request: MemberRequest, visit_id: int) -> HttpResponse:
    visit = visit_or_404(request, visit_id)
    if filing.review(visit):
        messages.success(request, _("Reviewed. It no longer changes."))
    return back(request, visit)


@require_POST
def unreview(request: MemberRequest, visit_id: int) -> HttpResponse:
    visit = visit_or_404(request, visit_id)
    if filing.unreview(visit):
        messages.success(request, _("The review is taken back."))
    return back(request, visit)


@require_POST
def renew(request: MemberRequest, visit_id: int) -> HttpResponse:
    """Another link; the old one no longer works. What was half filled in stays."""
    visit = visit_or_404(request, visit_id)
    if visit.is_planned:
        planning.with_link(visit).save(update_fields=["nonce", "key_version", "revoked_at"])
        messages.success(request, _("The visit has a new link. The old one no longer works."))
    return back(request, visit)


@require_POST
def delete(request: MemberRequest, visit_id: int) -> HttpResponse:
    """With its scores and its photos; asked for twice it is gone once."""
    visit = visit_or_404(request, visit_id)
    for photo in visit.photos.all():
        remove_photo(photo)
    visit.delete()
    messages.success(request, _("The visit is deleted."))
    return HttpResponseRedirect(request.membership.url("surveys:visits", visit.wave_id))


# --- Photos ------------------------------------------------------------------------------------------


def photo_or_404(request: MemberRequest, photo_id: int) -> VisitPhoto:
    """Of a visit that this member may know of."""
    return get_object_or_404(
        VisitPhoto.objects.filter(visit__in=visits_for(request.membership)).select_related("visit"),
        pk=photo_id,
    )


@require_safe
def photo(request: MemberRequest, photo_id: int) -> HttpResponseBase:
    found = photo_or_404(request, photo_id)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=found.content_type)
    # Whatever it is called on disk or was called on a phone.
    ending = found.content_type.rpartition("/")[2]
    response["Content-Disposition"] = f'inline; filename="visit-{found.visit_id}-{found.pk}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def photo_add(request: MemberRequest, visit_id: int) -> HttpResponse:
    visit = visit_or_404(request, visit_id)
    faults = [_("The upload is larger than the server takes.")] if is_cut_off(request) else []
    files = request.FILES.getlist("photo")
    for file in files:
        try:
            keep_photo(visit, file)
        except PhotoError as error:
            faults.append(str(error))
    if not files and not faults:
        faults = [_("Choose a photo.")]
    for fault in faults:
        messages.error(request, fault)
    return back(request, visit)


@require_POST
def photo_remove(request: MemberRequest, photo_id: int) -> HttpResponse:
    found = photo_or_404(request, photo_id)
    remove_photo(found)
    messages.success(request, _("The photo is removed."))
    return back(request, found.visit)
