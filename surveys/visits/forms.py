"""What a consultant says of visits: where, when, who goes; how much each criterion counts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import EDITORS, User
from cyclemap.forms import TidyForm
from surveys.models import Criterion, Shopper, Survey, Visit, Wave
from surveys.models.visits import MOST_WEIGHT
from surveys.visits.weights import weights_of


class VisitForm(TidyForm, forms.ModelForm):  # type: ignore[type-arg]
    """One visit to be made. Whoever goes is chosen, or named here for the first time."""

    goes = forms.ChoiceField(
        label=gettext_lazy("Who goes"),
        required=False,
        help_text=gettext_lazy("Nobody of the client ever sees it."),
    )
    shopper_name = forms.CharField(
        label=gettext_lazy("Or somebody new: name"), required=False, max_length=120
    )
    shopper_email = forms.EmailField(label=gettext_lazy("Their e-mail"), required=False)

    class Meta:
        model = Visit
        fields = ["place", "day", "scenario"]
        widgets = {
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "scenario": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"scenario": gettext_lazy("What to do there")}
        help_texts = {"scenario": gettext_lazy("For instance: ask for a size that is not on the rack.")}

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.wave = wave
        self.client = wave.survey.cycle.client
        self.shoppers = {f"s{one.pk}": one for one in Shopper.objects.filter(client=self.client)}
        taken = {one.member_id for one in self.shoppers.values()}
        members = User.objects.filter(
            memberships__workspace=self.client.workspace_id, memberships__role__in=EDITORS, is_active=True
        )
        self.members = {f"m{one.pk}": one for one in members.exclude(pk__in=taken - {None}).distinct()}
        field = self.fields["goes"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *self._choices()]
        field.error_messages["invalid_choice"] = _("This person is no longer in the list. Choose again.")
        self.initial.setdefault("goes", f"s{self.instance.shopper_id}" if self.instance.shopper_id else "")

    def _choices(self) -> list[tuple[str, str]]:
        known = [
            (key, f"{one.name} <{one.email}>" if one.email else one.name)
            for key, one in self.shoppers.items()
        ]
        return known + [(key, f"{one.name or one.email} <{one.email}>") for key, one in self.members.items()]

    def clean_place(self) -> str:
        return " ".join(self.cleaned_data["place"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("goes") and cleaned.get("shopper_name"):
            self.add_error("shopper_name", _("Choose somebody from the list or name somebody new, not both."))
        if cleaned.get("shopper_email") and not cleaned.get("shopper_name") and not cleaned.get("goes"):
            self.add_error("shopper_name", _("Say whose address this is."))
        return cleaned

    def shopper(self) -> Shopper | None:
        """Whoever goes; somebody new is written down."""
        goes, name = self.cleaned_data["goes"], " ".join(self.cleaned_data["shopper_name"].split())
        if goes in self.shoppers:
            return self.shoppers[goes]
        member = self.members.get(goes)
        if member is not None:
            name, email = member.name or member.email, member.email
        else:
            email = self.cleaned_data["shopper_email"]
        if not name:
            return None
        known = Shopper.objects.filter(client=self.client, name__iexact=name, email__iexact=email).first()
        return known or Shopper.objects.create(client=self.client, name=name, email=email, member=member)


class PasteForm(TidyForm, forms.Form):
    rows = forms.CharField(
        label=gettext_lazy("Several at once"),
        widget=forms.Textarea(attrs={"rows": 5}),
        strip=False,
        help_text=gettext_lazy(
            "A line for each visit: place; day; what to do there. Copied from a spreadsheet it works as well."
        ),
        error_messages={"required": gettext_lazy("Paste a line for each visit: place; day.")},
    )


class WeightsForm(TidyForm, forms.Form):
    """Whole numbers, of which only the proportion counts."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        kwargs.setdefault("initial", weights_of(survey))
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[criterion.value] = forms.IntegerField(
                label=criterion.label,
                min_value=0,
                max_value=MOST_WEIGHT,
                widget=forms.NumberInput(attrs={"class": "input"}),
                error_messages={
                    key: _("A whole number from 0 to %(most)d.") % {"most": MOST_WEIGHT}
                    for key in ("required", "invalid", "min_value", "max_value")
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("At least one criterion has to count."))
        return cleaned
