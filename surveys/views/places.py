"""Links and QR codes for a counter, a receipt, a screen: one a place."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.finding import found_in
from accounts.models import EDITORS
from surveys import links, places
from surveys.instrument import items_of
from surveys.languages import language_among, words_of
from surveys.models import OpenLink, Wave
from surveys.place_forms import PlaceForm, PlacesForm
from surveys.questionnaire import questionnaire_of
from surveys.views.waves import reached

SIZES = ("a4", "a6")


def place_or_404(request: MemberRequest, open_link_id: int) -> OpenLink:
    found = request.membership.reach(OpenLink).select_related("wave__survey__cycle__client")
    return get_object_or_404(found, pk=open_link_id)


def answer(
    request: MemberRequest,
    wave: Wave,
    *,
    add_form: PlacesForm | None = None,
    change_form: PlaceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list of the wave's places; for htmx the list alone."""
    found = found_in(request, places.places_of(wave), "place")
    rows = []
    for open_link in found.page:
        is_refused = change_form is not None and change_form.instance.pk == open_link.pk
        form = (
            change_form if is_refused else PlaceForm(instance=open_link, wave=wave, prefix=f"p{open_link.pk}")
        )
        rows.append((open_link, links.open_url(open_link), form, is_refused))
    context = {
        "cycle": wave.survey.cycle,
        "survey": wave.survey,
        "wave": wave,
        "rows": rows,
        "found": found,
        "any_in_use": any(not row[0].revoked_at for row in rows),
        "add_form": add_form or PlacesForm(wave=wave),
    }
    template = "surveys/_places.html" if request.htmx else "surveys/places.html"
    return render(request, template, context, status=status)


def changed(request: MemberRequest, wave: Wave) -> HttpResponse:
    if request.htmx:
        return answer(request, wave)
    here = request.GET.urlencode()
    return HttpResponseRedirect(
        request.membership.url("surveys:places", wave.pk) + (f"?{here}" if here else "")
    )


@allow(read=EDITORS)
@require_safe
def index(request: MemberRequest, wave_id: int) -> HttpResponse:
    return answer(request, reached(request, wave_id))


@require_POST
def add(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = PlacesForm(request.POST, wave=wave)
    if not form.is_valid():
        return answer(request, wave, add_form=form, status=422)
    names = form.cleaned_data["place"]
    places.give_links(wave, names, is_kiosk=form.cleaned_data["is_kiosk"])
    made = ngettext("The link is ready.", "%(n)d links are ready.", len(names)) % {"n": len(names)}
    if form.n_there:
        had = ngettext("%(n)d place had one already.", "%(n)d places had one already.", form.n_there)
        made = f"{made} {had % {'n': form.n_there}}"
    messages.success(request, made)
    return changed(request, wave)


@require_POST
def change(request: MemberRequest, open_link_id: int) -> HttpResponse:
    open_link = place_or_404(request, open_link_id)
    form = PlaceForm(request.POST, instance=open_link, wave=open_link.wave, prefix=f"p{open_link.pk}")
    if not form.is_valid():
        return answer(request, open_link.wave, change_form=form, status=422)
    form.save()
    messages.success(request, _("Place saved."))
    return changed(request, open_link.wave)


@require_POST
def revoke(request: MemberRequest, open_link_id: int) -> HttpResponse:
    open_link = place_or_404(request, open_link_id)
    places.revoke(open_link)
    messages.success(request, _("The link no longer works. Its answers stay."))
    return changed(request, open_link.wave)


@require_POST
def renew(request: MemberRequest, open_link_id: int) -> HttpResponse:
    """Only of a withdrawn link: pressing it twice must not kill the link that was just printed."""
    open_link = place_or_404(request, open_link_id)
    if open_link.revoked_at:
        places.give_link(open_link)
        messages.success(request, _("The place has a new link. Print its code again."))
    return changed(request, open_link.wave)


@allow(read=EDITORS)
@require_safe
def qr_svg(request: MemberRequest, open_link_id: int) -> HttpResponse:
    return picture(request, place_or_404(request, open_link_id), "svg", "image/svg+xml")


@allow(read=EDITORS)
@require_safe
def qr_png(request: MemberRequest, open_link_id: int) -> HttpResponse:
    return picture(request, place_or_404(request, open_link_id), "png", "image/png")


def picture(request: MemberRequest, open_link: OpenLink, kind: str, content_type: str) -> HttpResponse:
    response = HttpResponse(places.qr_code(open_link, kind), content_type=content_type)
    if "download" in request.GET:
        name = slugify(f"qr {open_link.wave.survey.brand} {open_link.place}") or "qr"
        response["Content-Disposition"] = f'attachment; filename="{name[:80]}.{kind}"'
    return response


@allow(read=EDITORS)
@require_safe
def sheet(request: MemberRequest, open_link_id: int) -> HttpResponse:
    """For the counter."""
    open_link = place_or_404(request, open_link_id)
    return printed(request, open_link.wave, [open_link])


@allow(read=EDITORS)
@require_safe
def sheets(request: MemberRequest, wave_id: int) -> HttpResponse:
    """One for each place in use, on whatever page of the list; of those found, where it is searched."""
    wave = reached(request, wave_id)
    found = found_in(request, places.places_of(wave).filter(revoked_at=None), "place")
    return printed(request, wave, list(found.page.paginator.object_list))


def printed(request: MemberRequest, wave: Wave, open_links: list[OpenLink]) -> HttpResponse:
    """In the survey's language and its form of address; `?size=a6` for small ones."""
    survey = wave.survey
    asked = questionnaire_of(survey, None if survey.frozen_at else items_of(survey))
    say = words_of(survey, language_among(survey, request.GET.get("lang", "")))
    told = request.GET.get("size", "")
    context = {
        "wave": wave,
        "name": open_links[0].place if len(open_links) == 1 else str(survey),
        "sheets": [(open_link, links.open_url(open_link)) for open_link in open_links],
        "words": say,
        "title": say.say("title", brand=survey.brand),
        "effort": say.say(
            "sheet_effort",
            questions=say.count("questions", asked.length),
            minutes=say.count("minutes", asked.minutes),
        ),
        "size": told if told in SIZES else SIZES[0],
        "sizes": SIZES,
        "languages": asked.languages,
    }
    return render(request, "surveys/place_sheet.html", context)
