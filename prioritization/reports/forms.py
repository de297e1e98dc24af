"""What a person chooses before pressing the button."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cycles.models import Cycle
from prioritization.handing_out import ReportKind
from surveys.models import Respondent, SurveyStatus, Wave


class WaveField(forms.ModelChoiceField):
    def label_from_instance(self, wave: Wave) -> str:  # type: ignore[override]
        return f"{wave} · {wave.survey}"


class ReportForm(forms.Form):
    wave = WaveField(
        Wave.objects.none(),
        label=_("Period"),
        required=False,
        empty_label=_("Without survey results: map and plan only"),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Format"), choices=ReportKind, widget=forms.RadioSelect, required=False)
    notify = forms.BooleanField(label=_("Tell me by e-mail when it is ready"), required=False)

    def __init__(self, *args: Any, cycle: Cycle, language: str, **kwargs: Any) -> None:
        waves = (
            Wave.objects.filter(survey__cycle=cycle)
            .exclude(status=SurveyStatus.DRAFT)
            # Visits have no answers to report; what the team believes is there for whoever chooses it.
            .exclude(survey__respondent=Respondent.MYSTERY_SHOPPER)
            .select_related("survey")
            .order_by("-opened_at", "-pk")
        )
        usual = waves.filter(survey__respondent=Respondent.CUSTOMER).first() or waves.first()
        first = {"wave": usual, "language": language[:2], "kind": ReportKind.PDF}
        kwargs.setdefault("initial", first)
        super().__init__(*args, **kwargs)
        field = self.fields["wave"]
        assert isinstance(field, WaveField)
        field.queryset = waves
        field.widget.attrs["class"] = "input"
        for name, bound in self.fields.items():
            if self.is_bound and name in self.errors:
                bound.widget.attrs["aria-describedby"] = f"{name}-error"
                bound.widget.attrs["aria-invalid"] = "true"

    def clean_kind(self) -> str:
        """A form that says none means the document."""
        return self.cleaned_data["kind"] or ReportKind.PDF
