"""What a consultant puts together for a report: presets of the composer, and the comments that are quoted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReportPreset(models.Model):
    """A choice of sections, words and filters by a name of its own; of a client, or for all of them."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey("accounts.Client", on_delete=models.CASCADE, related_name="report_presets")
    name = models.CharField(_("name"), max_length=80)
    for_all = models.BooleanField(_("for all clients of the workspace"), default=False)
    # As prioritization/reports/choice.py writes it.
    choice = models.JSONField(default=dict)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "client",
                Lower("name"),
                condition=Q(deleted_at__isnull=True),
                name="report_preset_name_once_a_client",
            )
        ]

    def __str__(self) -> str:
        return self.name


class QuotedComment(models.Model):
    """A comment that a consultant chose for the report. An erased answer takes it along."""

    client_path: ClassVar[str] = "response__wave__survey__cycle__client"

    response = models.OneToOneField("surveys.Response", on_delete=models.CASCADE, related_name="quoted")
    chosen_at = models.DateTimeField(default=timezone.now, editable=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["chosen_at", "pk"]

    def __str__(self) -> str:
        return f"{self.response_id}"
