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
from surveys.campaigns import texts_of
from surveys.contact_table import CONTROL
from surveys.instrument import too_many_drawn
from surveys.mail import unknown_placeholders
from surveys.models import Campaign, Survey, Wave
from surveys.wording import OWN_NAMES, PLACEHOLDERS, default_texts

FROZEN = gettext_lazy(
    "The survey was opened, so its questions no longer change. Draft a new survey to ask something else."
)
STARTED = gettext_lazy("Sending has begun, so the message no longer changes.")


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


class MessageForm(TidyForm, forms.ModelForm):
    """The mail's words in each language, with a short list of placeholders."""

    class Meta:
        model = Campaign
        fields = ("sender_name", "reply_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender_name"].validators.append(one_line)
        self.fields["reply_to"].help_text = _("Answers to the mail go here. Empty: to nobody.")
        for language, texts in texts_of(self.instance).items():
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject"),
                max_length=150,
                initial=texts["subject"],
                validators=[one_line, placeholders],
                widget=forms.TextInput(attrs={"class": "input"}),
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("Text"),
                max_length=4000,
                initial=texts["body"],
                validators=[placeholders],
                widget=forms.Textarea(attrs={"class": "input", "rows": 6}),
            )

    @property
    def languages(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """Code, own name, subject and body, the survey's own language first."""
        first = self.instance.wave.survey.language
        codes = sorted(texts_of(self.instance), key=lambda code: code != first)
        return [(code, OWN_NAMES[code], self[f"subject_{code}"], self[f"body_{code}"]) for code in codes]

    @property
    def placeholders(self) -> list[tuple[str, str]]:
        return [(f"{{{name}}}", str(meaning)) for name, meaning in PLACEHOLDERS.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.started_at is not None:
            raise ValidationError(STARTED)
        return cleaned

    def texts(self) -> dict[str, dict[str, str]]:
        """Only what differs from the usual, so that the usual follows the form of address."""
        usual = default_texts(self.instance.wave.survey.address)
        texts: dict[str, dict[str, str]] = {}
        for language in usual:
            own = {key: self.cleaned_data[f"{key}_{language}"] for key in ("subject", "body")}
            own = {key: text.replace("\r\n", "\n") for key, text in own.items()}
            changed = {key: text for key, text in own.items() if text != usual[language][key]}
            if changed:
                texts[language] = changed
        return texts

    def save(self, commit: bool = True) -> Campaign:
        campaign: Campaign = self.instance
        campaign.texts = self.texts()
        # Only what the form shows: never the date of the start, which somebody may set meanwhile.
        campaign.save(update_fields=["sender_name", "reply_to", "texts"] if campaign.pk else None)
        return campaign


def placeholders(text: str) -> None:
    """Only known placeholders: what is left in braces would reach the customer as it stands."""
    for name in unknown_placeholders(text):
        raise ValidationError(
            _("{%(name)s} is not known. You can use: %(known)s.")
            % {"name": name, "known": ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)}
        )
