"""A cycle's survey: draft it, say what it asks, look at it as a customer."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from cycles.models import Cycle
from surveys.choice import choices
from surveys.copying import HasDraftError, copy_survey
from surveys.instrument import draft_survey, live_wave, moments_of
from surveys.instrument_forms import SettingsForm
from surveys.models import Respondent, Survey, Wave
from surveys.views import page


@require_safe
def survey(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The last wave of the survey that is drafted, else of the customers' last one, or the invitation to
    draft one."""
    cycle = get_object_or_404(request.membership.reach(Cycle).select_related("client"), pk=cycle_id)
    last = foremost(Survey.objects.filter(cycle=cycle).select_related("cycle__client"))
    wave = live_wave(last) if last else None
    if wave is None:
        context = {
            "cycle": cycle,
            "n_moments": len(moments_of(cycle)),
            "is_editor": request.membership.is_editor,
        }
        return render(request, "surveys/survey_empty.html", context)
    others = Survey.objects.filter(cycle=cycle).exclude(pk=wave.survey_id).prefetch_related("waves")
    return render(request, "surveys/survey.html", page.whole(request, wave) | {"other_surveys": others})


def foremost(surveys: Iterable[Survey]) -> Survey | None:
    """Which one people mean by "the survey": that of others than customers does not hide the customers'."""
    found = list(surveys)
    drafted = [one for one in found if one.frozen_at is None]
    customers = [one for one in found if one.respondent == Respondent.CUSTOMER]
    return next(iter([*drafted, *customers, *found]), None)


@require_POST
def draft(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle).select_related("client"), pk=cycle_id)
    draft_survey(cycle, contact_address=request.user.email)
    return HttpResponseRedirect(request.membership.url("surveys:survey", cycle.pk))


def held(request: MemberRequest, survey_id: int) -> Wave:
    """The last wave of a survey, which nobody else changes until this is done."""
    found = request.membership.reach(Survey).select_for_update(of=("self",))
    survey = get_object_or_404(found.select_related("cycle__client"), pk=survey_id)
    wave = survey.waves.last()
    if wave is None:
        raise Http404
    wave.survey = survey
    return wave


@require_POST
@transaction.atomic
def settings_change(request: MemberRequest, survey_id: int) -> HttpResponse:
    wave = held(request, survey_id)
    form = SettingsForm(request.POST, instance=wave.survey, wave=wave)
    if not form.is_valid():
        return page.answer(request, wave, "settings", 422, settings_form=form)
    form.save()
    messages.success(request, _("Settings saved."))
    return page.answer(request, wave, "settings")


@require_POST
@transaction.atomic
def questions_change(request: MemberRequest, survey_id: int) -> HttpResponse:
    wave = held(request, survey_id)
    form = page.questions_form(wave, request.POST)
    if not form.is_valid():
        ticked = [
            {int(pk) for pk in request.POST.getlist(name) if pk.isdecimal()}
            for name in ("asked", "requirement")
        ]
        shown = choices(wave.survey, form.moments, *ticked)
        return page.answer(request, wave, "questions", 422, questions_form=form, choices=shown)
    form.save()
    messages.success(request, _("Questions saved."))
    return page.answer(request, wave, "questions")


@require_POST
def copy(request: MemberRequest, survey_id: int) -> HttpResponse:
    """Its settings as a new draft."""
    survey = get_object_or_404(request.membership.reach(Survey).select_related("cycle__client"), pk=survey_id)
    try:
        copy_survey(survey)
    except HasDraftError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(request.membership.url("surveys:survey", survey.cycle_id))
