"""Whom a client asks: contacts, the lists they come from, segments, and who is never written to again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Client


class Contact(models.Model):
    """A customer of the client."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    service_on = models.DateField(_("date of the service"), null=True, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The mail server said for good that the address does not exist.
    bounced_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Called a mail of ours spam; opted out as well.
    complained_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(F("client"), Lower("email"), name="contact_once_a_client"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def may_be_asked(self) -> bool:
        return self.opted_out_at is None and self.bounced_at is None


class Why(models.TextChoices):
    """Why an address is never written to again."""

    OPTED_OUT = "opted_out", pgettext_lazy("why no mail", "Opted out")
    BOUNCED = "bounced", pgettext_lazy("why no mail", "Does not exist")
    COMPLAINED = "complained", pgettext_lazy("why no mail", "Called it spam")


class Suppression(models.Model):
    """An address that this client never writes to again, whatever list it comes back in.

    Kept as a keyed digest (surveys/suppression.py), so that it outlives the erasure of the person
    without keeping the address.
    """

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="suppressions")
    digest = models.CharField(max_length=64)
    why = models.CharField(max_length=10, choices=Why)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "digest"], name="suppression_once_a_client"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="suppression_why_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()} · {self.digest[:8]}"


class Segment(models.Model):
    """A saved choice of contacts by what is known of them."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(_("name"), max_length=80)
    # [{"attribute": "city", "is": ["Cali", "Bogotá"]}, ...]: all of them hold, each by any of its values.
    # surveys/segments.py says which rules there are.
    rules = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # In the bin: may be taken out again as long as its name is free.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name"],
                condition=Q(deleted_at=None),
                name="segment_name_once_a_client",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ListState(models.TextChoices):
    """reading -> mapping -> queued -> running -> done, or refused when it cannot be read."""

    READING = "reading", pgettext_lazy("state of list", "Being read")
    MAPPING = "mapping", pgettext_lazy("state of list", "To be looked at")
    QUEUED = "queued", pgettext_lazy("state of list", "Waiting")
    RUNNING = "running", pgettext_lazy("state of list", "Being imported")
    DONE = "done", pgettext_lazy("state of list", "Imported")
    REFUSED = "refused", pgettext_lazy("state of list", "Refused")


class ContactImport(models.Model):
    """A list of contacts between its upload and its import, then the figures of what it brought.

    The row is the job as well (surveys/contact_jobs.py).
    """

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_imports")
    # Whose recipients the contacts become as well.
    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    # Of what was uploaded: the same list again is told apart from another.
    fingerprint = models.CharField(max_length=64)
    # As uploaded, then as text, compressed; emptied once imported or refused.
    content = models.BinaryField()
    is_text = models.BooleanField(default=False)
    # What each column holds, as surveys/recipients.py names it; empty: as guessed.
    mapping = models.JSONField(default=list)
    # Where list and contact differ: "file" or "ours"; empty as long as nobody has said.
    wins = models.CharField(max_length=4, blank=True)
    # What is in it (surveys/contact_look.py); once it is imported only figures, nobody's name or address.
    looked = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ListState, default=ListState.READING)
    # Rows read or imported so far.
    progress = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ListState.values), name="contact_import_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.client} · {self.uploaded_at:%Y-%m-%d}"

    @property
    def is_live(self) -> bool:
        """Still to be waited for."""
        return self.state in (ListState.READING, ListState.QUEUED, ListState.RUNNING)
