"""Asking: contacts, the frozen instrument, its waves, the outbox, what came back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Client
from cycles.models import Cycle, Moment


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
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(F("client"), Lower("email"), name="contact_once_a_client"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Respondent(models.TextChoices):
    CUSTOMER = "customer", pgettext_lazy("respondent", "Customer")
    MYSTERY_SHOPPER = "mystery_shopper", pgettext_lazy("respondent", "Mystery shopper")
    STAFF = "staff", pgettext_lazy("respondent", "Staff")


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("status of survey", "Draft")
    OPEN = "open", pgettext_lazy("status of survey", "Open")
    CLOSED = "closed", pgettext_lazy("status of survey", "Closed")


class Address(models.TextChoices):
    """How customers are addressed in Spanish."""

    TU = "tu", "tú"
    USTED = "usted", "usted"


class Survey(models.Model):
    """The instrument. Draft: follows the cycle. Opened: frozen for ever, asked in waves."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="surveys")
    name = models.CharField(_("name"), max_length=120)
    brand = models.CharField(
        _("brand"), max_length=60, help_text=_("The name that customers know the company by.")
    )
    respondent = models.CharField(
        _("respondent"), max_length=16, choices=Respondent, default=Respondent.CUSTOMER
    )
    address = models.CharField(_("form of address"), max_length=5, choices=Address, default=Address.TU)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    scale_max = models.PositiveSmallIntegerField(
        _("scale"), default=5, choices=[(n, f"1–{n}") for n in (5, 7, 10)]
    )
    asks_importance = models.BooleanField(_("asks importance"), default=True)
    asks_overall = models.BooleanField(_("asks overall satisfaction"), default=True)
    asks_nps = models.BooleanField(_("asks recommendation (NPS)"), default=True)
    asks_comment = models.BooleanField(_("asks for a comment"), default=True)
    contact_address = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Where a customer whose link no longer works can write."),
    )
    # A draft asks about every moment of the map but these.
    left_out = models.ManyToManyField(Moment, related_name="left_out_of", blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(scale_max__in=[5, 7, 10]), name="survey_scale_known"),
            models.CheckConstraint(condition=Q(address__in=Address.values), name="survey_address_known"),
            models.CheckConstraint(
                condition=Q(respondent__in=Respondent.values), name="survey_respondent_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One moment asked about, in the words it had when the survey was opened."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="items")
    # The map may lose a moment; the question and its answers stay.
    moment = models.ForeignKey(Moment, on_delete=models.SET_NULL, null=True, related_name="items")
    position = models.PositiveIntegerField()
    wording = models.JSONField(default=dict)
    stage = models.JSONField(default=dict)
    is_critical = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="item_position_once_a_survey"),
            models.UniqueConstraint(fields=["survey", "moment"], name="item_once_a_moment"),
        ]

    def __str__(self) -> str:
        return next(iter(self.wording.values()), str(self.position))

    def text(self, language: str) -> str:
        return self.wording.get(language) or str(self)


class Wave(models.Model):
    """One round of asking with the same instrument."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waves")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=60)
    status = models.CharField(max_length=6, choices=SurveyStatus, default=SurveyStatus.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Raised with every deletion or edit of an answer (surveys/erasure.py), so that whoever keeps sums
    # of the answers knows that they no longer only grow.
    erasures = models.PositiveBigIntegerField(default=0, editable=False)
    # Whom the consultant has gathered; each becomes an invitation when sending starts.
    recipients = models.ManyToManyField(Contact, related_name="waves", blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="wave_number_once_a_survey"),
            models.CheckConstraint(condition=Q(status__in=SurveyStatus.values), name="wave_status_known"),
            models.CheckConstraint(
                condition=Q(status="draft", opened_at__isnull=True)
                | Q(status="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(status="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="wave_dates_go_with_status",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Open, and the closing day (in the server's zone) not yet over."""
        return self.status == SurveyStatus.OPEN and not (
            self.closes_on and self.closes_on < timezone.localdate()
        )


