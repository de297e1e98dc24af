"""Cases: what went wrong for one customer, followed up until the customer has been told."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Client
from cycles.models import Action, Cycle, Moment
from surveys.models.answers import Response
from surveys.models.instrument import Survey
from surveys.models.people import Contact


class CaseKind(models.TextChoices):
    QUESTION = "question", pgettext_lazy("kind of case", "Question")
    COMPLAINT = "complaint", pgettext_lazy("kind of case", "Complaint")
    REQUEST = "request", pgettext_lazy("kind of case", "Request")
    LOW_SCORE = "low_score", pgettext_lazy("kind of case", "Low score")


class CaseStatus(models.TextChoices):
    """The seven phases of attention, in their order."""

    CAPTURED = "captured", pgettext_lazy("status of case", "Captured")
    CLASSIFIED = "classified", pgettext_lazy("status of case", "Classified")
    REGISTERED = "registered", pgettext_lazy("status of case", "Registered")
    SOLVING = "solving", pgettext_lazy("status of case", "Solving")
    PRESENTED = "presented", pgettext_lazy("status of case", "Solution presented")
    CLOSED = "closed", pgettext_lazy("status of case", "Closed and notified")
    SURVEYED = "surveyed", pgettext_lazy("status of case", "Survey sent")


ENDED = (CaseStatus.CLOSED, CaseStatus.SURVEYED)


class Temper(models.TextChoices):
    """How the customer takes it: for handling this case, never about a person."""

    SUBMISSIVE = "submissive", pgettext_lazy("temper", "Submissive")
    AGGRESSIVE = "aggressive", pgettext_lazy("temper", "Aggressive")
    ABUSIVE = "abusive", pgettext_lazy("temper", "Abusive")
    CHRONIC = "chronic", pgettext_lazy("temper", "Chronic complainer")


class Origin(models.TextChoices):
    SCORE = "score", pgettext_lazy("origin of case", "Low score")
    ASKED = "asked", pgettext_lazy("origin of case", "Asked to be contacted")
    HAND = "hand", pgettext_lazy("origin of case", "By hand")


class Told(models.TextChoices):
    """How the customer was spoken to."""

    MAIL = "mail", pgettext_lazy("channel of notice", "Mail from here")
    EMAIL = "email", pgettext_lazy("channel of notice", "E-mail of our own")
    PHONE = "phone", pgettext_lazy("channel of notice", "Phone")
    IN_PERSON = "in_person", pgettext_lazy("channel of notice", "In person")
    MESSAGING = "messaging", pgettext_lazy("channel of notice", "Messaging")
    POST = "post", pgettext_lazy("channel of notice", "Post")
    # Where nobody knows who it was: what was done is said to everybody.
    PUBLIC = "public", pgettext_lazy("channel of notice", "Notice to all customers")


class CasePolicy(models.Model):
    """How a client handles its cases. A client without a row has the defaults."""

    client_path: ClassVar[str] = "client"

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="case_policy")
    # Hours to contact and to solve, by kind: {"complaint": [8, 72]}; what is missing is as usual.
    hours = models.JSONField(default=dict, blank=True)
    # The highest number of a deleted case, by cycle: {"7": 12}. A number is said to people once.
    spent = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    propose_after = models.PositiveSmallIntegerField(
        _("open cases at one moment"), default=3, validators=[MinValueValidator(2), MaxValueValidator(100)]
    )
    propose_days = models.PositiveSmallIntegerField(
        _("within so many days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    temper_days = models.PositiveSmallIntegerField(
        _("days after closing"), default=30, validators=[MaxValueValidator(365)]
    )

    def __str__(self) -> str:
        return f"{self.client}"


class Cause(models.Model):
    """A root cause, of the client's own list; the usual ones have a key and speak every language."""

    client_path: ClassVar[str] = "client"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="causes")
    key = models.CharField(max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(F("client"), Lower("name"), name="cause_name_once_a_client"),
            models.UniqueConstraint(
                fields=["client", "key"], condition=~Q(key=""), name="cause_key_once_a_client"
            ),
        ]

    def __str__(self) -> str:
        # Their words stand with the list of the usual ones, which needs this model.
        from surveys.cases.causes import USUAL

        return str(USUAL[self.key]) if self.key in USUAL else self.name


