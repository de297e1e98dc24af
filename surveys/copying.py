"""A new draft that asks as an earlier survey did."""

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.instrument import draft_survey
from surveys.models import Campaign, Question, Survey

SETTINGS = (
    "brand",
    "respondent",
    "address",
    "language",
    "languages",
    "scale_max",
    "importance",
    "picks",
    "drawn",
    "asks_overall",
    "asks_effort",
    "asks_nps",
    "asks_comment",
    "asks_contact",
    "contact_address",
    "is_anonymous",
    "threshold",
)


class HasDraftError(ValueError):
    """The message is a sentence for the person who pressed the button."""


@transaction.atomic
def copy_survey(survey: Survey) -> Survey:
    """Settings, moments left out, requirements, questions of one's own, added languages, the mail.

    Answers, recipients and dates are not copied. What has left the map is not asked about.
    """
    if Survey.objects.filter(cycle=survey.cycle, frozen_at=None).exists():
        raise HasDraftError(_("This cycle already has a draft. Open it before you copy another."))
    made = draft_survey(survey.cycle, contact_address=survey.contact_address)
    for name in SETTINGS:
        setattr(made, name, getattr(survey, name))
    made.texts = survey.texts
    made.save()
    # By what was left out, not by what was asked: what was added to the map since is asked about.
    made.left_out.set(survey.left_out.all())
    made.requirements.set(survey.requirements.all())
    _copy_questions(survey, made)
    mail = Campaign.objects.filter(wave__survey=survey).last()
    if mail is not None:
        fields = {"sender_name": mail.sender_name, "reply_to": mail.reply_to, "texts": mail.texts}
        Campaign.objects.filter(wave__survey=made).update(**fields)
    return made


def _copy_questions(survey: Survey, made: Survey) -> None:
    """In order, so that what a condition is on is there before it."""
    new: dict[int, Question] = {}
    for question in survey.questions.all():
        condition = new.get(question.shown_if_id or 0)
        new[question.pk] = Question.objects.create(
            survey=made,
            position=question.position,
            kind=question.kind,
            wording=question.wording,
            options=question.options,
            is_required=question.is_required,
            shown_if=condition,
            shown_if_options=question.shown_if_options if condition else [],
        )
