"""The settings of a draft: what it asks, of whom, in which languages, from when to when."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyclemap.forms import TidyForm
from surveys.forms import FROZEN, in_order, not_past, one_line
from surveys.instrument import items_of, too_many_drawn
from surveys.models import Importance, Survey, Wave

ASKS = {
    "asks_overall": gettext_lazy("Overall satisfaction"),
    "asks_effort": gettext_lazy("How easy it was, from 1 to 7 (CES)"),
    "asks_nps": gettext_lazy("Whether they would recommend the brand (NPS)"),
    "asks_comment": gettext_lazy("A comment in their own words"),
    "asks_contact": gettext_lazy("Whether they want to be contacted"),
}
EVERYTHING, DRAWN = "all", "drawn"


def date_field(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class SettingsForm(TidyForm, forms.ModelForm):
    """What a draft asks and how; refused once the instrument is frozen."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages asked in"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    breadth = forms.ChoiceField(
        label=gettext_lazy("Each customer is asked"),
        choices=[
            (EVERYTHING, gettext_lazy("About all the moments")),
            (DRAWN, gettext_lazy("About the critical ones, and some others drawn at random")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    opens_on = date_field(
        gettext_lazy("Opening date"),
        gettext_lazy("It opens by itself on this day. Empty: when you open it."),
    )
    closes_on = date_field(
        gettext_lazy("Closing date"),
        gettext_lazy("The last day on which answers are taken. Empty: until you close it."),
    )

    class Meta:
        model = Survey
        fields = (
            "name",
            "brand",
            "respondent",
            "address",
            "language",
            "languages",
            "contact_address",
            "scale_max",
            "importance",
            "picks",
            "asks_overall",
            "asks_effort",
            "asks_nps",
            "asks_comment",
            "asks_contact",
            "drawn",
            "is_anonymous",
            "threshold",
        )
        widgets = {"importance": forms.RadioSelect}

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        survey = kwargs["instance"]
        kwargs.setdefault("initial", {}).update(
            opens_on=wave.opens_on,
            closes_on=wave.closes_on,
            breadth=EVERYTHING if survey.drawn is None else DRAWN,
        )
        super().__init__(*args, **kwargs)
        self.wave = wave
        for name in ASKS:
            self.fields[name].label = ASKS[name]
        self.fields["brand"].validators.append(one_line)
        self.fields["language"].label = _("Main language")
        self.fields["drawn"].label = _("How many are drawn")
        self.fields["threshold"].help_text = _(
            "Results of fewer people than this are never shown, so that nobody can be told apart."
        )
        self.fields["is_anonymous"].label = _("Anonymous")
        for name in ("picks", "threshold", "respondent"):
            # Where the page does not show them, they stay as they are.
            self.fields[name].required = False

    @property
    def asks(self) -> list[forms.BoundField]:
        return [self[name] for name in ASKS]

    def bad_among(self, *names: str) -> bool:
        return any(name in self.errors for name in names)

    @property
    def shows_privacy(self) -> bool:
        return self.instance.is_anonymous or self.bad_among("is_anonymous", "threshold")

    @property
    def shows_draw(self) -> bool:
        return self.instance.drawn is not None or self.bad_among("drawn", "breadth")

    @property
    def shows_days(self) -> bool:
        planned = self.wave.opens_on or self.wave.closes_on
        return bool(planned) or self.bad_among("opens_on", "closes_on")

    def clean_opens_on(self) -> Any:
        return self.planned("opens_on", self.wave.opens_on)

    def clean_closes_on(self) -> Any:
        return self.planned("closes_on", self.wave.closes_on)

    def planned(self, name: str, before: Any) -> Any:
        day = self.cleaned_data[name]
        return day if day == before and name == "opens_on" else not_past(day)

    def clean_picks(self) -> int:
        return self.cleaned_data["picks"] or int(self.instance.picks)

    def clean_threshold(self) -> int:
        return self.cleaned_data["threshold"] or int(self.instance.threshold)

    def clean_respondent(self) -> str:
        return self.cleaned_data["respondent"] or str(self.instance.respondent)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.frozen_at is not None:
            raise ValidationError(FROZEN)
        main, spoken = cleaned.get("language"), cleaned.get("languages")
        if main and spoken and main not in spoken:
            cleaned["languages"] = [code for code, _n in settings.LANGUAGES if code in (*spoken, main)]
        in_order(self, cleaned)
        self.clean_breadth_of(cleaned)
        return cleaned

    def clean_breadth_of(self, cleaned: dict[str, Any]) -> None:
        """How many are drawn, and that as many can be drawn and picked."""
        items = [item for item in items_of(self.instance) if not item.is_requirement]
        others = sum(not item.is_critical for item in items)
        drawn = cleaned.get("drawn")
        if cleaned.get("breadth") != DRAWN:
            cleaned["drawn"] = drawn = None
        elif drawn is None and "drawn" not in self.errors:
            self.add_error("drawn", _("Say how many are drawn."))
        elif drawn is not None and drawn > others:
            self.add_error("drawn", too_many_drawn(drawn, others))
        seen = len(items) if drawn is None else len(items) - others + drawn
        picks = cleaned.get("picks") or 0
        if cleaned.get("importance") == Importance.PICKS and items and picks > seen:
            self.add_error(
                "picks",
                _("Each customer is asked about %(n)d moments: they cannot pick %(picks)d of them.")
                % {"n": seen, "picks": picks},
            )

    def save(self, commit: bool = True) -> Survey:
        # Only what the form shows: never the date of freezing, which somebody may set meanwhile.
        survey: Survey = self.instance
        survey.save(update_fields=self._meta.fields)
        self.wave.opens_on = self.cleaned_data["opens_on"]
        self.wave.closes_on = self.cleaned_data["closes_on"]
        self.wave.save(update_fields=["opens_on", "closes_on"])
        return survey
