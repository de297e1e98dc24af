"""Forms of a wave's mail: its words, whom it goes to and when, its reminders."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cyclemap.forms import NOTHING, TidyForm
from surveys import schedule
from surveys.campaigns import texts_of, usual_texts
from surveys.forms import one_line
from surveys.languages import offered
from surveys.mail import unknown_placeholders
from surveys.models import Campaign, OutgoingMail, Segment, Wave
from surveys.reminders import REMINDER, ROUNDS
from surveys.wording import PLACEHOLDERS, SPANISH_PLACEHOLDERS

STARTED = gettext_lazy("Sending has begun, so the message no longer changes.")
LATEST_DAY = 60
LONGEST_CAP = 365
TextField = tuple[str, str, forms.BoundField, forms.BoundField]


def offered_names() -> dict[str, str]:
    """The placeholders as the reader of the form would write them, each with the one it stands for."""
    return SPANISH_PLACEHOLDERS if get_language() == "es" else {name: name for name in PLACEHOLDERS}


def placeholders(text: str) -> None:
    """Only known placeholders: what is left in braces would reach the customer as it stands."""
    for name in unknown_placeholders(text):
        raise ValidationError(
            _("{%(name)s} is not known. You can use: %(known)s.")
            % {"name": name, "known": ", ".join(f"{{{known}}}" for known in offered_names())}
        )


def languages_of(wave: Wave) -> list[tuple[str, str]]:
    """Code and own name, the survey's own language first."""
    return sorted(offered(wave.survey), key=lambda one: one[0] != wave.survey.language)


