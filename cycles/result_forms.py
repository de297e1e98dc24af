"""Results of levels and indicators: one typed in, and one corrected."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cyclemap.forms import TidyForm
from cyclemap.merging import MergedForm
from cycles.agreement_forms import trimmed
from cycles.agreements import period_name
from cycles.choices import Every
from cycles.exchange.columns import CellError
from cycles.models import Indicator, Measurement, ServiceLevel
from cycles.result_cells import period_of, value_of
from cycles.units import figure


class ResultForm(TidyForm, forms.Form):
    """The result of one period."""

    period = forms.CharField(label=_("Period"), max_length=40)
    value = forms.CharField(label=_("Value"), max_length=24)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, thing: ServiceLevel | Indicator, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing, self.today = thing, today
        monthly = thing.every == Every.MONTH
        self.fields["period"].label = _("Month") if monthly else _("Day")
        self.fields["period"].widget.attrs |= {"placeholder": "2026-03" if monthly else "2026-03-15"}
        self.fields["value"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean_period(self) -> date:
        try:
            return period_of(self.cleaned_data["period"], self.thing.every, self.today)
        except CellError as error:
            raise forms.ValidationError(sentence(error)) from error

    def clean_value(self) -> Any:
        try:
            return value_of(self.cleaned_data["value"])
        except CellError as error:
            raise forms.ValidationError(sentence(error)) from error

    def refuse(self, known: Measurement) -> None:
        said = {"period": period_name(known.day, self.thing.every), "value": figure(known.value)}
        self.add_error(
            "period", _("%(period)s has a result already: %(value)s. Correct it in the table.") % said
        )


def sentence(error: CellError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


class CorrectionForm(MergedForm, TidyForm, forms.ModelForm):
    value = forms.DecimalField(label=_("Value"), max_digits=14, decimal_places=4, localize=True)

    class Meta:
        model = Measurement
        fields = ["value", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["value"] = trimmed(self.instance.value)
