"""What is kept of a cycle as a document: its named versions, and templates made of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace


class Version(models.Model):
    """A cycle as it was on a day, under a name: "As-is, March"."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(_("name"), max_length=80)
    document = models.JSONField()
    # Of name and document: the same version asked for twice is one.
    fingerprint = models.CharField(max_length=64, editable=False)
    author = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "fingerprint"],
                condition=Q(deleted_at=None),
                name="version_once_a_cycle",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OwnTemplate(models.Model):
    """A cycle of the workspace to begin others from; nothing of its client is in it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64, editable=False)
    author = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "fingerprint"],
                condition=Q(deleted_at=None),
                name="template_once_a_workspace",
            )
        ]

    def __str__(self) -> str:
        return self.name