class WordsForm(TidyForm, forms.ModelForm):
    """Subjects and texts in each language, with a short list of placeholders. `rounds`: 0 invites."""

    rounds: tuple[int, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, texts in texts_of(self.instance).items():
            for round in self.rounds:
                subject, body = parts(round)
                self.fields[f"{subject}_{language}"] = forms.CharField(
                    label=_("Subject"),
                    max_length=150,
                    initial=texts[subject],
                    validators=[one_line, placeholders],
                    widget=forms.TextInput(attrs={"class": "input"}),
                )
                self.fields[f"{body}_{language}"] = forms.CharField(
                    label=_("Text"),
                    max_length=4000,
                    initial=texts[body],
                    validators=[placeholders],
                    widget=forms.Textarea(attrs={"class": "input", "rows": 6}),
                )

    def written(self, round: int) -> list[TextField]:
        subject, body = parts(round)
        return [
            (code, name, self[f"{subject}_{code}"], self[f"{body}_{code}"])
            for code, name in languages_of(self.instance.wave)
        ]

    @property
    def placeholders(self) -> list[tuple[list[str], str]]:
        """Each meaning with its names, the reader's first: every text knows them in both languages, and
        those that are written here use the names of their own."""
        codes = [get_language(), *(code for code, _name in languages_of(self.instance.wave))]
        spanish = {meant: name for name, meant in SPANISH_PLACEHOLDERS.items()}
        ways = dict.fromkeys(code == "es" for code in codes)
        return [
            ([f"{{{spanish[meant] if is_spanish else meant}}}" for is_spanish in ways], str(said))
            for meant, said in PLACEHOLDERS.items()
        ]

    def texts(self) -> dict[str, dict[str, str]]:
        """Only what differs from the usual, so that the usual follows the form of address; what other
        forms write stays."""
        texts: dict[str, dict[str, str]] = {}
        for language, usual in usual_texts(self.instance.wave).items():
            own = dict(self.instance.texts.get(language, {}))
            for part in (part for round in self.rounds for part in parts(round)):
                told = self.cleaned_data[f"{part}_{language}"].replace("\r\n", "\n")
                own.pop(part, None)
                if told != usual[part] or self.instance.started_at is not None:
                    own[part] = told
            if own:
                texts[language] = own
        return texts


def parts(round: int) -> tuple[str, str]:
    return (f"subject_{round}", f"body_{round}") if round else ("subject", "body")


class MessageForm(WordsForm):
    """The invitation; frozen once sending has begun."""

    rounds = (0,)

    class Meta:
        model = Campaign
        fields = ("sender_name", "reply_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sender_name"].validators.append(one_line)
        self.fields["reply_to"].help_text = _("Answers to the mail go here. Empty: to nobody.")

    @property
    def languages(self) -> list[TextField]:
        return self.written(0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.started_at is not None:
            raise ValidationError(STARTED)
        return cleaned

    def save(self, commit: bool = True) -> Campaign:
        campaign: Campaign = self.instance
        campaign.texts = self.texts()
        # Only what the form shows: never the date of the start, which somebody may set meanwhile.
        campaign.save(update_fields=["sender_name", "reply_to", "texts"] if campaign.pk else None)
        return campaign


class RemindersForm(WordsForm):
    """After how many days, and in which words; a round that has begun keeps its words."""

    first_day = forms.IntegerField(
        label=gettext_lazy("First reminder, days after the invitation"),
        required=False,
        min_value=1,
        max_value=LATEST_DAY,
        help_text=gettext_lazy("Empty: no reminders."),
    )
    second_day = forms.IntegerField(
        label=gettext_lazy("Second reminder, days after the invitation"),
        required=False,
        min_value=1,
        max_value=LATEST_DAY,
        help_text=gettext_lazy("Empty: only one."),
    )

    class Meta:
        model = Campaign
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        campaign: Campaign = kwargs["instance"]
        self.begun = set()
        if campaign.pk is not None:
            sent = OutgoingMail.objects.filter(campaign=campaign, kind=REMINDER)
            self.begun = set(sent.order_by().values_list("round", flat=True).distinct())
        self.rounds = tuple(round for round in ROUNDS if round not in self.begun)
        days = [*campaign.reminder_days, None, None]
        kwargs.setdefault("initial", {}).update(first_day=days[0], second_day=days[1])
        super().__init__(*args, **kwargs)

    @property
    def words(self) -> list[tuple[int, list[TextField]]]:
        return [(round, self.written(round)) for round in self.rounds]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("first_day"), cleaned.get("second_day")
        if second and not first and "first_day" not in self.errors:
            self.add_error("first_day", _("Say first when the first reminder goes."))
        elif first and second and second <= first:
            self.add_error("second_day", _("Later than the first reminder."))
        return cleaned

    def days(self) -> list[int]:
        told = (self.cleaned_data["first_day"], self.cleaned_data["second_day"])
        return [day for day in told if day]

    def save(self, commit: bool = True) -> Campaign:
        campaign: Campaign = self.instance
        campaign.texts, campaign.reminder_days = self.texts(), self.days()
        campaign.save(update_fields=["texts", "reminder_days"] if campaign.pk else None)
        return campaign


class PlanForm(TidyForm, forms.ModelForm):
    """Whom it goes to beside those on the list, and who is spared."""

    cap_days = forms.IntegerField(
        label=gettext_lazy("Days of rest after another survey"),
        required=False,
        min_value=0,
        max_value=LONGEST_CAP,
        help_text=gettext_lazy(
            "Counted over all surveys of this client. They are listed, not lost. Empty: nobody is spared."
        ),
    )

    class Meta:
        model = Campaign
        fields = ("segment", "cap_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segment = self.fields["segment"]
        assert isinstance(segment, forms.ModelChoiceField)
        client = self.instance.wave.survey.cycle.client_id
        segment.queryset = Segment.objects.filter(client=client, deleted_at=None)
        segment.label, segment.empty_label = _("Segment"), NOTHING
        segment.help_text = _("Whoever is in it when sending starts is written to, beside those on the list.")

    def clean_cap_days(self) -> int:
        return self.cleaned_data["cap_days"] or 0

    def save(self, commit: bool = True) -> Campaign:
        campaign: Campaign = self.instance
        campaign.save(update_fields=["segment", "cap_days"] if campaign.pk else None)
        return campaign


class ScheduleForm(TidyForm, forms.Form):
    """A date, a time, and in which zone."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(
        label=gettext_lazy("Time"),
        initial=time(10),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"), max_length=60, widget=forms.Select(attrs={"data-zone": "1"})
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        self.campaign = campaign
        initial = kwargs.setdefault("initial", {})
        initial["zone"] = campaign.zone or timezone.get_default_timezone_name()
        if campaign.starts_at:
            local = campaign.starts_at.astimezone(schedule.zone_of(campaign))
            initial.update(day=local.date(), at=local.time())
        super().__init__(*args, **kwargs)
        typed = self.data.get("zone", "") if self.is_bound else ""
        widget = self.fields["zone"].widget
        assert isinstance(widget, forms.Select)
        known = typed if schedule.is_zone(typed) else ""
        widget.choices = schedule.zones(campaign.zone, known)
        if not campaign.zone:
            # The browser knows better where its person is (static/js/sending.js).
            widget.attrs["data-guess"] = "1"

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if not schedule.is_zone(zone):
            raise ValidationError(_("Choose a time zone of the list."))
        return zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"day", "at", "zone"} <= cleaned.keys():
            return cleaned
        try:
            cleaned["moment"] = schedule.moment(cleaned["day"], cleaned["at"], cleaned["zone"])
        except (OverflowError, ValueError):
            self.add_error("day", _("This day cannot be reached."))
            return cleaned
        if cleaned["moment"] <= timezone.now():
            self.add_error("day", _("This moment is over. Choose a later one, or start now."))
        closes_on = self.campaign.wave.closes_on
        if closes_on and cleaned["day"] > closes_on:
            self.add_error("day", _("The survey is closed by then."))
        return cleaned

    @property
    def moment(self) -> datetime:
        return self.cleaned_data["moment"]  # type: ignore[no-any-return]
