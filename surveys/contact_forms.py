"""Forms about contacts. Each says at the field what is wrong and keeps what was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client
from cyclemap.forms import TidyForm
from surveys.contact_look import Look, language_name
from surveys.contact_merge import Wins
from surveys.contact_table import (
    CONTROL,
    MAX_BYTES,
    MAX_HEADING,
    UnreadableError,
    decode,
    is_quick,
    too_large,
)
from surveys.models import Contact
from surveys.recipients import LANGUAGES, MAX_LENGTH, Column
from surveys.suppression import is_suppressed

MAX_ATTRIBUTES = 40


class ContactListForm(forms.Form):
    """A file or a pasted list; one of the two."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("CSV or Excel (XLSX) of up to 20 MB and 200,000 rows."),
        widget=forms.FileInput(
            attrs={"class": "input", "accept": ".csv,.tsv,.txt,.xlsx,text/csv,text/plain"}
        ),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste a list"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One customer a line: “Name <address>”, an address, or columns from a spreadsheet."
        ),
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(too_large())
        data = file.read()
        try:
            self.cleaned_data["text"] = decode(data) if is_quick(data) else None
        except UnreadableError as error:
            raise ValidationError(str(error)) from error
        self.cleaned_data["data"] = data
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pasted = cleaned.get("pasted") or ""
        if not self.errors and cleaned.get("file") is None and not pasted.strip():
            raise ValidationError(_("Choose a file or paste a list."))
        if cleaned.get("file") is None:
            cleaned["text"], cleaned["data"] = pasted, pasted.encode()
        return cleaned

    @property
    def text(self) -> str | None:
        """None where the file is too large to be read while somebody waits."""
        text: str | None = self.cleaned_data["text"]
        return text

    @property
    def given(self) -> bytes:
        data: bytes = self.cleaned_data["data"]
        return data

    @property
    def name(self) -> str:
        file = self.cleaned_data.get("file")
        return CONTROL.sub("", file.name or "") if file else ""

    def refuse(self, sentence: str) -> None:
        self.add_error("file" if self.cleaned_data.get("file") else "pasted", sentence)


class MappingForm(forms.Form):
    """What each column of a list holds; and whose value stays, where list and contacts differ."""

    def __init__(self, *args: Any, look: Look, wins: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        for index, (heading, column) in enumerate(look.columns):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading,
                choices=Column.choices,
                initial=column,
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )
        self.fields["wins"] = forms.ChoiceField(
            label=gettext_lazy("Whose value stays?"),
            choices=Wins.choices,
            initial=wins,
            required=False,
            widget=forms.RadioSelect,
        )

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "wins"]

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data[column.name] or Column.IGNORE.value for column in self.columns]

    @property
    def wins(self) -> str:
        return str(self.cleaned_data["wins"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [value for name, value in cleaned.items() if name != "wins"]
        for value in Column.values:
            if value not in (Column.IGNORE, Column.SEGMENT) and chosen.count(value) > 1:
                raise ValidationError(
                    _("Two columns cannot both be “%(column)s”.") % {"column": Column(value).label}
                )
        asked = "import" in self.data and self.look.differing and not cleaned.get("wins")
        if asked and not self._is_other(cleaned):
            self.add_error("wins", _("Say whose value stays where the list and the contact differ."))
        return cleaned

    def _is_other(self, cleaned: dict[str, Any]) -> bool:
        """Whether the columns were changed with this very press: then there is something else to look at."""
        chosen = [cleaned.get(column.name) or Column.IGNORE.value for column in self.columns]
        return chosen != list(self.look.mapping)


class ContactForm(TidyForm, forms.ModelForm):
    """One contact, added or changed by hand."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    attributes = forms.CharField(
        label=gettext_lazy("Attributes"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy("One on each line, for example “City: Cali”. Segments are made of them."),
    )

    class Meta:
        model = Contact
        fields = ("email", "name", "external_id", "language", "service_on")
        widgets = {"service_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.instance.client = client
        self.was = self.instance.email
        known = {*LANGUAGES.values(), self.instance.language} - {""}
        names = sorted(((code, language_name(code)) for code in known), key=lambda one: one[1])
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("That of the survey")), *names]
        lines = [f"{name}: {value}" for name, value in sorted(self.instance.attributes.items())]
        self.fields["attributes"].initial = "\n".join(lines)
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        others = Contact.objects.filter(client=self.client).exclude(pk=self.instance.pk)
        if others.filter(email__iexact=email).exists():
            raise ValidationError(_("There is a contact with this address already."))
        if email != self.was.lower() and is_suppressed(self.client.pk, email):
            raise ValidationError(
                _("This address may not be written to: its owner opted out, complained, or mail came back.")
            )
        return email

    def clean_attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["attributes"].splitlines(), 1):
            if not line.strip():
                continue
            name, colon, value = (part.strip() for part in line.partition(":"))
            if not (name and colon and value):
                raise ValidationError(
                    _("Line %(line)d: write a name, a colon and a value.") % {"line": number}
                )
            if len(name) > MAX_HEADING or len(value) > MAX_LENGTH or CONTROL.search(line):
                raise ValidationError(
                    _("Line %(line)d is too long or holds an invisible character.") % {"line": number}
                )
            found[name] = value
        if len(found) > MAX_ATTRIBUTES:
            raise ValidationError(_("At most %(limit)d attributes.") % {"limit": MAX_ATTRIBUTES})
        return found

    def save(self, commit: bool = True) -> Contact:
        contact: Contact = self.instance
        contact.attributes = self.cleaned_data["attributes"]
        if contact.email != self.was.lower():
            # Mail came back from another address; who opted out or complained did so as a person.
            contact.bounced_at = None
        contact.save()
        return contact


class EraseForm(forms.Form):
    """The confirmation of an erasure."""

    keep_comments = forms.BooleanField(
        label=gettext_lazy("Keep the comments: I have read them, and they name nobody."), required=False
    )
    sure = forms.BooleanField(label=gettext_lazy("I understand that this cannot be undone."))
