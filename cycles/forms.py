"""What people type about a cycle and what is in it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from cyclemap.forms import TidyForm
from cyclemap.merging import MergedForm
from cycles import library
from cycles.choices import STAGE_COLOURS, Channel
from cycles.client_choice import ClientChoice
from cycles.models import Cycle, Moment, Requirement, Stage

# Whole sentences, because a language's name is declined by some languages.
NAME_IN = {"es": _("Name in Spanish"), "en": _("Name in English")}
TEXT_IN = {"es": _("Requirement in Spanish"), "en": _("Requirement in English")}

COLOUR_NAMES = {
    "a": pgettext_lazy("colour", "Violet"),
    "b": pgettext_lazy("colour", "Plum"),
    "c": pgettext_lazy("colour", "Green"),
    "d": pgettext_lazy("colour", "Ochre"),
    "e": pgettext_lazy("colour", "Teal"),
    "f": pgettext_lazy("colour", "Slate"),
    "g": pgettext_lazy("colour", "Brown"),
    "h": pgettext_lazy("colour", "Blue"),
}
EMOTIONS = [
    ("", pgettext_lazy("emotion", "Not said")),
    ("-2", pgettext_lazy("emotion", "−2, very bad")),
    ("-1", pgettext_lazy("emotion", "−1, bad")),
    ("0", pgettext_lazy("emotion", "0, neutral")),
    ("1", pgettext_lazy("emotion", "+1, good")),
    ("2", pgettext_lazy("emotion", "+2, very good")),
]
ONE_TO_FIVE = [("", "–"), *((str(n), str(n)) for n in range(1, 6))]


def short_area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def other_language(language: str) -> str:
    """The language a cycle is translated to, beside the one it is written in."""
    return next((code for code, _name in settings.LANGUAGES if code != language[:2]), "en")


class NumberedMoments(ModelChoiceIterator):
    """All moments of a cycle in their order, with the number each has on the map: names may be alike."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        for n, (value, name) in enumerate(super().__iter__(), 1):
            yield value, f"{n}. {name}"


class TranslatedNameForm(MergedForm, TidyForm, forms.ModelForm):
    """A name, and the same name in the other language of the product."""

    labels_by_language = NAME_IN
    name_elsewhere = forms.CharField(required=False)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elsewhere = other_language(language)
        self.order_fields(["name", "name_elsewhere"])
        field = self.fields["name_elsewhere"]
        field.label = self.labels_by_language[self.elsewhere]
        most = self._meta.model._meta.get_field("name").max_length or 0
        field.widget.attrs.update(maxlength=most, lang=self.elsewhere)
        field.validators.append(MaxLengthValidator(most))
        field.initial = self.instance.translations.get(self.elsewhere, {}).get("name", "")

    def save(self, commit: bool = True) -> Any:
        self.instance.translate(self.elsewhere, name=self.cleaned_data["name_elsewhere"])
        return super().save(commit)


def rename(thing: Cycle | Stage | Moment | Requirement, name: str) -> None:
    """Change the name that is shown: the translation the reader sees, else the name as written. Saves."""
    language = (get_language() or "")[:2]
    if thing.translations.get(language, {}).get("name"):
        thing.translate(language, name=name)
        thing.save(update_fields=["translations"])
    else:
        thing.name = name
        thing.save(update_fields=["name"])


# --- Cycles --------------------------------------------------------------------------------------


