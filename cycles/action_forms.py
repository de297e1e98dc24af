"""What people type about plans and actions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cyclemap.forms import TidyForm
from cycles import approval
from cycles.actions import LEAST_EFFORT, MOST_DAYS
from cycles.forms import ONE_TO_FIVE, NumberedMoments, TranslatedNameForm, short_area
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement
from cycles.owners import people_of

EARLIEST = date(2000, 1, 1)
FURTHEST = timedelta(days=3653)  # ten years ahead
MOST_EFFORT = Decimal("99999.9")
MOST_COST = Decimal("9999999999.99")


class PlanForm(TranslatedNameForm):
    class Meta:
        model = ActionPlan
        fields = ["name", "goal", "sponsor"]
        widgets = {"goal": short_area(3)}
        help_texts = {"goal": _("What will be different when all of it is done.")}


def one_to_five(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=ONE_TO_FIVE, required=False, coerce=int, empty_value=None
    )


class MemberField(forms.ModelChoiceField):
    """A member of the workspace; who has left it is marked."""

    left: int | None = None

    def label_from_instance(self, person: User) -> str:  # type: ignore[override]
        return (
            _("%(person)s (no longer in the workspace)") % {"person": person}
            if person.pk == self.left
            else str(person)
        )


class ActionForm(TranslatedNameForm):
    owner_member = MemberField(
        User.objects.none(), label=_("Responsible, a member"), required=False, empty_label="–"
    )
    owner = forms.CharField(label=_("Or somebody else: name"), max_length=120, required=False)
    effort = one_to_five(_("Effort, 1 to 5"))
    impact = one_to_five(_("Impact, 1 to 5"))
    effort_days = forms.DecimalField(
        label=_("Effort in person-days"),
        required=False,
        localize=True,
        max_digits=6,
        decimal_places=1,
        validators=[
            MinValueValidator(LEAST_EFFORT, _("Effort is more than zero: at least 0.1 person-days.")),
            MaxValueValidator(MOST_EFFORT),
        ],
    )
    duration_days = forms.IntegerField(
        label=_("Duration in days"),
        required=False,
        validators=[
            MinValueValidator(1, _("It lasts at least one day.")),
            MaxValueValidator(MOST_DAYS, _("At most %(limit_value)s days.")),
        ],
        help_text=_("From its beginning to its end."),
    )
    cost = forms.DecimalField(
        label=_("Cost"),
        required=False,
        localize=True,
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0, _("A cost is not negative.")), MaxValueValidator(MOST_COST)],
        help_text=_("In the client's currency, without the person-days."),
    )
    lift = forms.DecimalField(
        label=_("Expected lift, in points"), required=False, localize=True, decimal_places=2
    )
    confidence = forms.IntegerField(
        label=_("Confidence, in %"),
        required=False,
        validators=[
            MinValueValidator(0, _("From 0 to 100.")),
            MaxValueValidator(100, _("From 0 to 100.")),
        ],
        help_text=_("How sure you are of the lift."),
    )

    class Meta:
        model = Action
        fields = [
            "name",
            "description",
            "plan",
            "vertex",
            "owner_member",
            "owner",
            "owner_email",
            "due_on",
            "resources",
            "effort_days",
            "duration_days",
            "cost",
            "effort",
            "impact",
            "lift",
            "confidence",
            "is_publishable",
            "said",
            "did",
            "moments",
            "requirements",
        ]
        labels = {"owner_email": _("Their e-mail")}
        help_texts = {
            "said": _("In the words of the customers."),
            "did": _("What they notice of it."),
            "is_publishable": _("On the page “You said, we did”, once the action is done."),
            "resources": _("People, rooms, licences, suppliers."),
        }
        widgets = {
            "description": short_area(3),
            "resources": short_area(2),
            "said": short_area(2),
            "did": short_area(2),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "moments": forms.CheckboxSelectMultiple,
            "requirements": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, language=cycle.language, **kwargs)
        self.cycle = cycle
        fields: dict[str, Any] = self.fields
        moments = Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
        fields["moments"].iterator = NumberedMoments
        fields["moments"].queryset = moments.select_related("stage").order_by("stage__position", "position")
        fields["requirements"].queryset = (
            Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None)
            .select_related("moment__stage")
            .order_by("moment__stage__position", "moment__position", "position")
        )
        plans = ActionPlan.objects.filter(cycle=cycle, deleted_at=None)
        fields["plan"].queryset, fields["plan"].required = plans, False
        fields["plan"].label, fields["plan"].empty_label = _("Action plan"), None
        self.offer_people(fields["owner_member"])
        low, high = cycle.scores.scale
        self.width = high - low
        fields["lift"].help_text = _(
            "Points of satisfaction on each of its moments. "
            "The scale from %(low)s to %(high)s has room for %(n)s."
        ) % {"low": low, "high": high, "n": self.width}

    def offer_people(self, field: Any) -> None:
        """Those who reach the client, and whoever has it now. Of a member, no free name beside it."""
        keys = [person.pk for person in people_of(self.cycle.client)]
        has_it = self.instance.owner_member_id
        if has_it:
            self.initial["owner"] = self.initial["owner_email"] = ""
        if has_it and has_it not in keys:
            keys.append(has_it)
            field.left = has_it
        field.queryset = User.objects.filter(pk__in=keys).order_by("name", "email")

    def clean_lift(self) -> Decimal | None:
        lift: Decimal | None = self.cleaned_data["lift"]
        if lift is not None and lift < 0:
            raise ValidationError(_("A lift is not negative."))
        if lift is not None and lift > self.width:
            raise ValidationError(
                _("The scale of the survey has room for at most %(n)s points.")
                % {"n": number_format(self.width)}
            )
        return lift

    def clean_due_on(self) -> date | None:
        due: date | None = self.cleaned_data["due_on"]
        if due is None or due == self.instance.due_on:
            return due  # a date that was right when it was written stays
        if not EARLIEST <= due <= timezone.localdate() + FURTHEST:
            raise ValidationError(_("Choose a date from the year 2000 to ten years from now."))
        begun = self.instance.launched_on
        if begun and due < begun:
            raise ValidationError(
                _("The action began on %(day)s: it cannot be due before.")
                % {"day": date_format(begun, "SHORT_DATE_FORMAT")}
            )
        return due

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("owner_member") and data.get("owner"):
            self.add_error("owner", _("Choose a member or write a name, not both."))
        if data.get("owner_email") and data.get("owner_member"):
            self.add_error("owner_email", _("A member has an address already."))
        elif data.get("owner_email") and not data.get("owner") and "owner" not in self.errors:
            self.add_error("owner", _("Write whose address it is."))
        if data.get("is_publishable"):
            for name in ("said", "did"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Customers cannot read it without this text."))
        if data.get("plan") is None and self.instance.plan_id:
            data["plan"] = self.instance.plan
        return data


class StepForm(TidyForm, forms.Form):
    """A step of an action: from the state that the page showed, to another one."""

    was = forms.ChoiceField(choices=[(state, state) for state in approval.STATES])
    status = forms.ChoiceField(choices=[(state, state) for state in approval.STATES])
    reason = forms.CharField(
        label=_("Why it goes back"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever proposed it reads this."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (
            data.get("status") == approval.SENT_BACK
            and not data.get("reason")
            and "reason" not in self.errors
        ):
            self.add_error("reason", _("Say what has to change before it can be approved."))
        return data

    def fault(self) -> str:
        """One sentence, for a page that shows no field of it."""
        if "reason" in self.errors:
            return " ".join(map(str, self.errors["reason"]))
        return str(_("That is not a status. Choose one of the list."))


class OwnerForm(TidyForm, forms.Form):
    """Somebody else takes it over."""

    owner_member = MemberField(User.objects.none(), label=_("Give it to"), required=False, empty_label="–")
    owner = forms.CharField(label=_("Or somebody else: name"), max_length=120, required=False)
    owner_email = forms.EmailField(label=_("Their e-mail"), required=False)

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [person.pk for person in people_of(cycle.client)]
        people = User.objects.filter(pk__in=keys).order_by("name", "email")
        self.fields["owner_member"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        member, name = data.get("owner_member"), data.get("owner")
        if not self.errors and bool(member) == bool(name):
            self.add_error("owner_member", _("Choose a member or write a name."))
        return data
