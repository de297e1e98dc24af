"""The map: cycles, stages, moments; what each requires; what will be done."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from cycles.actions import Action as Action
from cycles.actions import ActionPlan as ActionPlan
from cycles.agreements import Indicator as Indicator
from cycles.agreements import Measurement as Measurement
from cycles.agreements import ServiceLevel as ServiceLevel
from cycles.assessments import Assessment as Assessment
from cycles.attachments import ActionFile as ActionFile
from cycles.attachments import Attachment as Attachment
from cycles.attachments import evidence_name as evidence_name
from cycles.author import who
from cycles.choices import (
    STAGE_COLOURS,
    Bound,
    Channel,
    Dimension,
    Kind,
    Level,
    Mode,
    Phase,
    Vertex,
)
from cycles.copied import Copied as Copied
from cycles.discussion import Comment as Comment
from cycles.discussion import Mention as Mention
from cycles.kept import OwnTemplate as OwnTemplate
from cycles.kept import Version as Version
from cycles.scores import Scores, scores_of
from cycles.trail import Records, Remembered
from cycles.units import with_unit


class Cycle(Remembered):
    """The ordered map of the moments of one service, for one persona."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="cycles")
    name = models.CharField(_("name"), max_length=120)
    persona = models.CharField(_("persona"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Raised by every change below this cycle: what open pages poll, and what a stale form is told by.
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = Records()

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.text("name")

    @cached_property
    def scores(self) -> Scores:
        """What customers think of its moments; asked once, by whatever part of a page comes first."""
        return scores_of(self)

    def touch(self) -> None:
        """Note that something below changed, and by whom."""
        self.changed_at, self.changed_by = timezone.now(), who()
        Cycle.objects.filter(pk=self.pk).update(
            revision=F("revision") + 1, changed_at=self.changed_at, changed_by=self.changed_by
        )


# What lies in the bin has no position, what has a position is not in the bin.
in_place_or_in_bin = Q(position__isnull=False, deleted_at__isnull=True) | Q(
    position__isnull=True, deleted_at__isnull=False
)


class StagesInPlace(models.Manager["Stage"]):
    """Stages that are not in the bin: what everybody means who asks for the stages of a cycle."""

    def get_queryset(self) -> models.QuerySet["Stage"]:
        return super().get_queryset().filter(deleted_at=None)


class Stage(Copied, Remembered):
    """An arc of the wheel: a run of moments."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveIntegerField(null=True)
    name = models.CharField(_("name"), max_length=60)
    phase = models.CharField(_("phase"), max_length=8, choices=Phase, blank=True)
    colour = models.CharField(_("colour"), max_length=1, choices=[(c, c) for c in STAGE_COLOURS], default="a")
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Where it stood before it went into the bin; its moments go with it, at the same instant.
    last_position = models.PositiveIntegerField(null=True, blank=True, editable=False)

    objects = StagesInPlace()
    everywhere: ClassVar[models.Manager["Stage"]] = models.Manager()

    history = Records("cycle")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "position"], name="stage_position_once_a_cycle"),
            models.CheckConstraint(condition=in_place_or_in_bin, name="stage_in_place_or_in_bin"),
            models.CheckConstraint(condition=Q(colour__in=list(STAGE_COLOURS)), name="stage_colour_known"),
            models.CheckConstraint(condition=Q(phase__in=["", *Phase.values]), name="stage_phase_known"),
        ]

    def __str__(self) -> str:
        return self.text("name")


class Moment(Copied, Remembered):
    """Moment of truth: one contact in which the customer forms an opinion."""

    client_path: ClassVar[str] = "stage__cycle__client"

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="moments")
    position = models.PositiveIntegerField(null=True)
    name = models.CharField(
        _("name"),
        max_length=120,
        help_text=_("What the customer does. Begin with a verb: ask, wait, receive."),
    )
    description = models.TextField(_("description"), blank=True, max_length=2000)
    kind = models.CharField(_("type of moment"), max_length=16, choices=Kind, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, blank=True)
    is_critical = models.BooleanField(
        _("critical"), default=False, help_text=_("It decides the customer's whole opinion.")
    )
    owner_area = models.CharField(_("responsible area"), max_length=120, blank=True)
    # Albrecht's assessment of a moment: what meets, exceeds and fails the expectation.
    standard = models.TextField(_("what meets the expectation"), blank=True, max_length=2000)
    enhancers = models.TextField(_("what exceeds it"), blank=True, max_length=2000)
    detractors = models.TextField(_("what fails it"), blank=True, max_length=2000)
    # The lanes of the blueprint.
    customer_action = models.TextField(_("customer action"), blank=True, max_length=2000)
    front_stage = models.TextField(_("front stage"), blank=True, max_length=2000)
    back_stage = models.TextField(_("back stage"), blank=True, max_length=2000)
    systems = models.TextField(_("systems"), blank=True, max_length=2000)
    emotion = models.SmallIntegerField(
        _("expected emotion"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Where it stood before it went into the bin.
    last_position = models.PositiveIntegerField(null=True, blank=True, editable=False)

    history = Records("stage__cycle")

    class Meta:
        ordering = ["stage__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "position"], name="moment_position_once_a_stage"),
            models.CheckConstraint(condition=in_place_or_in_bin, name="moment_in_place_or_in_bin"),
            models.CheckConstraint(condition=Q(kind__in=["", *Kind.values]), name="moment_kind_known"),
            models.CheckConstraint(condition=Q(mode__in=["", *Mode.values]), name="moment_mode_known"),
            models.CheckConstraint(
                condition=Q(emotion__isnull=True) | Q(emotion__range=(-2, 2)), name="moment_emotion_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.text("name")

    @property
    def channel_labels(self) -> list[str]:
        return [str(Channel(value).label) for value in self.channels if value in Channel.values]


class Requirement(Copied, Remembered):
    """What the customer needs at a moment."""

    client_path: ClassVar[str] = "moment__stage__cycle__client"

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="requirements")
    position = models.PositiveIntegerField(null=True)
    name = models.CharField(_("requirement"), max_length=200, help_text=_("As a customer would say it."))
    minimum = models.CharField(_("minimum"), max_length=200, blank=True)
    desired = models.CharField(_("desired"), max_length=200, blank=True)
    measure = models.CharField(_("how it is measured"), max_length=200, blank=True)
    dimension = models.CharField(_("component"), max_length=16, choices=Dimension, blank=True)
    vertex = models.CharField(_("vertex"), max_length=8, choices=Vertex, blank=True)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.BASIC)
    # The service level: a number that can be checked, "at most 5 minutes". No number, no target.
    target_bound = models.CharField(_("service level"), max_length=8, choices=Bound, blank=True)
    target_value = models.DecimalField(_("value"), max_digits=9, decimal_places=2, null=True, blank=True)
    target_unit = models.CharField(_("unit"), max_length=24, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = Records("moment__stage__cycle")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["moment", "position"], name="requirement_position_once_a_moment"),
            models.CheckConstraint(condition=in_place_or_in_bin, name="requirement_in_place_or_in_bin"),
            models.CheckConstraint(
                condition=Q(dimension__in=["", *Dimension.values]), name="requirement_dimension_known"
            ),
            models.CheckConstraint(
                condition=Q(vertex__in=["", *Vertex.values]), name="requirement_vertex_known"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="requirement_level_known"),
            models.CheckConstraint(
                condition=Q(target_bound="", target_value__isnull=True, target_unit="")
                | Q(target_bound__in=Bound.values, target_value__isnull=False),
                name="requirement_target_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text("name")

    @property
    def target(self) -> str:
        """The service level in words, "At most 4.5 minutes"; "" where there is none."""
        if self.target_value is None:
            return ""
        return f"{self.get_target_bound_display()} {with_unit(self.target_value, self.text('target_unit'))}"
