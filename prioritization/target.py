"""What an action is to change: fixed before it begins, so that nobody chooses afterwards what rose."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cycles.models import Action, Moment
from surveys.models import Wave

LEAST_CHANGE = Decimal("0.05")


class Fixed(models.Model):
    """Which moments, of which customers, against which wave; and the change worth detecting."""

    client_path: ClassVar[str] = "action__plan__cycle__client"

    moments = models.ManyToManyField(Moment, related_name="+", verbose_name=_("target moments"))
    # As the filters of the matrix name a group of customers; both empty: everybody.
    segment_name = models.CharField(max_length=200, blank=True)
    segment_value = models.CharField(max_length=200, blank=True)
    baseline = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="+", verbose_name=_("baseline wave")
    )
    smallest_change = models.DecimalField(
        _("smallest change worth detecting"),
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(LEAST_CHANGE)],
        help_text=_("Points of satisfaction."),
    )
    fixed_at = models.DateTimeField(default=timezone.now, editable=False)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Why it was fixed anew although the action had begun.
    reason = models.TextField(_("reason"), blank=True, max_length=500)

    class Meta:
        abstract = True

    @property
    def segment(self) -> tuple[str, str] | None:
        return (self.segment_name, self.segment_value) if self.segment_name else None

    @property
    def segment_key(self) -> str:
        """As the address of the matrix has it."""
        return f"{self.segment_name}={self.segment_value}" if self.segment_name else ""

    @property
    def segment_text(self) -> str:
        return f"{self.segment_name}: {self.segment_value}" if self.segment_name else ""


class Target(Fixed):
    """What holds now. After the action began it is only fixed anew, with a reason, and the old one stays."""

    action = models.OneToOneField(Action, on_delete=models.CASCADE, related_name="target")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(smallest_change__gt=0), name="target_change_above_0"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.fixed_at:%Y-%m-%d}"


class FormerTarget(Fixed):
    """What held before, for whoever asks what was promised at first."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="former_targets")
    replaced_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.fixed_at:%Y-%m-%d} – {self.replaced_at:%Y-%m-%d}"
