"""What a person says when a report is to be handed out: every month, or at a link."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from cyclemap.forms import TidyForm
from cyclemap.text import clean_lines, clean_text
from prioritization.models import ReportKind, ReportPreset, ReportSchedule, SaidPage
from prioritization.report_mail import people_of
from prioritization.share_links import MOST_DAYS

DAYS = 30
LEAST_PASSWORD = 8


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person: User) -> str:  # type: ignore[override]
        return f"{person.name} · {person.email}" if person.name else person.email


class PresetField(forms.ModelChoiceField):
    pass


class ScheduleForm(TidyForm, forms.ModelForm):  # type: ignore[type-arg]
    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=28,
        initial=1,
        help_text=_("From 1 to 28, the days that every month has."),
    )
    preset = PresetField(
        ReportPreset.objects.none(),
        label=_("Sections"),
        required=False,
        empty_label=_("Everything there is"),
        help_text=_("A preset of the composer. It is copied as it is now."),
    )
    recipients = PeopleField(User.objects.none(), label=_("Who gets it"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ReportSchedule
        fields: ClassVar[list[str]] = ["kind", "language", "day", "recipients", "with_file"]
        widgets: ClassVar[dict[str, Any]] = {"kind": forms.RadioSelect, "language": forms.RadioSelect}
        labels: ClassVar[dict[str, Any]] = {"with_file": _("Attach the file to the mail as well")}
        help_texts: ClassVar[dict[str, Any]] = {
            "with_file": _("Without this the mail holds a link, which asks for the log-in.")
        }

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ReportKind.choices  # type: ignore[attr-defined]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        self.fields["recipients"].queryset = people_of(client)  # type: ignore[attr-defined]
        presets = ReportPreset.objects.filter(client__workspace=client.workspace_id, deleted_at=None)
        kept = presets.filter(client=client) | presets.filter(for_all=True)
        self.fields["preset"].queryset = kept.order_by("name")  # type: ignore[attr-defined]
        if self.instance.pk and (name := self.instance.choice.get("name")):
            found = kept.filter(name=name).first()
            self.fields["preset"].initial = found
        self.order_fields(["kind", "language", "preset", "day", "recipients", "with_file"])

    def save(self, commit: bool = True) -> ReportSchedule:
        preset = self.cleaned_data["preset"]
        self.instance.choice = {**preset.choice, "name": preset.name} if preset else {}
        saved: ReportSchedule = super().save(commit)
        return saved


class ShareForm(TidyForm, forms.Form):
    name = forms.CharField(
        label=_("For whom"),
        max_length=120,
        help_text=_("Only you and your colleagues see this."),
        validators=[clean_text],
    )
    days = forms.IntegerField(label=_("Days until it closes"), min_value=1, max_value=MOST_DAYS, initial=DAYS)
    password = forms.CharField(
        label=_("Password (optional)"),
        required=False,
        min_length=LEAST_PASSWORD,
        max_length=128,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("At least 8 characters. Tell it by another way than the link."),
    )


class PasswordForm(TidyForm, forms.Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class SaidPageForm(TidyForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SaidPage
        fields: ClassVar[list[str]] = ["intro"]
        labels: ClassVar[dict[str, Any]] = {"intro": _("Words at the top (optional)")}
        widgets: ClassVar[dict[str, Any]] = {"intro": forms.Textarea(attrs={"rows": 3})}

    def clean_intro(self) -> str:
        text: str = self.cleaned_data["intro"]
        clean_lines(text)
        return text
