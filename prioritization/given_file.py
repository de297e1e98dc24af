"""A file of ratings somebody gave, until it is imported; prioritization/ratings_import does the work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cycles.models import Cycle, Moment
from prioritization.composing import QuotedComment as QuotedComment
from prioritization.composing import ReportPreset as ReportPreset
from prioritization.grade_scale import GradeScale as GradeScale
from prioritization.handing_out import ReportKind as ReportKind
from prioritization.handing_out import ReportMail as ReportMail
from prioritization.handing_out import ReportSchedule as ReportSchedule
from prioritization.handing_out import SaidPage as SaidPage
from prioritization.handing_out import SaidQuote as SaidQuote
from prioritization.handing_out import ShareLink as ShareLink
from prioritization.target import FormerTarget as FormerTarget
from prioritization.target import Target as Target
from surveys.models import Survey


class ImportState(models.TextChoices):
    READING = "reading", pgettext_lazy("state of import", "Being read")
    REFUSED = "refused", pgettext_lazy("state of import", "Cannot be read")
    MAPPING = "mapping", pgettext_lazy("state of import", "To be described")
    QUEUED = "queued", pgettext_lazy("state of import", "Waiting")
    RUNNING = "running", pgettext_lazy("state of import", "Being imported")
    DONE = "done", pgettext_lazy("state of import", "Imported")
    FAILED = "failed", pgettext_lazy("state of import", "Failed")


IMPORT_STAGES = (
    _("Reading the rows"),
    _("Writing the answers"),
)


class ImportFailure(models.TextChoices):
    """Why a file could not be imported, as people read it. Nothing of it was kept."""

    WORKER_DIED = "worker_died", _("The work stopped twice before it was finished. Nothing was imported.")
    CHANGED = "changed", _("The map changed meanwhile. Look at the columns again. Nothing was imported.")
    TOO_LONG = "too_long", _("It took too long and was stopped. Nothing was imported.")
    BROKEN = "broken", _("Something went wrong on our side. It was noted in the log. Nothing was imported.")


class RatingsImport(models.Model):
    """A file of answers between its upload and its import, then the record of what it brought.

    One a cycle and file: the same file again leads to the same row. The row is the job as well.
    """

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="ratings_imports")
    name = models.CharField(max_length=200, blank=True)
    # Of the bytes that were uploaded.
    fingerprint = models.CharField(max_length=64)
    # The file as it was given while it is being read, then as CSV in UTF-8, compressed; emptied once
    # imported or refused.
    table = models.BinaryField()
    # What each column holds, as prioritization/ratings_import/choices.py writes it.
    choices = models.JSONField(default=dict)
    # What was imported, in figures; while it is read how many `rows` are, and why it was refused: `faults`.
    summary = models.JSONField(default=dict)
    # What undoing takes away again.
    survey = models.ForeignKey(Survey, on_delete=models.SET_NULL, null=True, related_name="+")
    moments = models.ManyToManyField(Moment, related_name="+")
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.MAPPING)
    stage = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "fingerprint"], name="ratings_import_once_a_file"),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="ratings_import_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.cycle} · {self.uploaded_at:%Y-%m-%d}"

    @property
    def is_live(self) -> bool:
        """Still to be waited for."""
        return self.is_being_read or self.state in (ImportState.QUEUED, ImportState.RUNNING)

    @property
    def is_being_read(self) -> bool:
        return self.state == ImportState.READING

    @property
    def percent(self) -> int:
        return 100 * self.stage // (len(IMPORT_STAGES) + 1)

    @property
    def stage_name(self) -> str:
        return str(IMPORT_STAGES[self.stage - 1]) if 0 < self.stage <= len(IMPORT_STAGES) else ""

    @property
    def reason_text(self) -> str:
        return str(ImportFailure(self.reason).label) if self.reason else ""
