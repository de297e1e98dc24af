"""Answers as they are counted: the sums and packed answers that prioritization/tallies keeps."""

from typing import ClassVar

from django.db import models

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
from surveys.models import Wave


class Digest(models.Model):
    """How far the answers of one wave are digested into cubes and blocks (prioritization/tallies).

    `mark`: every answer with a stamp below it is digested, exactly once, and no other.
    """

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="digest")
    mark = models.PositiveBigIntegerField(default=0)
    # What the sums are about: items, scales, questions, time zone. Another one: counted from the start.
    fingerprint = models.CharField(max_length=64, blank=True)
    # `Wave.erasures` as seen when the sums were last made from the start.
    erasures = models.PositiveBigIntegerField(default=0)
    n_responses = models.PositiveBigIntegerField(default=0)
    last_response_id = models.PositiveBigIntegerField(default=0)
    # [{"name": ..., "values": [...], "counts": [...]}]: the segments in the order of the blocks' planes.
    dimensions = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.wave}"


class Cube(models.Model):
    """Sums over the answers of one month (0: of all), of everybody or of one value of one segment."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+", db_index=False)
    # In this order in the index: a segment in six months is six neighbours.
    name = models.TextField(blank=True)
    value = models.TextField(blank=True)
    month = models.IntegerField()
    n_responses = models.PositiveBigIntegerField()
    counts = models.BinaryField()
    products = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "name", "value", "month"], name="cube_once"),
        ]

    def __str__(self) -> str:
        return f"{self.wave} · {self.name} {self.value} {self.month}"


class Block(models.Model):
    """Up to 8,192 digested answers, one byte a moment: for whatever the cubes do not know."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    n_responses = models.PositiveSmallIntegerField()
    # Days since 1970 of the first and the last answer in it.
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    planes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="block_once"),
        ]

    def __str__(self) -> str:
        return f"{self.wave} · {self.number}"