class CaseRule(models.Model):
    """When an answer of a survey opens a case by itself, and how far answers have been looked at."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="case_rule")
    is_on = models.BooleanField(_("cases open by themselves"), default=False)
    moment_at_most = models.PositiveSmallIntegerField(_("a moment"), null=True, blank=True)
    # What holds for some moments instead: {"12": 3}; 0: never.
    moments = models.JSONField(default=dict, blank=True)
    overall_at_most = models.PositiveSmallIntegerField(_("overall satisfaction"), null=True, blank=True)
    nps_at_most = models.PositiveSmallIntegerField(
        _("recommendation"), null=True, blank=True, validators=[MaxValueValidator(10)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Answers up to this key have been looked at for good (surveys/cases/looking.py).
    looked_to = models.PositiveBigIntegerField(default=0, editable=False)
    seen_to = models.PositiveBigIntegerField(default=0, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(nps_at_most__isnull=True) | Q(nps_at_most__lte=10), name="case_rule_nps_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}"


class Case(models.Model):
    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind, default=CaseKind.COMPLAINT)
    status = models.CharField(_("status"), max_length=10, choices=CaseStatus, default=CaseStatus.CAPTURED)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.HAND)
    moment = models.ForeignKey(
        Moment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("moment"),
    )
    # One case a response, held by the database however many workers look at it.
    response = models.OneToOneField(Response, on_delete=models.SET_NULL, null=True, related_name="case")
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    # What in the answer opened it: [{"what": "moment", "item": 5, "score": 1}, {"what": "nps", "score": 3}]
    reasons = models.JSONField(default=list, blank=True)
    title = models.CharField(_("what it is about"), max_length=160, blank=True)
    description = models.TextField(_("what happened"), max_length=4000, blank=True)
    temper = models.CharField(_("temper"), max_length=10, choices=Temper, blank=True)
    language = models.CharField(max_length=5, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="owned_cases"
    )
    # The name outlives the account.
    owner_name = models.CharField(max_length=120, blank=True)
    causes = models.ManyToManyField(Cause, related_name="cases", blank=True)
    actions = models.ManyToManyField(Action, related_name="cases", blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The clock of the service level runs from the opening and is never paused. Nobody can be contacted
    # where nobody knows who it was: then there is no hour for it.
    contact_due_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    notice_channel = models.CharField(max_length=10, choices=Told, blank=True)
    notice_on = models.DateField(null=True)
    notice_text = models.TextField(max_length=4000, blank=True)
    # Raised with every step: of two who move it at the same time one wins, and the other is told.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="case_number_once_a_cycle"),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="case_status_known"),
            models.CheckConstraint(condition=Q(temper__in=["", *Temper.values]), name="case_temper_known"),
            # Nothing is closed without the customer having been told.
            models.CheckConstraint(
                condition=~Q(status__in=["closed", "surveyed"])
                | (~Q(notice_channel="") & Q(notice_on__isnull=False) & Q(closed_at__isnull=False)),
                name="case_closed_only_when_told",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "status"], name="case_cycle_status")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"C-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED


class CaseStep(models.Model):
    """One thing that happened to a case: what, when, by whom."""

    client_path: ClassVar[str] = "case__cycle__client"

    class What(models.TextChoices):
        OPENED = "opened", pgettext_lazy("step of case", "Opened")
        STATUS = "status", pgettext_lazy("step of case", "Status")
        OWNER = "owner", pgettext_lazy("step of case", "Responsible")
        NOTE = "note", pgettext_lazy("step of case", "Note")
        CONTACT = "contact", pgettext_lazy("step of case", "Contact with the customer")
        UNDELIVERED = "undelivered", pgettext_lazy("step of case", "Notice not delivered")
        ANSWER = "answer", pgettext_lazy("step of case", "Follow-up answered")
        ACTION = "action", pgettext_lazy("step of case", "Action")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=11, choices=What)
    status = models.CharField(max_length=10, choices=CaseStatus, blank=True)
    channel = models.CharField(max_length=10, choices=Told, blank=True)
    owner_name = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=4000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    who_name = models.CharField(max_length=120, blank=True)
    # Given by the form: the same form sent twice is one step.
    key = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"], condition=~Q(key=""), name="case_step_once_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.what}"


class FollowUp(models.Model):
    """Two questions after the closing, at a link of the customer's own; answered once."""

    client_path: ClassVar[str] = "case__cycle__client"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="follow_up")
    # As of an invitation: nothing in the database opens it.
    nonce = models.BinaryField(max_length=16)
    key_version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    solved = models.BooleanField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="follow_up_satisfaction_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"
