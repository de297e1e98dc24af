"""Deciding: the matrix kept up to date by a worker, matrices frozen, and the reports a worker renders."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cycles.models import Cycle
from prioritization.composing import QuotedComment as QuotedComment
from prioritization.composing import ReportPreset as ReportPreset
from prioritization.counted import Block as Block
from prioritization.counted import Cube as Cube
from prioritization.counted import Digest as Digest
from prioritization.given_file import IMPORT_STAGES as IMPORT_STAGES
from prioritization.given_file import ImportFailure as ImportFailure
from prioritization.given_file import ImportState as ImportState
from prioritization.given_file import RatingsImport as RatingsImport
from prioritization.grade_scale import GradeScale as GradeScale
from prioritization.handing_out import ReportKind as ReportKind
from prioritization.handing_out import ReportMail as ReportMail
from prioritization.handing_out import ReportSchedule as ReportSchedule
from prioritization.handing_out import SaidPage as SaidPage
from prioritization.handing_out import SaidQuote as SaidQuote
from prioritization.handing_out import ShareLink as ShareLink
from prioritization.target import FormerTarget as FormerTarget
from prioritization.target import Target as Target
from surveys.models import Wave


class Matrix(models.Model):
    """The priority matrix of one wave as last computed, and how far it had read."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="matrix")
    # The watermark: how many answers there were. A worker recomputes when the number has moved.
    n_responses = models.PositiveBigIntegerField(default=0)
    last_response_id = models.PositiveBigIntegerField(default=0)
    result = models.JSONField(default=dict)
    computed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.wave}"


class Snapshot(models.Model):
    """A matrix as it stood when somebody froze it: figures, names and filters, whatever changes later."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="snapshots")
    wave = models.ForeignKey(Wave, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    # The address it was frozen at, and the same in words: [["Segment", "visit: first"], ...].
    query = models.CharField(max_length=2000, blank=True)
    filters = models.JSONField(default=list)
    # The board (prioritization/frozen.py), and of it and the filters a fingerprint.
    board = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [
            # Frozen twice without anything having moved is frozen once.
            models.UniqueConstraint(
                fields=["cycle", "fingerprint"],
                condition=Q(deleted_at__isnull=True),
                name="snapshot_once_a_fingerprint",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class JobState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("state of report", "Waiting")
    RUNNING = "running", pgettext_lazy("state of report", "Being made")
    DONE = "done", pgettext_lazy("state of report", "Ready")
    FAILED = "failed", pgettext_lazy("state of report", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("state of report", "Cancelled")
    # Too old to be kept: the file is gone, the line stays.
    EXPIRED = "expired", pgettext_lazy("state of report", "Expired")


# What a report goes through, in the order of `Report.stage`.
STAGE_NAMES = (
    _("Gathering the data"),
    _("Drawing the wheel and the matrix"),
    _("Laying out the pages"),
    _("Storing the file"),
)
# Where it is called otherwise.
STAGES_OF = {
    ReportKind.SLIDES: (*STAGE_NAMES[:2], _("Building the slides"), STAGE_NAMES[3]),
    ReportKind.SHEET: (STAGE_NAMES[0], _("Counting the answers"), _("Writing the tables"), STAGE_NAMES[3]),
}


class FailureReason(models.TextChoices):
    """Why a report could not be made, as people read it."""

    WORKER_DIED = "worker_died", _("The work stopped twice before it was finished.")
    TOO_LARGE = "too_large", _("There is too much in it for one PDF.")
    TOO_LONG = "too_long", _("It took too long and was stopped.")
    DISK_FULL = "disk_full", _("There is no room left on the server's disk. Nothing was stored.")
    FILE_LOST = "file_lost", _("The file is no longer on the server.")
    ERASED = "erased", _("A person was erased who may stand in this file. It can be made again without them.")
    SUPERSEDED = "superseded", _("The data changed meanwhile, and an equal report is in the list already.")
    BROKEN = "broken", _("Something went wrong on our side. It was noted in the log.")


class Report(models.Model):
    """A report asked for: the row is the job, a Celery message only a hint."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="reports")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    kind = models.CharField(max_length=12, choices=ReportKind, default=ReportKind.PDF)
    # What the composer chose to be in it (sections, words, filters); {}: everything.
    choice = models.JSONField(default=dict, blank=True)
    schedule = models.ForeignKey(
        ReportSchedule, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    requested_at = models.DateTimeField(default=timezone.now)
    # Fingerprint of everything the report shows: ten presses on the button make one job.
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    # Progress: stage `stage` of `stages`, with the name of what is being done.
    stage = models.PositiveSmallIntegerField(default=0)
    stages = models.PositiveSmallIntegerField(default=len(STAGE_NAMES))
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    # Raised before the work begins, so that a report that kills its worker is not tried for ever.
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    # Bytes of the file, so that a list of reports asks the disk nothing.
    size = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "language", "kind", "fingerprint"],
                condition=Q(state__in=["queued", "running", "done"]),
                name="report_once_a_fingerprint",
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="report_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.requested_at:%Y-%m-%d}"

    @property
    def is_live(self) -> bool:
        """Still to be waited for."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def percent(self) -> int:
        return 100 * self.stage // self.stages if self.stages else 0

    @property
    def narrowed_to(self) -> str:
        """The preset it was made from, and whose answers of which days it shows, as its address says it."""
        filters = self.choice.get("filters", {})
        told = [filters.get("segment", ""), filters.get("from", ""), filters.get("to", "")]
        return " · ".join(filter(None, [self.choice.get("name", ""), *told]))

    @property
    def has_chosen_sections(self) -> bool:
        return bool(self.choice.get("sections"))

    @property
    def stage_name(self) -> str:
        names = STAGES_OF.get(ReportKind(self.kind), STAGE_NAMES)
        return str(names[self.stage - 1]) if 0 < self.stage <= len(names) else ""

    @property
    def reason_text(self) -> str:
        return str(FailureReason(self.reason).label) if self.reason else ""
