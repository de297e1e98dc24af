"""The outbox: invitations, what the mail says, one row a mail."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.models.instrument import Wave
from surveys.models.people import Contact, Segment


class Invitation(models.Model):
    """One contact asked to answer one wave, by one secret link (surveys/links.py)."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    # The unique constraint begins with it.
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="invitations")
    # The link is HMAC(key, id, nonce): nothing in the database opens it; a new nonce revokes it.
    nonce = models.BinaryField(max_length=16)
    key_version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # A hint only: mail scanners open links too.
    opened_at = models.DateTimeField(null=True, blank=True)
    # Of an anonymous survey all that is kept of an answer here: that there is one, and no hour.
    answered_on = models.DateField(null=True, blank=True, editable=False)
    # When a person first saved or sent something at this link.
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "contact"], name="invitation_once_a_wave"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.wave}"


class Campaign(models.Model):
    """What a wave's mail says and who it is from: frozen once sending has begun."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="campaigns")
    sender_name = models.CharField(_("sender"), max_length=60)
    reply_to = models.EmailField(_("reply to"), blank=True)
    # {"es": {"subject": ..., "body": ...}, "en": {...}}, with the placeholders of surveys/wording.py
    texts = models.JSONField(default=dict)
    segment = models.ForeignKey(Segment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    # The zone in which a person said so: America/Bogota.
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    # Days after the first mail on which those who have not answered are reminded: [4, 9]; at most two.
    reminder_days = models.JSONField(default=list, blank=True)
    # Nobody is asked who was asked by this client so many days ago or fewer.
    cap_days = models.PositiveSmallIntegerField(_("days between two surveys"), default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    # Why sending paused by itself; empty when a person paused it.
    pause_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.wave} · {self.sender_name}"


class MailState(models.TextChoices):
    """queued -> claimed -> transmitting -> sent | failed | unconfirmed, and the side roads."""

    QUEUED = "queued", pgettext_lazy("state of mail", "Queued")
    CLAIMED = "claimed", pgettext_lazy("state of mail", "About to be sent")
    TRANSMITTING = "transmitting", pgettext_lazy("state of mail", "Being sent")
    SENT = "sent", pgettext_lazy("state of mail", "Sent")
    FAILED = "failed", pgettext_lazy("state of mail", "Refused")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("state of mail", "Unconfirmed")
    HELD = "held", pgettext_lazy("state of mail", "Held")
    CANCELLED = "cancelled", pgettext_lazy("state of mail", "Cancelled")
    SUPPRESSED = "suppressed", pgettext_lazy("state of mail", "Not sent: opted out")
    BOUNCED = "bounced", pgettext_lazy("state of mail", "Bounced")
    CAPPED = "capped", pgettext_lazy("state of mail", "Asked lately")


class OutgoingMail(models.Model):
    """The outbox: one row a mail, written in the transaction that decides to send it.

    docs/adr/0003 and surveys/delivery.py say how a row is sent once.
    """

    client_path: ClassVar[str] = "campaign__wave__survey__cycle__client"

    # A mail of a campaign to somebody invited, or the mail that ends a case (surveys/cases/mail.py).
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="mails")
    # The unique constraints below begin with these two; each index less is less to write three times a mail.
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, related_name="mails", db_index=False
    )
    case = models.ForeignKey(
        "surveys.Case", on_delete=models.CASCADE, null=True, related_name="mails", db_index=False
    )
    kind = models.CharField(max_length=12, default="invitation")
    round = models.PositiveSmallIntegerField(default=0)
    recipient = models.EmailField()
    # Unique by a constraint: `unique=True` would add an index for searching by its beginning.
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=MailState, default=MailState.QUEUED)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    transmitting_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    relay_reply = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    # A person looked at an unconfirmed mail and chose to leave it.
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="mail_message_id"),
            models.UniqueConstraint(fields=["invitation", "kind", "round"], name="mail_once_a_round"),
            models.UniqueConstraint(
                fields=["case", "kind", "round"], condition=Q(case__isnull=False), name="mail_once_a_case"
            ),
            models.CheckConstraint(
                condition=Q(campaign__isnull=False, invitation__isnull=False, case__isnull=True)
                | Q(campaign__isnull=True, invitation__isnull=True, case__isnull=False),
                name="mail_of_campaign_or_case",
            ),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="mail_due",
                condition=Q(state__in=["queued", "claimed", "transmitting"]),
            )
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def addressee(self) -> Contact | None:
        """Nobody any more, where the person was erased."""
        about = self.invitation or self.case
        return about.contact if about else None


class SenderPause(models.Model):
    """The mail server turned the whole sender away: all its mail rests a while, and no row is to blame."""

    sender = models.EmailField(unique=True)
    until = models.DateTimeField()
    # How often in a row: each pause is longer than the last.
    failures = models.PositiveSmallIntegerField(default=0)
    relay_reply = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.sender


class SendingState(models.Model):
    """One row about all sending of this installation (surveys/guard.py)."""

    # Tells this database from another that a machine may have served before.
    key = models.UUIDField(default=uuid4, editable=False)
    # Raised with every batch handed out.
    epoch = models.PositiveBigIntegerField(default=0)
    # The last sign of life of any machine that sends.
    seen_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sending_state_is_one_row")]

    def __str__(self) -> str:
        return f"{self.key} {self.epoch}"
