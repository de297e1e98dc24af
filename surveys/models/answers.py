"""What came back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from surveys.models.instrument import Item, OpenLink, Wave
from surveys.models.mail import Invitation


class Response(models.Model):
    """What came back: one press on Send."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"
    # So much of the digest of an answer through an open link says which page it came from.
    PAGE_PART: ClassVar[int] = 32

    # Both have an index below that begins with it.
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="responses", db_index=False)
    # One answer a link, held by the database whatever the code does.
    invitation = models.OneToOneField(
        Invitation, on_delete=models.SET_NULL, null=True, related_name="response"
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=5, blank=True)
    # Through a link for whoever comes by: nobody was asked by name.
    open_link = models.ForeignKey(
        OpenLink, on_delete=models.SET_NULL, null=True, related_name="responses", db_index=False
    )
    overall = models.PositiveSmallIntegerField(null=True)
    nps = models.PositiveSmallIntegerField(null=True)
    # Customer effort score, 1 to 7.
    effort = models.PositiveSmallIntegerField(null=True)
    # Answers to the extra questions by their key: {"12": [0, 2], "13": "..."}.
    extra = models.JSONField(default=dict)
    # What a consultant calls the comment.
    tags = models.JSONField(default=list)
    comment = models.TextField(blank=True, max_length=4000)
    # Ticked "contact me", where the survey asks (never in an anonymous one).
    wants_contact = models.BooleanField(default=False, db_default=False)
    # Only of imported answers: how many respondents of the population this one stands for.
    weight = models.FloatField(null=True)
    # Segments as they were when the answer came; the contact may change or be erased.
    segments = models.JSONField(default=dict)
    # Tells a repeated press on Send (same answers, same receipt) from a second, different answer.
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["wave", "submitted_at"], name="response_wave_time"),
            # Most answers come by mail: of those there is nothing to write here.
            models.Index(
                fields=["open_link"], name="response_open_link", condition=Q(open_link__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(nps__isnull=True) | Q(nps__lte=10), name="response_nps_in_range"
            ),
            models.CheckConstraint(
                condition=Q(effort__isnull=True) | Q(effort__range=(1, 7)), name="response_effort_in_range"
            ),
            models.CheckConstraint(
                condition=Q(overall__isnull=True) | Q(overall__range=(1, 10)),
                name="response_overall_in_range",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0), name="response_weight_above_zero"
            ),
            # A page of an open link is answered once, as a link of a person is.
            models.UniqueConstraint(
                "open_link",
                Left("digest", 32),
                condition=Q(open_link__isnull=False) & ~Q(digest=""),
                name="response_once_an_open_page",
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


class Draft(models.Model):
    """A form half filled in and saved, to be gone on with at the same link; gone once it is sent."""

    client_path: ClassVar[str] = "invitation__wave__survey__cycle__client"

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="draft")
    # The fields of the form as typed, by name.
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.invitation_id} · {self.saved_at:%Y-%m-%d}"
