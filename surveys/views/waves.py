"""Waves: the page of each, opening, closing, asking once more, the funnel that refreshes itself."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from surveys import campaigns, instrument
from surveys.forms import WaveForm
from surveys.models import Survey, Wave
from surveys.views import page


def reached(request: MemberRequest, wave_id: int) -> Wave:
    waves = request.membership.reach(Wave).select_related("survey__cycle__client")
    return get_object_or_404(waves, pk=wave_id)


@require_safe
def wave(request: MemberRequest, wave_id: int) -> HttpResponse:
    """The page of one wave; searching and paging its recipients shares the address."""
    wave = reached(request, wave_id)
    asks_list = request.htmx and request.htmx.target == "recipient-list"
    context = (
        page.base(request, wave) | page.list_section(request, wave)
        if asks_list
        else page.whole(request, wave)
    )
    return page_or_fragment(request, "surveys/survey.html", "surveys/_recipient_list.html", context)


@require_POST
def change(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = WaveForm(request.POST, instance=wave)
    if not form.is_valid():
        return page.answer(request, wave, "settings", 422, wave_form=form)
    form.save()
    messages.success(request, _("Wave saved."))
    return page.answer(request, wave, "settings")


@require_POST
def open_wave(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    try:
        instrument.open_wave(wave)
    except instrument.NotOpenableError as error:
        return page.answer(request, wave, "survey", 422, fault=str(error))
    return page.answer(request, reached(request, wave_id), "survey")


@require_POST
def close(request: MemberRequest, wave_id: int) -> HttpResponse:
    campaigns.close_wave(reached(request, wave_id))
    return page.answer(request, reached(request, wave_id), "survey")


@require_POST
def next_wave(request: MemberRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(request.membership.reach(Survey), pk=survey_id)
    wave = instrument.next_wave(survey)
    return HttpResponseRedirect(request.membership.url("surveys:wave", wave.pk))
