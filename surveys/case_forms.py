"""The forms about cases: opened by hand, worked on, closed; the rule of a survey; the policy of a client."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cyclemap.forms import TidyForm
from cycles.models import Cycle, Moment
from surveys.cases.causes import MOST, named
from surveys.cases.closing import may_be_written_to
from surveys.cases.owners import owners_of
from surveys.cases.policy import MOST_HOURS, hours_of
from surveys.instrument import items_of
from surveys.models import (
    Case,
    CaseKind,
    CasePolicy,
    CaseRule,
    Cause,
    Contact,
    Item,
    Survey,
    Told,
)

LONG = 4000
NOT_HERE = (Told.MAIL, Told.PUBLIC)


def moments_of(cycle: Cycle) -> Any:
    return Moment.objects.filter(stage__cycle=cycle, deleted_at=None).order_by("stage__position", "position")


class FactsForm(TidyForm, forms.ModelForm):
    """What a case is about: also the form that opens one by hand."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the customer"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("So that the customer can be told. Empty where nobody knows who it was."),
    )
    customer = forms.CharField(label=gettext_lazy("Name of the customer"), required=False, max_length=120)

    class Meta:
        model = Case
        fields = ("title", "kind", "moment", "description", "temper")
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self.fields["moment"].queryset = moments_of(cycle)  # type: ignore[attr-defined]
        self.fields["temper"].label = _("How the customer takes it")
        self.fields["temper"].help_text = _(
            "A note for handling this case: it goes with the case, and says nothing about a person."
        )
        if self.instance.pk:
            del self.fields["email"], self.fields["customer"]
            self.fields["title"].required = False
        else:
            self.fields["title"].required = True
            del self.fields["temper"]

    def contact(self) -> Contact | None:
        """The client's contact of that address: the one there is, or a new one."""
        email = self.cleaned_data.get("email", "")
        if not email:
            return None
        found = Contact.objects.filter(client=self.cycle.client, email__iexact=email).first()
        if found is None:
            name = self.cleaned_data["customer"]
            found = Contact.objects.create(
                client=self.cycle.client, email=email, name=name, language=self.cycle.language
            )
        return found


class OwnerForm(TidyForm, forms.Form):
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=gettext_lazy("Responsible")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_of(case.cycle.client)  # type: ignore[attr-defined]
        self.initial.setdefault("owner", case.owner_id)


class NoteForm(TidyForm, forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 2})
    )


