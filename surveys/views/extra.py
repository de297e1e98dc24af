"""The extra questions of a draft: add, change, move, delete, bring back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest
from surveys import extra
from surveys.extra_form import ExtraForm
from surveys.models import Question, Survey, Wave
from surveys.views import page


def wave_of(request: MemberRequest, survey_id: int) -> Wave:
    survey = get_object_or_404(request.membership.reach(Survey).select_related("cycle__client"), pk=survey_id)
    wave = survey.waves.last()
    if wave is None:
        raise Http404
    wave.survey = survey
    return wave


def reached(request: MemberRequest, question_id: int) -> tuple[Question, Wave]:
    question = get_object_or_404(request.membership.reach(Question), pk=question_id)
    wave = wave_of(request, question.survey_id)
    question.survey = wave.survey
    return question, wave


def attempt(request: MemberRequest, wave: Wave, do: Callable[[], object], said: str) -> HttpResponse:
    try:
        do()
    except extra.NotPossibleError as error:
        return page.answer(request, wave, "extra", 422, extra_fault=str(error))
    messages.success(request, said)
    return page.answer(request, wave, "extra", take_focus=True)


@require_POST
def add(request: MemberRequest, survey_id: int) -> HttpResponse:
    wave = wave_of(request, survey_id)
    form = ExtraForm(request.POST, survey=wave.survey, prefix="new")
    if not form.is_valid():
        return page.answer(request, wave, "extra", 422, new_question=form)
    return attempt(request, wave, lambda: extra.add(form.filled()), _("Question added."))


@require_POST
def change(request: MemberRequest, question_id: int) -> HttpResponse:
    question, wave = reached(request, question_id)
    form = ExtraForm(request.POST, instance=question, survey=wave.survey, prefix=f"q{question.pk}")
    if not form.is_valid():
        return page.answer(request, wave, "extra", 422, bad_question=form)
    return attempt(request, wave, lambda: extra.change(form.filled()), _("Question saved."))


@require_POST
def move(request: MemberRequest, question_id: int) -> HttpResponse:
    question, wave = reached(request, question_id)
    step = 1 if request.POST.get("to") == "down" else -1
    return attempt(
        request, wave, lambda: extra.move(question, max(0, question.position + step)), _("Question moved.")
    )


@require_POST
def delete(request: MemberRequest, question_id: int) -> HttpResponse:
    question, wave = reached(request, question_id)

    def gone() -> None:
        kept: dict[str, Any] = extra.delete(question)
        request.session[extra.DELETED] = {**request.session.get(extra.DELETED, {}), str(wave.survey_id): kept}

    return attempt(request, wave, gone, _("Question deleted."))


@require_POST
def restore(request: MemberRequest, survey_id: int) -> HttpResponse:
    wave = wave_of(request, survey_id)
    deleted = dict(request.session.get(extra.DELETED, {}))
    kept = deleted.pop(str(survey_id), None)
    if kept is None:
        # It was brought back already, here or in another tab.
        return page.answer(request, wave, "extra")

    def back() -> None:
        extra.restore(wave.survey, kept)
        request.session[extra.DELETED] = deleted

    return attempt(request, wave, back, _("The question is back."))
