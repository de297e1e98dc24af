"""Who gets a report, when, and by which door: mails about it, the monthly order, links without an account."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.member_mail import Letter, LetterState


class ReportKind(models.TextChoices):
    PDF = "pdf", pgettext_lazy("kind of report", "Document (PDF)")
    SLIDES = "slides", pgettext_lazy("kind of report", "Slides (PowerPoint)")
    SHEET = "sheet", pgettext_lazy("kind of report", "Spreadsheet (Excel)")


class ReportMail(Letter):
    """One person who is told by mail when a report is ready, and what became of that mail."""

    client_path: ClassVar[str] = "report__cycle__client"

    report = models.ForeignKey("prioritization.Report", on_delete=models.CASCADE, related_name="mails")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # "" where the person asked for it; of a monthly report its month, 2026-11.
    occasion = models.CharField(max_length=7, blank=True)
    with_file = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "person", "occasion"], name="report_mail_once_an_occasion"
            ),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="report_mail_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="report_mail_waiting")]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.person_id} · {self.state}"


class ReportSchedule(models.Model):
    """A report made every month for people of the client, who get a link to it by mail."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="report_schedules")
    kind = models.CharField(_("format"), max_length=12, choices=ReportKind, default=ReportKind.PDF)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    # What is in it, as the composer writes it; {}: everything.
    choice = models.JSONField(default=dict, blank=True)
    # There is a 28th in every month.
    day = models.PositiveSmallIntegerField(
        _("day of the month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    with_file = models.BooleanField(_("with the file attached"), default=False)
    # The first day of the month it was last made for: what is made once a month is made by changing this.
    last_month = models.DateField(null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=28), name="report_schedule_day")
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.day}"

    def next_on(self, today: date) -> date:
        """The day it is made next; today where it is overdue."""
        month = today.replace(day=1)
        if self.last_month and self.last_month >= month:
            following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
            return following.replace(day=self.day)
        return max(today, month.replace(day=self.day))


class ShareLink(models.Model):
    """A door to one report for somebody without an account. Only a hash of its key is kept."""

    client_path: ClassVar[str] = "report__cycle__client"

    report = models.ForeignKey("prioritization.Report", on_delete=models.CASCADE, related_name="links")
    name = models.CharField(_("for whom"), max_length=120)
    key_hash = models.CharField(max_length=64, unique=True)
    # Hashed as those of accounts are; "": none is asked for.
    password = models.CharField(max_length=128, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    views = models.PositiveIntegerField(default=0, editable=False)
    downloads = models.PositiveIntegerField(default=0, editable=False)
    last_viewed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class SaidPage(models.Model):
    """What the customers of a cycle may see of its plan, at a link without a log-in: you said, we did."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.OneToOneField("cycles.Cycle", on_delete=models.CASCADE, related_name="said_page")
    intro = models.TextField(_("words at the top"), max_length=600, blank=True)
    # Part of the link: another one, and the old link leads nowhere.
    nonce = models.BinaryField()
    key_version = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    views = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return f"{self.cycle}"


class SaidQuote(models.Model):
    """What a customer wrote, beside what was done about it; somebody vouches that the customer agreed."""

    client_path: ClassVar[str] = "action__plan__cycle__client"

    action = models.ForeignKey("cycles.Action", on_delete=models.CASCADE, related_name="quotes")
    # An erased answer takes its quote along.
    response = models.ForeignKey("surveys.Response", on_delete=models.CASCADE, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "response"], name="said_quote_once_an_action")
        ]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.response_id}"
