"""What is asked: the instrument, frozen when opened, its items and questions, its waves and places."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cycles.models import Cycle, Moment, Requirement
from surveys.models.people import Contact


class Respondent(models.TextChoices):
    CUSTOMER = "customer", pgettext_lazy("respondent", "Customer")
    MYSTERY_SHOPPER = "mystery_shopper", pgettext_lazy("respondent", "Mystery shopper")
    STAFF = "staff", pgettext_lazy("respondent", "Staff")


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("status of survey", "Draft")
    OPEN = "open", pgettext_lazy("status of survey", "Open")
    CLOSED = "closed", pgettext_lazy("status of survey", "Closed")


class Address(models.TextChoices):
    """How customers are addressed in Spanish."""

    TU = "tu", "tú"
    USTED = "usted", "usted"


class Importance(models.TextChoices):
    """How customers are asked what matters to them."""

    RATED = "rated", pgettext_lazy("importance", "A rating of each moment")
    PICKS = "picks", pgettext_lazy("importance", "The most important ones, picked from the list")
    NONE = "none", pgettext_lazy("importance", "Not asked: worked out from overall satisfaction")


def shipped_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class PromiseError(ValueError):
    """The message is a sentence for the person who pressed the button."""


class Survey(models.Model):
    """The instrument. Draft: follows the cycle. Opened: frozen for ever, asked in waves."""

    client_path: ClassVar[str] = "cycle__client"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="surveys")
    name = models.CharField(_("name"), max_length=120)
    brand = models.CharField(
        _("brand"), max_length=60, help_text=_("The name that customers know the company by.")
    )
    respondent = models.CharField(
        _("respondent"), max_length=16, choices=Respondent, default=Respondent.CUSTOMER
    )
    address = models.CharField(_("form of address"), max_length=5, choices=Address, default=Address.TU)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    scale_max = models.PositiveSmallIntegerField(
        _("scale"), default=5, choices=[(n, f"1–{n}") for n in (5, 7, 10)]
    )
    # Languages that do not ship: {"pt": {"name": "Português", "satisfaction": ..., ...}}, by the keys of
    # surveys/wording.py; with the shipped ones these are the languages a customer may choose from.
    texts = models.JSONField(default=dict, blank=True)
    languages = models.JSONField(_("languages"), default=shipped_languages)
    importance = models.CharField(_("importance"), max_length=6, choices=Importance, default=Importance.RATED)
    picks = models.PositiveSmallIntegerField(
        _("how many they pick"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    # Beside the critical moments so many are drawn for each customer; empty: everybody is asked about all.
    drawn = models.PositiveSmallIntegerField(_("moments drawn at random"), null=True, blank=True)
    asks_overall = models.BooleanField(_("asks overall satisfaction"), default=True)
    asks_effort = models.BooleanField(_("asks effort (CES)"), default=False)
    asks_nps = models.BooleanField(_("asks recommendation (NPS)"), default=True)
    asks_comment = models.BooleanField(_("asks for a comment"), default=True)
    asks_contact = models.BooleanField(_("asks whether to be contacted"), default=False)
    contact_address = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Where a customer whose link no longer works can write."),
    )
    # A draft asks about every moment of the map but these.
    left_out = models.ManyToManyField(Moment, related_name="left_out_of", blank=True)
    # And, each as an item of its own, about these requirements of those moments.
    requirements = models.ManyToManyField(Requirement, related_name="asked_in", blank=True)
    is_anonymous = models.BooleanField(
        _("anonymous"),
        default=False,
        help_text=_("Nobody can tell who gave which answer. It cannot be undone after the first answer."),
    )
    threshold = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(5), MaxValueValidator(50)]
    )
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(scale_max__in=[5, 7, 10]), name="survey_scale_known"),
            models.CheckConstraint(condition=Q(address__in=Address.values), name="survey_address_known"),
            models.CheckConstraint(
                condition=Q(respondent__in=Respondent.values), name="survey_respondent_known"
            ),
            models.CheckConstraint(
                condition=Q(importance__in=Importance.values), name="survey_importance_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Customers were promised one thing or the other: what they have answered under it holds."""
        if self._breaks_promise(kwargs.get("update_fields")):
            raise PromiseError(_("After the first answer, anonymous can be neither switched on nor off."))
        super().save(*args, **kwargs)

    def _breaks_promise(self, update_fields: Collection[str] | None) -> bool:
        if not self.pk or (update_fields is not None and "is_anonymous" not in update_fields):
            return False
        stored = Survey.objects.filter(pk=self.pk).exclude(is_anonymous=self.is_anonymous)
        return stored.exists() and self.has_answers

    @property
    def has_answers(self) -> bool:
        """Also of links whose answer can no longer be found."""
        waves = self.waves.filter(Q(responses__isnull=False) | Q(invitations__answered_on__isnull=False))
        return waves.exists()

    @property
    def asks_importance(self) -> bool:
        return self.importance == Importance.RATED


