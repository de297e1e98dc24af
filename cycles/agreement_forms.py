"""What people type about service levels and indicators."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cycles.agreements import Measured
from cycles.choices import Agreed, Tier
from cycles.forms import TranslatedNameForm, short_area
from cycles.models import Cycle, Indicator, Moment, Requirement, ServiceLevel, Stage

WHAT_IN = {"es": _("What is measured, in Spanish"), "en": _("What is measured, in English")}
TIERS = list(Tier.values)
# What both parties agreed on: when it changes, what they accepted is another thing.
TERMS = (
    "name", "kind", "tier", "applies_to", "moment", "requirement", "above", "bound", "target_value", "unit",
    "every", "clock", "statistic", "valid_from", "valid_until", "terms", "provider", "customer",
)  # fmt: skip


def day_field() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentField(forms.ModelChoiceField):
    """Moments as the map numbers them."""

    def label_from_instance(self, obj: Any) -> str:
        numbers = getattr(self, "numbers", {})
        return f"{numbers[obj.pk]}. {obj}" if obj.pk in numbers else str(obj)


class NeedField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.moment} / {obj}"


class LevelField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_tier_display()}: {obj}"


class MeasuredForm(TranslatedNameForm):
    """What service levels and indicators have in common."""

    labels_by_language = WHAT_IN
    target_value = forms.DecimalField(
        label=_("Target"), max_digits=12, decimal_places=2, required=False, localize=True
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, language=cycle.language, **kwargs)
        self.instance.cycle = cycle
        if self.instance.pk:
            self.initial["target_value"] = trimmed(self.instance.target_value)
        self.fields["unit"].widget.attrs["placeholder"] = _("minutes, % of calls")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk and measured(self.instance):
            if data.get("clock") and not self.instance.clock:
                self.add_error(
                    "clock", _("Results were typed in. Delete them before the cases are counted instead.")
                )
            if data.get("every") and data["every"] != was(self.instance, "every"):
                self.add_error("every", _("There are results already. Delete them before you change this."))
        return data


def trimmed(value: Decimal | None) -> Decimal | None:
    """Without zeros that say nothing, and never as 1E+3."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def was(instance: Measured, name: str) -> Any:
    return instance.remembered.get(name, getattr(instance, name))


def measured(thing: Measured) -> bool:
    rows: Any = thing.measurements  # type: ignore[attr-defined]
    return bool(rows.filter(deleted_at=None).exists())


