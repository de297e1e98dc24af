"""What a person chooses before pressing the button."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cycles.models import Cycle
from surveys.models import SurveyStatus, Wave


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

    def __init__(self, *args: Any, cycle: Cycle, language: str, **kwargs: Any) -> None:
        waves = (
            Wave.objects.filter(survey__cycle=cycle)
            .exclude(status=SurveyStatus.DRAFT)
            .select_related("survey")
            .order_by("-opened_at", "-pk")
        )
        kwargs.setdefault("initial", {"wave": waves.first(), "language": language[:2]})
        super().__init__(*args, **kwargs)
        field = self.fields["wave"]
        assert isinstance(field, WaveField)
        field.queryset = waves
        field.widget.attrs["class"] = "input"
        for name, bound in self.fields.items():
            if self.is_bound and name in self.errors:
                bound.widget.attrs["aria-describedby"] = f"{name}-error"
                bound.widget.attrs["aria-invalid"] = "true"