class ContactFile(models.Model):
    """A file or a pasted list of contacts between its preview and its import.

    One a wave: a new one takes the place of the last. The text is emptied once imported.
    """

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="contact_file")
    name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    # What each column holds, as surveys/recipients.py names it; empty: as guessed.
    mapping = models.JSONField(default=list)
    # {"added": 3, "changed": 0, ...} once imported.
    summary = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(imported_at__isnull=True) | Q(text=""), name="contact_file_emptied_once_imported"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.wave}"


class Invitation(models.Model):
    """One contact asked to answer one wave, by one secret link (surveys/links.py)."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="invitations")
    # The link is HMAC(key, id, nonce): nothing in the database opens it; a new nonce revokes it.
    nonce = models.BinaryField(max_length=16)
    key_version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # A hint only: mail scanners open links too.
    opened_at = models.DateTimeField(null=True, blank=True)
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
    started_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
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


class OutgoingMail(models.Model):
    """The outbox: one row a mail, written in the transaction that decides to send it.

    docs/adr/0003 and surveys/delivery.py say how a row is sent once.
    """

    client_path: ClassVar[str] = "campaign__wave__survey__cycle__client"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="mails")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=12, default="invitation")
    round = models.PositiveSmallIntegerField(default=0)
    recipient = models.EmailField()
    message_id = models.CharField(max_length=120, unique=True)
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
            models.UniqueConstraint(fields=["invitation", "kind", "round"], name="mail_once_a_round"),
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


class SenderPause(models.Model):
    """The mail server turned the whole sender away: all its mail rests a while, and no row is to blame."""

    sender = models.EmailField(unique=True)
    until = models.DateTimeField()
    # How often in a row: each pause is longer than the last.
    failures = models.PositiveSmallIntegerField(default=0)
    relay_reply = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.sender


class Response(models.Model):
    """What came back: one press on Send."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="responses")
    # One answer a link, held by the database whatever the code does.
    invitation = models.OneToOneField(
        Invitation, on_delete=models.SET_NULL, null=True, related_name="response"
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=5, blank=True)
    overall = models.PositiveSmallIntegerField(null=True)
    nps = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True, max_length=4000)
    # Only of imported answers: how many respondents of the population this one stands for.
    weight = models.FloatField(null=True)
    # Segments as they were when the answer came; the contact may change or be erased.
    segments = models.JSONField(default=dict)
    # Tells a repeated press on Send (same answers, same receipt) from a second, different answer.
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["wave", "submitted_at"], name="response_wave_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(nps__isnull=True) | Q(nps__lte=10), name="response_nps_in_range"
            ),
            models.CheckConstraint(
                condition=Q(overall__isnull=True) | Q(overall__range=(1, 10)),
                name="response_overall_in_range",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0), name="response_weight_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} · {self.submitted_at:%Y-%m-%d}"


class Rating(models.Model):
    """Importance and satisfaction of one item in one response.

    The four kinds of "no number" (docs/statistics.md, S0): not experienced is `experienced` false;
    no answer is a row with an empty number; not asked is no row; not applicable is refused on import.
    Narrow rows with a composite key, so that nothing has to be migrated when there are millions.
    Written in the transaction of their response: who digests answers takes both by its stamp.
    """

    client_path: ClassVar[str] = "response__wave__survey__cycle__client"

    pk = models.CompositePrimaryKey("response_id", "item_id")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    importance = models.PositiveSmallIntegerField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    experienced = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(importance__isnull=True) | Q(importance__range=(1, 10)),
                name="rating_importance_in_range",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 10)),
                name="rating_satisfaction_in_range",
            ),
            models.CheckConstraint(
                condition=Q(experienced=True) | Q(satisfaction__isnull=True),
                name="rating_no_satisfaction_without_experience",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}/{self.item_id}"
