"""How mature an organisation is in the four elements every one needs, as its own people judge it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cycles.discussion import new_key
from cycles.trail import Records, Remembered

LEVELS = (1, 2, 3, 4, 5)
ELEMENTS = ("relationship", "doubts", "value", "experience")


def level(label: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, choices=[(n, str(n)) for n in LEVELS])


def note(label: Any) -> models.TextField:
    return models.TextField(label, blank=True, max_length=1000)


class Assessment(Remembered):
    """One day's judgement, repeated later to be compared."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="assessments")
    name = models.CharField(
        _("occasion"), max_length=80, help_text=_("For example: at the start, or after the second wave.")
    )
    made_on = models.DateField(_("date"), default=timezone.localdate)
    made_by = models.CharField(
        _("who took part"), max_length=200, help_text=_("The people who agreed on the levels.")
    )
    relationship = level(_("close relationship"))
    relationship_note = note(_("close relationship: why this level"))
    doubts = level(_("answers to doubts"))
    doubts_note = note(_("answers to doubts: why this level"))
    value = level(_("value"))
    value_note = note(_("value: why this level"))
    experience = level(_("positive experience"))
    experience_note = note(_("positive experience: why this level"))
    # Given by the form: the same form sent twice is one assessment.
    key = models.CharField(max_length=32, default=new_key, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = Records("cycle")

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "key"], name="assessment_once_a_form"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{element}__range": (1, 5)}), name=f"assessment_{element}_in_range"
                )
                for element in ELEMENTS
            ),
        ]

    def __str__(self) -> str:
        return self.text("name")

    @property
    def mean(self) -> float:
        total: int = self.relationship + self.doubts + self.value + self.experience
        return total / len(ELEMENTS)
