"""Letters to members about cases: who became responsible, and what is overdue in the morning."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.member_mail import Letter, LetterState
from surveys.models.cases import Case


class Assignment(Letter):
    """A member was made responsible for a case, and is told so once."""

    client_path: ClassVar[str] = "case__cycle__client"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The version of the case that this came with: one mail an assignment, however often it is sent.
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="assignment_once_a_version"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="assignment_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="assignment_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.person_id}"


class DigestDay(Letter):
    """What is overdue, told one person on one day: one mail, however often the job runs."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="digest_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="digest_waiting")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.day}"
