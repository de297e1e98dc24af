"""A form half filled in, kept with its link until it is sent."""

from django.db import transaction
from django.utils import timezone

from surveys.anonymity import coarse
from surveys.answers import clean_text
from surveys.form_reader import Data, many
from surveys.models import Draft, Invitation, QuestionKind, Response
from surveys.questionnaire import COMMENT_LIMIT, LONG_LIMIT, Questionnaire

# Of any other field: a number, the place of an option, a line.
OTHER_LIMIT = 200


def kept_fields(asked: Questionnaire, data: Data) -> dict[str, list[str]]:
    """What was typed, right or wrong, of the fields that the form has and no others."""
    long = {extra.name for extra in asked.extras if extra.kind == QuestionKind.LONG_TEXT}
    found = {}
    for name in sorted(asked.names & data.keys()):
        limit = COMMENT_LIMIT if name == "comment" else LONG_LIMIT if name in long else OTHER_LIMIT
        # Boxes of one list are told apart by their value, and there are no more of them than this.
        values = [clean_text(value)[:limit] for value in list(many(data, name))[:100]]
        if any(values):
            found[name] = values
    return found


def save_draft(invitation: Invitation, fields: dict[str, list[str]]) -> bool:
    """The last save counts. False: the link has been answered meanwhile.

    The invitation is locked, which an answer has to wait for: no draft is left behind by an anonymous one.
    """
    anonymous = invitation.wave.survey.is_anonymous
    now = coarse() if anonymous else timezone.now()
    with transaction.atomic():
        held = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if held.answered_on or Response.objects.filter(invitation_id=held.pk).exists():
            return False
        Draft.objects.update_or_create(invitation_id=held.pk, defaults={"data": fields, "saved_at": now})
        Invitation.objects.filter(pk=held.pk, started_at=None).update(started_at=now)
    return True
