"""Files that people attach: evidence of a moment, papers of an action."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def evidence_name(attachment: "KeptFile", filename: str) -> str:
    """A name nobody can guess, and nothing of what the file was called."""
    return f"evidence/{secrets.token_urlsafe(24)}"


class KeptFile(models.Model):
    """A file that was looked at before it was kept (`cycles.evidence`)."""

    file = models.FileField(upload_to=evidence_name)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2].upper()

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class Attachment(KeptFile):
    """Evidence of a moment: a photograph, a form, a price list."""

    client_path: ClassVar[str] = "moment__stage__cycle__client"

    moment = models.ForeignKey("cycles.Moment", on_delete=models.CASCADE, related_name="attachments")

    class Meta:
        ordering = ["created_at", "pk"]


class ActionFile(KeptFile):
    """What belongs to an action: the quote, the minutes, the photograph of the result."""

    client_path: ClassVar[str] = "action__plan__cycle__client"

    action = models.ForeignKey("cycles.Action", on_delete=models.CASCADE, related_name="files")

    class Meta:
        ordering = ["created_at", "pk"]