class NewCycleForm(ClientChoice):
    template = forms.ChoiceField(label=_("Start from"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the cycle"),
        max_length=120,
        required=False,
        help_text=_("The service as the customer sees it. Empty: the name of the template."),
    )
    persona = forms.CharField(
        label=_("Persona"),
        max_length=120,
        required=False,
        help_text=_("Whose path it is: one kind of customer. Optional."),
    )
    language = forms.ChoiceField(label=_("Language of the cycle"), choices=settings.LANGUAGES)

    def __init__(
        self,
        *args: Any,
        clients: models.QuerySet[Client],
        own: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        """`own`: templates of the workspace, by their keys."""
        super().__init__(*args, clients=clients, **kwargs)
        if not clients.exists():  # nothing to choose, so nothing is said of choosing
            only = self.fields["new_client"]  # type: ignore[attr-defined]
            only.label, only.help_text = _("Client"), _("The company whose service is studied.")
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            *((template.key, template.name()) for template in library.templates()),
            *own,
            ("", _("Blank cycle")),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("template") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("A blank cycle needs a name."))
        return data


class CycleForm(TranslatedNameForm):
    class Meta:
        model = Cycle
        fields = ["name", "persona", "description"]
        widgets = {"description": short_area(4)}


# --- Stages and moments --------------------------------------------------------------------------


class StageForm(TranslatedNameForm):
    colour = forms.ChoiceField(
        label=_("Colour"),
        choices=[(colour, COLOUR_NAMES[colour]) for colour in STAGE_COLOURS],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Stage
        fields = ["name", "phase", "colour"]
        help_texts = {"phase": _("Around the purchase: before it, during it, after it.")}


class NewMomentForm(TidyForm, forms.Form):
    name = forms.CharField(label=_("New moment"), max_length=120)
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", "–"), *Channel.choices], required=False)

    @property
    def channels(self) -> list[str]:
        channel = self.cleaned_data["channel"]
        return [channel] if channel else []


class MomentNameForm(MergedForm, TidyForm, forms.Form):
    """The name alone, as the reader sees it."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}))

    def __init__(self, *args: Any, instance: Moment, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": str(instance)}, **kwargs)
        self.instance = instance

    def save(self) -> None:
        rename(self.instance, self.cleaned_data["name"])


class MomentForm(TranslatedNameForm):
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    emotion = forms.TypedChoiceField(
        label=_("Expected emotion"), choices=EMOTIONS, required=False, coerce=int, empty_value=None
    )

    # The form's sections, in the order of the panel.
    sections = (
        ("", ("name", "name_elsewhere", "is_critical", "description")),
        (_("Kind and channel"), ("kind", "channels", "mode", "owner_area", "emotion")),
        (_("Expectation"), ("standard", "enhancers", "detractors")),
        (_("Behind the scenes"), ("customer_action", "front_stage", "back_stage", "systems")),
    )

    class Meta:
        model = Moment
        fields = [
            "name",
            "is_critical",
            "description",
            "kind",
            "channels",
            "mode",
            "owner_area",
            "emotion",
            "standard",
            "enhancers",
            "detractors",
            "customer_action",
            "front_stage",
            "back_stage",
            "systems",
        ]
        widgets = {
            name: short_area()
            for name in (
                "description",
                "standard",
                "enhancers",
                "detractors",
                "customer_action",
                "front_stage",
                "back_stage",
                "systems",
            )
        }
        help_texts = {"detractors": _("One on each line.")}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.sections]


class PlaceForm(forms.Form):
    """Where a moment is to go: one place up or down, or a stage and a position counted from 1."""

    to = forms.ChoiceField(choices=[("up", "up"), ("down", "down")], required=False)
    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage"), required=False)
    position = forms.IntegerField(label=_("Position"), min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = Stage.objects.filter(cycle=cycle)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("to") and not data.get("stage"):
            raise forms.ValidationError(_("Say where it is to go: a stage and a position."))
        return data


# --- Requirements --------------------------------------------------------------------------------


class NewRequirementForm(TidyForm, forms.ModelForm):
    class Meta:
        model = Requirement
        fields = ["name", "dimension", "vertex", "level", "minimum", "measure"]
        labels = {"name": _("New requirement"), "minimum": _("Minimum")}
        help_texts = {"name": ""}
        widgets = {
            "name": forms.TextInput(attrs={"placeholder": _("As a customer would say it")}),
            "minimum": forms.TextInput(attrs={"placeholder": _("At most 5 min")}),
            "measure": forms.TextInput(attrs={"placeholder": _("Timed once an hour")}),
        }


class RequirementForm(TranslatedNameForm):
    labels_by_language = TEXT_IN
    target_value = forms.DecimalField(
        label=_("Value"), max_digits=9, decimal_places=2, required=False, localize=True
    )

    class Meta:
        model = Requirement
        fields = [
            "name",
            "dimension",
            "vertex",
            "level",
            "minimum",
            "desired",
            "measure",
            "target_bound",
            "target_value",
            "target_unit",
        ]
        widgets = {"target_unit": forms.TextInput(attrs={"placeholder": _("minutes, % of calls")})}
        help_texts = {"target_bound": _("A number that can be checked. Optional.")}

    def clean(self) -> dict[str, Any]:
        """Half a service level cannot be checked, so it is asked for whole."""
        data = super().clean() or self.cleaned_data
        given = data.get("target_value") is not None
        if "target_value" not in self.errors:
            if data.get("target_bound") and not given:
                self.add_error("target_value", _("Write the number of the service level."))
            elif given and not data.get("target_bound"):
                self.add_error("target_bound", _("Say whether the number is the most or the least."))
            elif data.get("target_unit") and not given:
                self.add_error("target_value", _("A unit needs a number before it."))
        return data
