"""Whom a client asks: contacts, the lists they come from, segments, and who is never written to again."""

from typing import ClassVar

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
    rules = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="segment_name_once_a_client")]

    def __str__(self) -> str:
        return self.name
