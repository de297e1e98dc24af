"""How grades are given: letters or one to ten, and from where each of them begins.

Set for one cycle or for all cycles of a client; where nobody set anything, as usual.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from cycles.models import Cycle
from prioritization.analysis.grades import Thresholds

LETTERS = ("A", "B", "C", "D", "E")
TENS = tuple(str(n) for n in range(10, 0, -1))
# In percent of the scale; on one of five points A begins at 4.5, B at 4, C at 3.5, D at 3.
USUAL_LETTERS = (87.5, 75.0, 62.5, 50.0)
USUAL_TENS = (90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0)


class Scheme(models.TextChoices):
    LETTERS = "letters", _("Letters, A to E")
    TENS = "tens", _("Numbers, 10 to 1")


def usual_letters() -> list[float]:
    return list(USUAL_LETTERS)


def usual_tens() -> list[float]:
    return list(USUAL_TENS)


class GradeScale(models.Model):
    """Of one cycle, or (without one) of all cycles of the client that have none of their own."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, null=True, related_name="grade_scale")
    scheme = models.CharField(max_length=8, choices=Scheme, default=Scheme.LETTERS)
    # Percent of the scale from which each grade but the last begins, falling.
    letters = models.JSONField(default=usual_letters)
    tens = models.JSONField(default=usual_tens)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(cycle__isnull=True), name="grade_scale_once_a_client"
            ),
            models.CheckConstraint(condition=Q(scheme__in=Scheme.values), name="grade_scale_scheme_known"),
        ]

    def __str__(self) -> str:
        return str(self.cycle or self.client)

    @property
    def thresholds(self) -> Thresholds:
        if self.scheme == Scheme.TENS:
            return Thresholds(TENS, tuple(self.tens))
        return Thresholds(LETTERS, tuple(self.letters))


def scale_of(cycle: Cycle) -> GradeScale:
    """The cycle's own, else its client's, else the usual one (not saved). One query."""
    known = GradeScale.objects.filter(Q(cycle=cycle) | Q(client=cycle.client_id, cycle=None))
    found = sorted(known, key=lambda scale: scale.cycle_id is None)
    return found[0] if found else GradeScale(client_id=cycle.client_id)
