"""What a mystery shopper sees at the link of a visit: a plain form, without account, cookie or script."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation

from cyclemap.uploads import is_cut_off
from surveys import limits, links, page_marks
from surveys.answers import clean_text
from surveys.form_page import day
from surveys.languages import language_among, offered
from surveys.models import Item, Survey, Visit, VisitPhoto, Wave
from surveys.public_pages import (
    answer,
    busy,
    drawn,
    for_customers,
    is_from_our_page,
    not_open,
    notice,
    wrong_link,
)
from surveys.visits import filing
from surveys.visits.form import Reading, cards, kept_fields, read
from surveys.visits.photos import PhotoError, keep_photo, remove_photo
from surveys.visits.wording import visit_words
from surveys.wording import Words


@for_customers
def visit(request: HttpRequest, token: str) -> HttpResponse:
    visit = links.visit_for(token)
    if visit is None:
        return wrong_link(request)
    survey = visit.wave.survey
    say = visit_words(survey, language_among(survey, request.GET.get("lang", "")))
    if visit.revoked_at:
        return notice(say, survey, "revoked", status=410)
    if not visit.is_planned:
        status = 409 if request.method == "POST" else 200
        return notice(say, survey, "visit_done", is_done=True, status=status)
    refusal = not_open(say, visit.wave)
    if refusal is not None or request.method != "POST":
        return refusal or _draw(visit, say, visit.draft, notice=say["welcome_back"] if visit.draft else "")
    if not is_from_our_page(request):
        return notice(say, survey, "elsewhere", status=403)
    if not limits.may_send(request, token):
        return busy(say, survey.brand)
    return _take(request, visit, say)


def _take(request: HttpRequest, visit: Visit, say: Words) -> HttpResponse:
    """A button of the form was pressed: another language, a photo, save, send."""
    items = filing.items_of(visit)
    typed = kept_fields(items, dict(request.POST.lists()))
    is_ours = page_marks.is_visit_mark(visit, request.POST.get("page", ""))
    if "switch" in request.POST:
        return _draw(visit, say, typed)
    if not is_ours:
        return _draw(visit, say, typed, fault=say["open_too_long"], status=422)
    faults = _photos(request, visit, items, say)
    # Enter in a field presses no button: it saves, it does not send.
    if faults or "send" not in request.POST:
        return _save(request, visit, say, typed, faults)
    everything = {name: values[-1] for name, values in request.POST.lists() if values}
    reading = read(items, everything, visit.wave.survey.scale_max, say)
    if not reading.scores and not any(not fault.is_gap for fault in reading.faults):
        return _draw(visit, say, typed, fault=say["visit_nothing"], status=422)
    left_blank = request.POST.get("as_is") == "1" and reading.only_gaps
    if reading.faults and not left_blank:
        return _draw(visit, say, typed, reading, status=422)
    if not filing.file(visit, reading):
        return notice(say, visit.wave.survey, "visit_done", is_done=True, status=409)
    return notice(say, visit.wave.survey, "visit_thanks", is_done=True)


def _save(
    request: HttpRequest, visit: Visit, say: Words, typed: dict[str, str], faults: Sequence[str]
) -> HttpResponse:
    """Half filled in, it is kept; a photo that was not taken does not cost what was typed."""
    if not filing.keep_draft(visit, typed):
        return notice(say, visit.wave.survey, "visit_done", is_done=True, status=409)
    if "quietly" in request.POST:
        return HttpResponse(status=204)
    if faults:
        return _draw(visit, say, typed, fault=" ".join(faults), status=422)
    if "photos" in request.POST or "remove" in request.POST or request.FILES:
        return HttpResponseRedirect(f"?lang={say.language}#photos")
    back = f"?lang={say.language}#f"
    return notice(say, visit.wave.survey, "saved", back=back, back_label=say["go_on"])


def _photos(request: HttpRequest, visit: Visit, items: Sequence[Item], say: Words) -> list[str]:
    """Those that came with the form, and one to be taken away; what is wrong with any of them."""
    if is_cut_off(request):
        return [say["visit_cut_off"]]
    gone = request.POST.get("remove", "")
    if gone.isascii() and gone.isdigit():
        for photo in VisitPhoto.objects.filter(visit=visit, pk=int(gone[:18])):
            remove_photo(photo)
    faults = []
    number = clean_text(request.POST.get("photo_of", ""))
    item = next((item for n, item in enumerate(items, 1) if str(n) == number), None)
    with translation.override(say.language):
        for file in request.FILES.getlist("photo"):
            try:
                keep_photo(visit, file, item)
            except PhotoError as error:
                faults.append(str(error))
    return faults


def render_visit(survey: Survey, language: str, items: Sequence[Item]) -> bytes:
    """The page as a mystery shopper would see it, to be looked at: it cannot be sent.

    Without a visit yet, it is one of today to where the survey says that it comes from.
    """
    say = visit_words(survey, language_among(survey, language))
    visit = Visit(wave=Wave(survey=survey), place=survey.brand, day=timezone.localdate())
    asked = [item for item in items if not item.is_requirement]
    return _page(visit, say, _asked(visit, say, asked, {}) | {"is_preview": True})


def _asked(
    visit: Visit, say: Words, items: Sequence[Item], typed: dict[str, str], reading: Reading | None = None
) -> dict[str, object]:
    return {
        "title": say.say("visit_title", place=visit.place),
        "visit": visit,
        "on": say.say("visit_day", date=day(visit.day, say.language)),
        "cards": cards(items, typed, reading, visit.wave.survey.scale_max, say),
        "total": len(items),
        "items": [(n, item.text(say.language)) for n, item in enumerate(items, 1)],
        "typed": typed,
    }


def _page(visit: Visit, say: Words, context: dict[str, object]) -> bytes:
    survey = visit.wave.survey
    others = tuple((code, name) for code, name in offered(survey) if code != say.language)
    return drawn("surveys/public/visit.html", say, survey.brand, others, context)


def _draw(
    visit: Visit,
    say: Words,
    typed: dict[str, str],
    reading: Reading | None = None,
    *,
    notice: str = "",
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    missing = sum(one.is_gap for one in reading.faults) if reading else 0
    context = _asked(visit, say, filing.items_of(visit), typed, reading) | {
        "switch_sends": True,
        "errors": {one.anchor: one.message for one in reading.faults} if reading else {},
        "faults": [(one, say.say("go_to", question=one.question)) for one in reading.faults[:40]]
        if reading
        else [],
        "missing": say.count("missing", missing) if missing else "",
        "only_gaps": bool(reading and reading.only_gaps),
        "notice": notice,
        "fault": fault,
        "mark": page_marks.visit_mark(visit),
        "photos": [
            (photo, say.say("visit_photo_n", n=n), say.say("visit_photo_remove", n=n))
            for n, photo in enumerate(visit.photos.all(), 1)
        ],
    }
    return answer(_page(visit, say, context), say, status)