class Item(models.Model):
    """One moment asked about, in the words it had when the survey was opened."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="items")
    # The map may lose a moment; the question and its answers stay.
    moment = models.ForeignKey(Moment, on_delete=models.SET_NULL, null=True, related_name="items")
    # An item of its own about one requirement of the moment; what is_requirement says outlives it.
    requirement = models.ForeignKey(Requirement, on_delete=models.SET_NULL, null=True, related_name="items")
    is_requirement = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    wording = models.JSONField(default=dict)
    stage = models.JSONField(default=dict)
    is_critical = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="item_position_once_a_survey"),
            models.UniqueConstraint(
                fields=["survey", "moment"], condition=Q(is_requirement=False), name="item_once_a_moment"
            ),
            models.UniqueConstraint(fields=["survey", "requirement"], name="item_once_a_requirement"),
        ]

    def __str__(self) -> str:
        return next(iter(self.wording.values()), str(self.position))

    def text(self, language: str) -> str:
        return self.wording.get(language) or str(self)


class QuestionKind(models.TextChoices):
    SINGLE = "single", pgettext_lazy("kind of question", "One of a list")
    MULTIPLE = "multiple", pgettext_lazy("kind of question", "Several of a list")
    NUMBER = "number", pgettext_lazy("kind of question", "A number")
    SHORT_TEXT = "short", pgettext_lazy("kind of question", "A line of text")
    LONG_TEXT = "long", pgettext_lazy("kind of question", "A longer text")


class Question(models.Model):
    """An extra question of a survey; frozen with it."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    kind = models.CharField(
        _("kind of question"), max_length=8, choices=QuestionKind, default=QuestionKind.SINGLE
    )
    # {"es": ..., "en": ...}
    wording = models.JSONField(default=dict)
    # Of a list: [{"es": ..., "en": ...}, ...]; an answer is kept as places in it, from 0.
    options = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(_("an answer is required"), default=False)
    # Shown only if the answer to an earlier question is one of these places of its list.
    shown_if = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    shown_if_options = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="question_position_once_a_survey"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_known"),
        ]

    def __str__(self) -> str:
        return next(iter(self.wording.values()), str(self.position))


class Wave(models.Model):
    """One round of asking with the same instrument."""

    client_path: ClassVar[str] = "survey__cycle__client"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waves")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=60)
    status = models.CharField(max_length=6, choices=SurveyStatus, default=SurveyStatus.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Raised with every deletion or edit of an answer (surveys/erasing.py), so that whoever keeps sums
    # of the answers knows that they no longer only grow.
    erasures = models.PositiveBigIntegerField(default=0, editable=False)
    # Whom the consultant has gathered; each becomes an invitation when sending starts.
    recipients = models.ManyToManyField(Contact, related_name="waves", blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="wave_number_once_a_survey"),
            models.CheckConstraint(condition=Q(status__in=SurveyStatus.values), name="wave_status_known"),
            models.CheckConstraint(
                condition=Q(status="draft", opened_at__isnull=True)
                | Q(status="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(status="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="wave_dates_go_with_status",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Open, its first day (in the server's zone) begun and its last not yet over."""
        if self.status != SurveyStatus.OPEN:
            return False
        today = timezone.localdate() if self.opens_on or self.closes_on else None
        return today is None or (self.opens_on or today) <= today <= (self.closes_on or today)


class OpenLink(models.Model):
    """A link for whoever comes by: on a counter, a receipt, a screen. One a place."""

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="open_links")
    place = models.CharField(_("place"), max_length=80)
    # As of an invitation: nothing in the database opens it.
    nonce = models.BinaryField(max_length=16)
    key_version = models.PositiveSmallIntegerField(default=0)
    is_kiosk = models.BooleanField(
        _("kiosk"), default=False, help_text=_("Goes back to the start for the next customer.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["wave", "place"], name="open_link_place_once_a_wave")]

    def __str__(self) -> str:
        return self.place


class ContactFile(models.Model):
    """A file or a pasted list of contacts between its preview and its import.

    One a wave: a new one takes the place of the last. The text is emptied once imported.
    """

    client_path: ClassVar[str] = "wave__survey__cycle__client"

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="contact_file")
    name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    # What each column holds, as surveys/recipients.py names it; empty: as guessed.
    mapping = models.JSONField(default=list)
    # {"added": 3, "changed": 0, ...} once imported.
    summary = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(imported_at__isnull=True) | Q(text=""), name="contact_file_emptied_once_imported"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.wave}"
