"""What people type when they assess themselves: the occasion, who took part, four levels, why."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cyclemap.forms import TidyForm
from cycles.assessments import Assessment
from cycles.discussion import new_key
from cycles.maturity import ELEMENTS_IN_WORDS

EARLIEST = date(2000, 1, 1)


class AssessmentForm(TidyForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Assessment
        fields = [
            "name",
            "made_on",
            "made_by",
            *(name for one in ELEMENTS_IN_WORDS for name in (one.key, f"{one.key}_note")),
        ]
        widgets = {
            "made_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **{f"{one.key}_note": forms.Textarea(attrs={"rows": 2}) for one in ELEMENTS_IN_WORDS},
        }

    # Ties the form to one row, however often it is sent.
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["key"] = new_key()
        for one in ELEMENTS_IN_WORDS:
            self.fields[one.key] = forms.TypedChoiceField(
                label=one.name,
                help_text=one.question,
                choices=[(n, f"{n}. {said}") for n, said in enumerate(one.levels, 1)],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose the level that describes today best.")},
            )
            self.fields[f"{one.key}_note"].label = _("Why this level")

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[one.key], self[f"{one.key}_note"]) for one in ELEMENTS_IN_WORDS]

    def clean_made_on(self) -> date:
        made_on: date = self.cleaned_data["made_on"]
        if made_on > timezone.localdate():
            raise forms.ValidationError(_("An assessment is made today or was made before."))
        if made_on < EARLIEST:
            raise forms.ValidationError(_("A date since the year 2000."))
        return made_on