class LevelForm(MeasuredForm):
    moment = MomentField(
        Moment.objects.none(),
        label=_("Moment"),
        required=False,
        empty_label="–",
        help_text=_("Empty: the whole cycle."),
    )
    requirement = NeedField(
        Requirement.objects.none(), label=_("Requirement"), required=False, empty_label="–"
    )
    above = LevelField(
        ServiceLevel.objects.none(),
        label=_("Wider level"),
        required=False,
        empty_label="–",
        help_text=_("Customer overrides department, department overrides corporate."),
    )

    class Meta:
        model = ServiceLevel
        fields = [
            "name", "category", "moment", "requirement", "kind", "tier", "above", "applies_to",
            "bound", "target_value", "unit", "every", "clock", "statistic", "responsible",
            "valid_from", "valid_until", "terms",
            "provider", "provider_signer", "provider_accepted_on",
            "customer", "customer_signer", "customer_accepted_on",
        ]  # fmt: skip
        widgets = {
            "terms": short_area(3),
            "valid_from": day_field(),
            "valid_until": day_field(),
            "provider_accepted_on": day_field(),
            "customer_accepted_on": day_field(),
        }
        help_texts = {
            "name": _("For example: time until a question is answered."),
            "applies_to": _("The customer, the business area or the department."),
            "target_value": _("Empty: that of the requirement, or of the wider level."),
            "clock": _("The hours of the cases make the results; nothing is typed in."),
            "terms": _("What is left out, and what happens when it is missed."),
        }

    sections = (
        (_("The promise"), ("name", "name_elsewhere", "category", "moment", "requirement")),
        (_("Target"), ("bound", "target_value", "unit")),
        (_("Measurement"), ("every", "clock", "statistic", "responsible")),
    )
    # Folded away until a level is edited: a first promise needs none of it.
    rare_sections = (
        (_("Type"), ("kind", "tier", "above", "applies_to")),
        (_("Validity and conditions"), ("valid_from", "valid_until", "terms")),
        (_("Who provides the service"), ("provider", "provider_signer", "provider_accepted_on")),
        (_("Who receives it"), ("customer", "customer_signer", "customer_accepted_on")),
    )

    def __init__(self, *args: Any, cycle: Cycle, numbers: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, cycle=cycle, **kwargs)
        moments = Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
        needs = Requirement.objects.filter(
            moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None
        )
        wider = ServiceLevel.objects.filter(
            cycle=cycle, deleted_at=None, kind=Agreed.MULTILEVEL, tier__in=TIERS[:-1]
        ).exclude(pk=self.instance.pk)
        order = ("stage__position", "position")
        self.fields["moment"].queryset = moments.order_by(*order)  # type: ignore[attr-defined]
        self.fields["moment"].numbers = numbers  # type: ignore[attr-defined]
        self.fields["requirement"].queryset = needs.select_related("moment").order_by(  # type: ignore[attr-defined]
            *(f"moment__{name}" for name in order), "position"
        )
        self.fields["above"].queryset = wider  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return self.grouped(self.sections)

    @property
    def rare_groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return self.grouped(self.rare_sections)

    def grouped(self, sections: Any) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in sections]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_kind(data)
        self.check_place(data)
        self.check_target(data)
        self.check_days(data)
        return data

    def check_kind(self, data: dict[str, Any]) -> None:
        kind, tier, above = data.get("kind"), data.get("tier"), data.get("above")
        if kind != Agreed.MULTILEVEL:
            data["tier"], data["above"] = "", None
        elif not tier:
            self.add_error("tier", _("A multilevel agreement has a tier: choose one."))
        elif above and TIERS.index(above.tier) >= TIERS.index(tier):
            self.add_error("above", _("The wider level has to be of a wider tier than this one."))
        named = kind == Agreed.CUSTOMER or data.get("tier") in TIERS[1:]
        if named and not data.get("applies_to") and "applies_to" not in self.errors:
            self.add_error("applies_to", _("Say for whom it holds."))

    def check_place(self, data: dict[str, Any]) -> None:
        need = data.get("requirement")
        if need is None:
            return
        if data.get("moment") is None:
            data["moment"] = need.moment
        elif data["moment"].pk != need.moment_id:
            self.add_error(
                "requirement",
                _("This requirement is of another moment: %(moment)s.") % {"moment": need.moment},
            )

    def check_target(self, data: dict[str, Any]) -> None:
        if "target_value" in self.errors:
            return
        value, bound, need = data.get("target_value"), data.get("bound"), data.get("requirement")
        inherited = need is not None and need.target_value is not None
        if bound and value is None:
            self.add_error("target_value", _("Write the number of the service level."))
        elif value is not None and not bound:
            self.add_error("bound", _("Say whether the number is the most or the least."))
        elif value is None and data.get("unit"):
            self.add_error("target_value", _("A unit needs a number before it."))
        elif value is None and not inherited and not data.get("above"):
            self.add_error("target_value", _("Write the target, or choose what it is taken from."))
        elif value is None and need and inherited and not data.get("above") and self.taken(need):
            self.add_error("requirement", _("This requirement has a service level already."))

    def taken(self, need: Requirement) -> bool:
        rows = ServiceLevel.objects.filter(requirement=need, target_value=None, above=None, deleted_at=None)
        return rows.exclude(pk=self.instance.pk).exists()

    def check_days(self, data: dict[str, Any]) -> None:
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("It ends before it begins."))
        for party in ("provider", "customer"):
            day = data.get(f"{party}_accepted_on")
            if day and day > timezone.localdate():
                self.add_error(f"{party}_accepted_on", _("This day has not come yet."))
            elif day and not data.get(party):
                self.add_error(party, _("Say who accepted it."))

    def save(self, commit: bool = True) -> Any:
        """What was accepted by both and is changed after is a new version, to be accepted anew."""
        level, before = self.instance, self.instance.remembered
        accepted = before.get("provider_accepted_on") and before.get("customer_accepted_on")
        changed = [name for name in TERMS if value_in(before, level, name) != now(level, name)]
        if level.pk and accepted and changed:
            level.version += 1
            for name in ("provider_accepted_on", "customer_accepted_on"):
                if getattr(level, name) == before.get(name):
                    setattr(level, name, None)
        return super().save(commit)


def now(level: ServiceLevel, name: str) -> Any:
    return getattr(level, level._meta.get_field(name).attname)  # type: ignore[union-attr]


def value_in(before: Mapping[str, Any], level: ServiceLevel, name: str) -> Any:
    attname = level._meta.get_field(name).attname  # type: ignore[union-attr]
    return before.get(attname, now(level, name))


class IndicatorForm(MeasuredForm):
    where = forms.ChoiceField(label=_("Stage or moment"))

    class Meta:
        model = Indicator
        fields = [
            "name", "category", "bound", "target_value", "unit", "every", "clock", "statistic", "responsible",
        ]  # fmt: skip
        help_texts = {
            "name": _("For example: enquiries that end in a purchase."),
            "bound": _("Whether less or more of it is better."),
            "clock": _("The hours of the cases make the results; nothing is typed in."),
        }

    def __init__(self, *args: Any, cycle: Cycle, numbers: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, cycle=cycle, **kwargs)
        self.stages = {f"s{stage.pk}": stage for stage in Stage.objects.filter(cycle=cycle)}
        rows = Moment.objects.filter(stage__cycle=cycle, deleted_at=None).select_related("stage")
        self.moments = {f"m{moment.pk}": moment for moment in rows.order_by("stage__position", "position")}
        stages = [(key, str(stage)) for key, stage in self.stages.items()]
        moments = [(key, f"{numbers.get(one.pk, '')}. {one}") for key, one in self.moments.items()]
        field = self.fields["where"]
        field.choices = [*stages, *moments]  # type: ignore[attr-defined]
        if self.instance.pk:
            stage, moment = self.instance.stage_id, self.instance.moment_id
            field.initial = f"m{moment}" if moment else f"s{stage}"
        self.order_fields(["name", "name_elsewhere", "where", "category"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("target_value") is not None and not data.get("bound"):
            self.add_error("bound", _("Say whether the number is the most or the least."))
        where = data.get("where", "")
        self.instance.stage, self.instance.moment = self.stages.get(where), self.moments.get(where)
        return data
