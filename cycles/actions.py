"""What will be done about a cycle: plans, and the actions in them."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cycles.choices import OPEN_ACTION, ActionStatus, Vertex
from cycles.copied import Copied
from cycles.trail import Records, Remembered

LEAST_EFFORT = Decimal("0.1")  # person-days
MOST_DAYS = 3650


class ActionPlan(Copied, Remembered):
    """A set of actions with a goal, and somebody who stands for it."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="plans")
    name = models.CharField(_("name"), max_length=120)
    goal = models.TextField(_("goal"), blank=True, max_length=2000)
    sponsor = models.CharField(
        _("sponsor"),
        max_length=120,
        blank=True,
        help_text=_("Who answers for the plan and clears its way."),
    )
    owner = models.CharField(_("owner"), max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Its actions go with it, at the same instant.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = Records("cycle")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text("name")


class Action(Copied, Remembered):
    """A step of a plan, tied to the requirements and moments it serves."""

    client_path: ClassVar[str] = "plan__cycle__client"

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="actions")
    # The number people say in meetings: A1, A2, ...; given once, never reused.
    number = models.PositiveIntegerField(editable=False)
    name = models.CharField(_("action"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    # The name outlives the membership and the account.
    owner_member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_actions",
        verbose_name=_("responsible"),
    )
    owner = models.CharField(_("responsible"), max_length=120, blank=True)
    owner_email = models.EmailField(_("e-mail of whoever is responsible"), blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    # Set when it is first in progress.
    launched_on = models.DateField(_("begun on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    # Rough estimates, for the chart of effort and impact.
    effort = models.PositiveSmallIntegerField(
        _("effort"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    effort_days = models.DecimalField(
        _("effort in person-days"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_EFFORT)],
    )
    duration_days = models.PositiveIntegerField(
        _("duration in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    cost = models.DecimalField(
        _("cost"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    resources = models.TextField(_("resources"), blank=True, max_length=2000)
    lift = models.DecimalField(
        _("expected lift"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Points of satisfaction expected on each of its moments."),
    )
    confidence = models.PositiveSmallIntegerField(
        _("confidence"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("How sure you are of the lift, from 0 to 100%."),
    )
    vertex = models.CharField(_("triangle vertex"), max_length=8, choices=Vertex, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=ActionStatus, default=ActionStatus.PROPOSED)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved on"), null=True, editable=False)
    sent_back_reason = models.TextField(_("reason for sending back"), blank=True, max_length=1000)
    # You said, we did: what customers may read.
    is_publishable = models.BooleanField(_("customers may read it"), default=False)
    said = models.TextField(_("you said"), blank=True, max_length=500)
    did = models.TextField(_("we did"), blank=True, max_length=500)
    moments = models.ManyToManyField(
        "cycles.Moment", related_name="actions", blank=True, verbose_name=_("moments")
    )
    requirements = models.ManyToManyField(
        "cycles.Requirement", related_name="actions", blank=True, verbose_name=_("requirements")
    )
    # The remark it was made from.
    from_comment = models.ForeignKey(
        "cycles.Comment",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="made_actions",
        verbose_name=_("comment"),
    )
    # Given by the form: the same form sent twice is one action.
    form_key = models.CharField(max_length=32, default="", blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = Records("plan__cycle", links=("moments", "requirements"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="action_number_once_a_plan"),
            models.UniqueConstraint(
                fields=["plan", "form_key"], condition=~Q(form_key=""), name="action_once_a_form"
            ),
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_known"),
            models.CheckConstraint(
                condition=Q(effort__isnull=True) | Q(effort__range=(1, 5)), name="action_effort_in_range"
            ),
            models.CheckConstraint(
                condition=Q(impact__isnull=True) | Q(impact__range=(1, 5)), name="action_impact_in_range"
            ),
            models.CheckConstraint(
                condition=Q(effort_days__isnull=True) | Q(effort_days__gt=0),
                name="action_effort_days_above_0",
            ),
            models.CheckConstraint(
                condition=Q(duration_days__isnull=True) | Q(duration_days__range=(1, MOST_DAYS)),
                name="action_duration_in_range",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="action_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(lift__isnull=True) | Q(lift__gte=0), name="action_lift_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 100)),
                name="action_confidence_in_range",
            ),
            models.CheckConstraint(condition=Q(vertex__in=["", *Vertex.values]), name="action_vertex_known"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="action_approved_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text('name')}"

    @property
    def code(self) -> str:
        return f"A{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_ACTION

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    # By its figures and what customers say, where a page has looked that up (cycles/action_marks.py).
    quick_by_figures: ClassVar[bool | None] = None

    @property
    def is_quick_win(self) -> bool:
        """By its figures; else low effort, real impact: the upper left of the effort and impact chart."""
        if self.quick_by_figures is not None:
            return self.quick_by_figures
        return bool(self.effort and self.impact and self.effort <= 2 and self.impact >= 3)
