"""Forms of the consultant's side. Each says at the field what is wrong and keeps what was typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyclemap.forms import TidyForm
from cycles.models import Moment, Requirement
from surveys.contact_table import CONTROL
from surveys.instrument import too_many_drawn
from surveys.models import Survey, Wave

FROZEN = gettext_lazy(
    "The survey was opened, so its questions no longer change. Draft a new survey to ask something else."
)


def one_line(value: str) -> None:
    """For what ends up in the header of a mail."""
    if CONTROL.search(value):
        raise ValidationError(_("No line breaks or invisible characters here."))


def not_past(day: Any) -> Any:
    if day is not None and day < timezone.localdate():
        raise ValidationError(_("This day is over. Choose today or a later one."))
    return day


class WaveForm(TidyForm, forms.ModelForm):
    """What of a wave may change while it is prepared or open: nothing of the instrument."""

    class Meta:
        model = Wave
        fields = ("name", "opens_on", "closes_on")
        widgets = {
            "opens_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "opens_on": gettext_lazy("It opens by itself on this day. Empty: when you open it."),
            "closes_on": gettext_lazy("The last day on which answers are taken. Empty: until you close it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.opened_at is not None:
            # It has opened: there is no day to choose any more.
            del self.fields["opens_on"]

    def clean_opens_on(self) -> Any:
        day = self.cleaned_data["opens_on"]
        return day if day == self.initial.get("opens_on") else not_past(day)

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        return day if day == self.initial.get("closes_on") else not_past(day)

    def clean(self) -> dict[str, Any]:
        if self.instance.closed_at is not None:
            raise ValidationError(_("This wave is closed."))
        cleaned = super().clean() or {}
        in_order(self, cleaned)
        return cleaned

    def save(self, commit: bool = True) -> Wave:
        wave: Wave = self.instance
        wave.save(update_fields=list(self.fields))
        return wave


def in_order(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """The first day is not after the last."""
    first, last = cleaned.get("opens_on"), cleaned.get("closes_on")
    if first and last and last < first:
        form.add_error("closes_on", _("It would close before it opens. Choose a later day."))


class QuestionsForm(forms.Form):
    """Which moments a draft asks about. Kept as those left out, so that new moments are asked about."""

    asked = forms.ModelMultipleChoiceField(queryset=Moment.objects.none(), required=False)
    requirement = forms.ModelMultipleChoiceField(queryset=Requirement.objects.none(), required=False)

    def __init__(self, *args: Any, survey: Survey, moments: Iterable[Moment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.moments = list(moments)
        keys = [moment.pk for moment in self.moments]
        self.of_choice("asked").queryset = Moment.objects.filter(pk__in=keys)
        self.of_choice("requirement").queryset = Requirement.objects.filter(moment__in=keys, deleted_at=None)

    @property
    def lists_errors(self) -> list[Any]:
        return [self[name].errors for name in ("asked", "requirement") if self[name].errors]

    def of_choice(self, name: str) -> forms.ModelMultipleChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.error_messages["invalid_choice"] = _(
            "Something was removed from the map in the meantime. Look at the list once more."
        )
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.survey.frozen_at is not None:
            raise ValidationError(FROZEN)
        if "asked" in cleaned and not cleaned["asked"]:
            raise ValidationError(_("Choose at least one moment: there is nothing to ask otherwise."))
        drawn = self.survey.drawn
        others = sum(not moment.is_critical for moment in cleaned.get("asked", ()))
        if drawn is not None and "asked" in cleaned and drawn > others:
            raise ValidationError(too_many_drawn(drawn, others))
        return cleaned

    def save(self) -> None:
        asked = {moment.pk for moment in self.cleaned_data["asked"]}
        self.survey.left_out.set([moment for moment in self.moments if moment.pk not in asked])
        self.survey.requirements.set(self.cleaned_data["requirement"])
