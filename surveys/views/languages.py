"""Languages added to a draft, and their texts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from cyclemap.forms import TidyForm
from surveys import added_language
from surveys.added_language import Table, own_name, table_of
from surveys.languages import offered
from surveys.models import Survey


class LanguageForm(TidyForm, forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=5,
        validators=[
            RegexValidator(
                rf"^{added_language.CODE.pattern}$", gettext_lazy("Two letters, like pt, or like pt-BR.")
            )
        ],
        help_text=gettext_lazy("Two letters, like pt, or like pt-BR."),
    )
    name = forms.CharField(
        label=gettext_lazy("Its own name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("As its speakers call it: Português. Empty: as it is known."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        code = cleaned.get("code", "")
        if code and not cleaned.get("name") and "name" not in self.errors:
            cleaned["name"] = own_name(code)
            if not cleaned["name"]:
                self.add_error("name", _("Say how the language calls itself."))
        return cleaned


def reached(request: MemberRequest, survey_id: int) -> Survey:
    surveys = request.membership.reach(Survey).select_related("cycle__client")
    return get_object_or_404(surveys, pk=survey_id)


def with_language(request: MemberRequest, survey_id: int, code: str) -> Survey:
    survey = reached(request, survey_id)
    if code not in survey.texts:
        raise Http404
    return survey


def listed(request: MemberRequest, survey: Survey, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "cycle": survey.cycle,
        "survey": survey,
        "is_editor": request.membership.is_editor,
        "spoken": [name for _code, name in offered(survey)],
        "tables": [table_of(survey, code) for code in survey.texts],
        "form": LanguageForm(),
        **more,
    }
    return render(request, "surveys/languages.html", context, status=status)


@require_safe
def languages(request: MemberRequest, survey_id: int) -> HttpResponse:
    return listed(request, reached(request, survey_id))


@require_POST
def add(request: MemberRequest, survey_id: int) -> HttpResponse:
    survey = reached(request, survey_id)
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return listed(request, survey, 422, form=form)
    code = form.cleaned_data["code"]
    try:
        added_language.add(survey, code, form.cleaned_data["name"])
    except added_language.NotPossibleError as error:
        form.add_error("code", str(error))
        return listed(request, survey, 422, form=form)
    return HttpResponseRedirect(request.membership.url("surveys:language", survey.pk, code))


@require_POST
def remove(request: MemberRequest, survey_id: int, language: str) -> HttpResponse:
    survey = reached(request, survey_id)
    try:
        added_language.remove(survey, language)
    except added_language.NotPossibleError as error:
        return listed(request, survey, 422, fault=str(error))
    messages.success(request, _("Language removed."))
    return HttpResponseRedirect(request.membership.url("surveys:languages", survey.pk))


@require_safe
def texts(request: MemberRequest, survey_id: int, language: str) -> HttpResponse:
    survey = with_language(request, survey_id, language)
    return texts_page(request, survey, table_of(survey, language))


@require_POST
def save(request: MemberRequest, survey_id: int, language: str) -> HttpResponse:
    survey = with_language(request, survey_id, language)
    table = table_of(survey, language, request.POST)  # type: ignore[arg-type]
    if table.faults:
        return texts_page(request, survey, table, 422)
    try:
        added_language.save(survey, table)
    except added_language.NotPossibleError as error:
        return texts_page(request, survey, table, 422, fault=str(error))
    messages.success(request, _("Texts saved."))
    return HttpResponseRedirect(request.membership.url("surveys:language", survey.pk, language))


def texts_page(
    request: MemberRequest, survey: Survey, table: Table, status: int = 200, **more: Any
) -> HttpResponse:
    can_write = request.membership.is_editor and survey.frozen_at is None
    context = {"cycle": survey.cycle, "survey": survey, "table": table, "can_write": can_write, **more}
    return render(request, "surveys/language.html", context, status=status)