class SpokeForm(TidyForm, forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("How"), choices=[c for c in Told.choices if c[0] not in NOT_HERE]
    )
    said = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CloseForm(TidyForm, forms.Form):
    """How the customer was told. Whether that closes the case is decided by surveys/cases/closing.py."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How the customer is told"), choices=(), widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("What the customer is told"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Needed where the mail goes from here; otherwise a note of what was said. An empty line begins a "
            "new paragraph."
        ),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("on", timezone.localdate())
        super().__init__(*args, **kwargs)
        never = {Told.PUBLIC} if case.contact else {Told.MAIL}
        if case.contact and not may_be_written_to(case.contact):
            never.add(Told.MAIL)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Told.choices if value not in never
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel") == Told.MAIL:
            # It leaves now.
            cleaned["on"] = timezone.localdate()
            self.errors.pop("on", None)
        return cleaned


class CausesForm(TidyForm, forms.Form):
    causes = forms.ModelMultipleChoiceField(
        queryset=Cause.objects.none(),
        required=False,
        label=gettext_lazy("Root causes"),
        widget=forms.CheckboxSelectMultiple,
    )
    new = forms.CharField(label=gettext_lazy("Another cause"), required=False, max_length=80)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("causes", [cause.pk for cause in case.causes.all()])
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["causes"].queryset = Cause.objects.filter(client=case.cycle.client)  # type: ignore[attr-defined]

    def clean_new(self) -> str:
        name: str = " ".join(self.cleaned_data["new"].split())
        client = self.case.cycle.client
        if name and not named(client, name) and Cause.objects.filter(client=client).count() >= MOST:
            raise ValidationError(_("There is room for %(n)d causes.") % {"n": MOST})
        return name

    def save(self) -> None:
        chosen = list(self.cleaned_data["causes"])
        if name := self.cleaned_data["new"]:
            client = self.case.cycle.client
            chosen.append(named(client, name) or Cause.objects.create(client=client, name=name))
        self.case.causes.set(chosen)


class PolicyForm(TidyForm, forms.ModelForm):
    class Meta:
        model = CasePolicy
        fields = ("propose_after", "propose_days", "temper_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in CaseKind.choices:
            for part, hours in zip(("contact", "solve"), hours_of(self.instance, kind), strict=True):
                self.fields[f"{kind}_{part}"] = forms.IntegerField(
                    label=label,
                    initial=hours,
                    min_value=1,
                    max_value=MOST_HOURS,
                    widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
                )
        self.fields["temper_days"].label = _("Days after closing on which the handling note is erased")

    @property
    def hours(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [
            (str(label), self[f"{kind}_contact"], self[f"{kind}_solve"]) for kind, label in CaseKind.choices
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind in CaseKind.values:
            contact, solve = cleaned.get(f"{kind}_contact"), cleaned.get(f"{kind}_solve")
            if contact and solve and contact > solve:
                self.add_error(f"{kind}_solve", _("At least as many hours as until the contact."))
        return cleaned

    def save(self, commit: bool = True) -> CasePolicy:
        told = self.cleaned_data
        self.instance.hours = {
            kind: [told[f"{kind}_contact"], told[f"{kind}_solve"]] for kind in CaseKind.values
        }
        saved: CasePolicy = super().save(commit=False)
        # Not the numbers of deleted cases: one may be deleted at this moment.
        saved.save(update_fields=[*self.Meta.fields, "hours"] if saved.pk else None)
        return saved


def at_most(most: int, low: int = 1) -> list[tuple[str, str]]:
    return [("", "–"), *((str(n), str(n)) for n in range(low, most + 1))]


class RuleForm(TidyForm, forms.ModelForm):
    """When an answer opens a case by itself. Open at any time: it is no part of what customers see."""

    class Meta:
        model = CaseRule
        fields = ("is_on", "moment_at_most", "overall_at_most", "nps_at_most", "owner")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        top = survey.scale_max - 1
        self.limit("moment_at_most", _("A moment is rated at most"), top)
        self.limit("overall_at_most", _("Overall satisfaction is at most"), top)
        self.limit("nps_at_most", _("Recommendation is at most"), 9, low=0)
        self.fields["is_on"].label = _("A low score opens a case by itself")
        self.fields["owner"].queryset = owners_of(survey.cycle.client)  # type: ignore[attr-defined]
        self.fields["owner"].label = _("Who is responsible at first")
        self.items = self._items()
        for item in self.items:
            self.limit(f"m{item.moment_id}", str(item.moment), top, usual=True)
            own = self.instance.moments.get(str(item.moment_id))
            self.initial[f"m{item.moment_id}"] = "" if own is None else own

    def _items(self) -> list[Item]:
        survey = self.survey
        # Of a draft they come with their moments.
        found = survey.items.select_related("moment") if survey.frozen_at else items_of(survey)
        return [item for item in found if item.moment_id and not item.is_requirement]

    def limit(self, name: str, label: str, most: int, low: int = 1, *, usual: bool = False) -> None:
        choices = at_most(most, low)
        if usual:
            choices = [("", _("as usual")), ("0", _("never")), *choices[1:]]
        self.fields[name] = forms.TypedChoiceField(
            label=label,
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.Select(attrs={"class": "input"}),
        )
        if not usual:
            self.initial[name] = getattr(self.instance, name)

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[f"m{item.moment_id}"] for item in self.items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        limits = [
            "moment_at_most",
            "overall_at_most",
            "nps_at_most",
            *(f"m{i.moment_id}" for i in self.items),
        ]
        if (
            cleaned.get("is_on")
            and not self.errors
            and not any(cleaned.get(name) is not None for name in limits)
        ):
            self.add_error("is_on", _("Say which score is low."))
        return cleaned

    def save(self, commit: bool = True) -> CaseRule:
        told = self.cleaned_data
        self.instance.moments = {
            str(item.moment_id): told[f"m{item.moment_id}"]
            for item in self.items
            if told[f"m{item.moment_id}"] is not None
        }
        saved: CaseRule = super().save(commit)
        return saved
