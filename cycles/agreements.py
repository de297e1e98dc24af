"""What is agreed and what is measured: service levels, indicators, and their results period by period."""

from datetime import date
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cycles.choices import Agreed, Bound, Category, Clock, Every, Statistic, Tier
from cycles.copied import Copied
from cycles.trail import Records, Remembered


class Measured(Copied, Remembered):
    """Something of which a number is known, period by period."""

    client_path: ClassVar[str] = "cycle__client"

    name = models.CharField(_("what is measured"), max_length=160)
    category = models.CharField(_("category"), max_length=16, choices=Category)
    bound = models.CharField(_("direction"), max_length=8, choices=Bound, blank=True)
    target_value = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    responsible = models.CharField(_("who answers for it"), max_length=120, blank=True)
    every = models.CharField(_("measured every"), max_length=8, choices=Every, default=Every.MONTH)
    # Computed from the cases: nothing is typed in.
    clock = models.CharField(_("computed from the cases"), max_length=12, choices=Clock, blank=True)
    statistic = models.CharField(
        _("what stands for a period"), max_length=8, choices=Statistic, default=Statistic.MEDIAN
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text("name")

    def period(self, day: date) -> date:
        """The first day of the period it lies in."""
        return day.replace(day=1) if self.every == Every.MONTH else day


KNOWN = (
    ("category", Q(category__in=Category.values)),
    ("bound", Q(bound__in=["", *Bound.values])),
    ("every", Q(every__in=Every.values)),
    ("clock", Q(clock__in=["", *Clock.values])),
    ("statistic", Q(statistic__in=Statistic.values)),
)


def known(name: str) -> list[models.BaseConstraint]:
    return [models.CheckConstraint(condition=rule, name=f"{name}_{field}_known") for field, rule in KNOWN]


class ServiceLevel(Measured):
    """A target two parties agreed on, for a moment, a requirement, or the whole cycle."""

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="service_levels")
    kind = models.CharField(_("type of service level"), max_length=12, choices=Agreed, default=Agreed.SERVICE)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, blank=True)
    moment = models.ForeignKey(
        "cycles.Moment", on_delete=models.CASCADE, null=True, blank=True, related_name="service_levels"
    )
    requirement = models.ForeignKey(
        "cycles.Requirement", on_delete=models.SET_NULL, null=True, blank=True, related_name="service_levels"
    )
    # The wider tier it makes specific; without a target of its own it has that one's.
    above = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="below")
    applies_to = models.CharField(_("for whom"), max_length=120, blank=True)
    terms = models.TextField(_("conditions"), blank=True, max_length=2000)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(
        _("version"), default=1, validators=[MinValueValidator(1)], editable=False
    )
    provider = models.CharField(_("who provides the service"), max_length=120, blank=True)
    provider_signer = models.CharField(_("signs for the provider"), max_length=120, blank=True)
    provider_accepted_on = models.DateField(_("accepted on by the provider"), null=True, blank=True)
    customer = models.CharField(_("who receives it"), max_length=120, blank=True)
    customer_signer = models.CharField(_("signs for the customer"), max_length=120, blank=True)
    customer_accepted_on = models.DateField(_("accepted on by the customer"), null=True, blank=True)
    # Whether its latest result missed the target; kept by `cycles.service_levels.settle` for the map.
    is_missed = models.BooleanField(default=False, editable=False)

    history = Records("cycle")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *known("service_level"),
            models.CheckConstraint(condition=Q(kind__in=Agreed.values), name="service_level_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=Agreed.MULTILEVEL, tier__in=Tier.values)
                | (~Q(kind=Agreed.MULTILEVEL) & Q(tier="")),
                name="service_level_tier_of_multilevel",
            ),
            models.CheckConstraint(
                condition=Q(target_value__isnull=True, bound="")
                | (Q(target_value__isnull=False) & ~Q(bound="")),
                name="service_level_target_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="service_level_ends_after_it_begins",
            ),
            # What is asked for twice, as a click on a requirement may be, is one.
            models.UniqueConstraint(
                fields=["requirement"],
                condition=Q(
                    requirement__isnull=False, target_value__isnull=True, deleted_at=None, above=None
                ),
                name="service_level_takes_a_requirement_once",
            ),
        ]

    @property
    def is_accepted(self) -> bool:
        return bool(self.provider_accepted_on and self.customer_accepted_on)

    @property
    def accepted_on(self) -> date | None:
        """The day the second of both accepted."""
        if self.provider_accepted_on and self.customer_accepted_on:
            return max(self.provider_accepted_on, self.customer_accepted_on)
        return None

    @property
    def kind_label(self) -> str:
        label = str(self.get_kind_display())
        return f"{label}: {str(self.get_tier_display()).lower()}" if self.tier else label

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Indicator(Measured):
    """A number that is followed, of a stage or of a moment, with a target or none."""

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="indicators")
    stage = models.ForeignKey(
        "cycles.Stage", on_delete=models.CASCADE, null=True, blank=True, related_name="indicators"
    )
    moment = models.ForeignKey(
        "cycles.Moment", on_delete=models.CASCADE, null=True, blank=True, related_name="indicators"
    )
    # The key of the suggestion it began as, which says where that comes from.
    suggested = models.CharField(max_length=40, blank=True)

    history = Records("cycle")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *known("indicator"),
            models.CheckConstraint(
                condition=Q(stage__isnull=False, moment__isnull=True)
                | Q(stage__isnull=True, moment__isnull=False),
                name="indicator_of_a_stage_or_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(target_value__isnull=True) | ~Q(bound=""), name="indicator_target_has_direction"
            ),
            models.UniqueConstraint(
                fields=["stage", "suggested"],
                condition=~Q(suggested="") & Q(deleted_at=None, stage__isnull=False),
                name="indicator_suggested_once_a_stage",
            ),
        ]


class Measurement(Remembered):
    """The result of one period; a period without one is a gap."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="measurements")
    service_level = models.ForeignKey(
        ServiceLevel, on_delete=models.CASCADE, null=True, blank=True, related_name="measurements"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, null=True, blank=True, related_name="measurements"
    )
    # The first day of the period.
    day = models.DateField(_("period"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    note = models.CharField(_("note"), max_length=200, blank=True)
    typed_by = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = Records("cycle")

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service_level__isnull=False, indicator__isnull=True)
                | Q(service_level__isnull=True, indicator__isnull=False),
                name="measurement_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["service_level", "day"],
                condition=Q(deleted_at=None, service_level__isnull=False),
                name="measurement_once_a_period_of_a_level",
            ),
            models.UniqueConstraint(
                fields=["indicator", "day"],
                condition=Q(deleted_at=None, indicator__isnull=False),
                name="measurement_once_a_period_of_an_indicator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing}, {period_name(self.day, self.thing.every)}"

    @cached_property
    def thing(self) -> "ServiceLevel | Indicator":
        thing = self.service_level or self.indicator
        assert thing
        return thing


def period_name(day: date, every: str) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT" if every == Every.MONTH else "SHORT_DATE_FORMAT")
