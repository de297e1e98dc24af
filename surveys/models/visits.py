"""Visits of mystery shoppers: who goes where and when, what each saw, how much each criterion counts.

The shopper stands in a table of its own, which only editors reach: a visit tells nobody who made it.
"""

import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Client
from surveys.models.instrument import Item, Survey, Wave

MOST_WEIGHT = 100


class Criterion(models.TextChoices):
    """What a mystery shopper looks at in every moment."""

    TONE = "tone", pgettext_lazy("mystery criterion", "Tone of language")
    COURTESY = "courtesy", pgettext_lazy("mystery criterion", "Courtesy")
    SALES = "sales", pgettext_lazy("mystery criterion", "Sales opportunities")
    PRODUCT = "product", pgettext_lazy("mystery criterion", "Product knowledge")
    TIME = "time", pgettext_lazy("mystery criterion", "Attention time")
    RESOLUTION = "resolution", pgettext_lazy("mystery criterion", "Problem resolution")


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of visit", "Planned")
    DONE = "done", pgettext_lazy("state of visit", "Done")
    REVIEWED = "reviewed", pgettext_lazy("state of visit", "Reviewed")


class Shopper(models.Model):
    """Who visits in secret. Only editors may know; erased without a trace (surveys/visits/erasing.py)."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="shoppers")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    # A colleague who visits: the name above stays as it was when they were chosen.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(F("client"), Lower("name"), Lower("email"), name="shopper_once_a_client"),
        ]

    def __str__(self) -> str:
        return self.name


class CriterionWeight(models.Model):
    """How much a criterion counts in a survey; one without a row counts one, like all the others."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="criterion_weights")
    criterion = models.CharField(max_length=10, choices=Criterion)
    weight = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(MOST_WEIGHT)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "criterion"], name="criterion_weight_once_a_survey"),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="criterion_weight_criterion_known"
            ),
            models.CheckConstraint(condition=Q(weight__lte=100), name="criterion_weight_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.weight}"


class Visit(models.Model):
    """One visit to one place: planned, then filled in at its link or by a consultant, then reviewed."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="visits")
    shopper = models.ForeignKey(
        Shopper, on_delete=models.SET_NULL, null=True, blank=True, related_name="visits"
    )
    place = models.CharField(_("place"), max_length=80)
    day = models.DateField(_("day"))
    arrived_at = models.TimeField(_("arrived"), null=True, blank=True)
    left_at = models.TimeField(_("left"), null=True, blank=True)
    # What the shopper is to do there: "ask for a size that is not on the rack".
    scenario = models.TextField(_("scenario"), blank=True, max_length=2000)
    notes = models.TextField(_("notes"), blank=True, max_length=4000)
    state = models.CharField(max_length=8, choices=VisitState, default=VisitState.PLANNED)
    # The form half filled in, by name of its fields; emptied once it is sent.
    draft = models.JSONField(default=dict, blank=True)
    # As of an invitation: nothing in the database opens the link.
    nonce = models.BinaryField(max_length=16)
    key_version = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["day", "place", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_known"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True)
                | Q(left_at__isnull=True)
                | Q(left_at__gte=F("arrived_at")),
                name="visit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", done_at__isnull=True)
                | (~Q(state="planned") & Q(done_at__isnull=False)),
                name="visit_done_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} · {self.day:%Y-%m-%d}"

    @property
    def is_planned(self) -> bool:
        return self.state == VisitState.PLANNED

    @property
    def minutes(self) -> int | None:
        """How long it took."""
        if self.arrived_at is None or self.left_at is None:
            return None
        return (self.left_at.hour - self.arrived_at.hour) * 60 + self.left_at.minute - self.arrived_at.minute


class VisitScore(models.Model):
    """One criterion in one moment of one visit: a point, or not applicable. No row: no answer."""

    client_path: ClassVar[str] = "visit__wave__survey__cycle__client"

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="visit_scores")
    criterion = models.CharField(max_length=10, choices=Criterion)
    value = models.PositiveSmallIntegerField(null=True)
    applies = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item", "criterion"], name="visit_score_once_a_criterion"
            ),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="visit_score_criterion_known"
            ),
            models.CheckConstraint(
                # An empty value is neither true nor false to a database: said outright.
                condition=Q(applies=True, value__isnull=False, value__range=(1, 10))
                | Q(applies=False, value__isnull=True),
                name="visit_score_value_or_not_applicable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.item_id} {self.criterion}: {self.value if self.applies else '–'}"


def photo_path(photo: "VisitPhoto", name: str) -> str:
    """Never the name that the file had on somebody's phone."""
    del name
    return f"visits/{secrets.token_hex(16)}.{photo.content_type.rpartition('/')[2]}"


class VisitPhoto(models.Model):
    """A picture of what was found, decoded and written anew: nothing of the phone travels with it."""

    client_path: ClassVar[str] = "visit__wave__survey__cycle__client"

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    # What it shows; empty: the visit as a whole.
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file = models.FileField(upload_to=photo_path)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(_("Photo %(number)d") % {"number": self.pk or 0})
