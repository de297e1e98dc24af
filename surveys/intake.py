"""Take in an answer: one transaction, and answering twice is one."""

from dataclasses import dataclass
from enum import Enum

from django.db import IntegrityError, transaction

from surveys.answers import Answers
from surveys.models import Invitation, Rating, Response


class Outcome(Enum):
    RECORDED = "recorded"
    SAME_AGAIN = "same again"
    ANSWERED_BEFORE = "answered before"


@dataclass(frozen=True)
class Receipt:
    outcome: Outcome
    response: Response


def record_response(invitation: Invitation, answers: Answers, language: str) -> Receipt:
    """Two statements. That a link answers once is the database's rule, so nothing is read first:
    of any number of simultaneous presses one is stored, and the others find it.
    """
    contact = invitation.contact
    response = Response(
        wave_id=invitation.wave_id,
        invitation=invitation,
        language=language,
        overall=answers.overall,
        nps=answers.nps,
        comment=answers.comment,
        segments=contact.attributes if contact else {},
        digest=answers.digest,
    )
    try:
        with transaction.atomic():
            response.save(force_insert=True)
            Rating.objects.bulk_create(
                Rating(
                    response_id=response.pk,
                    item_id=rated.item_id,
                    importance=rated.importance,
                    satisfaction=rated.satisfaction,
                    experienced=rated.experienced,
                )
                for rated in answers.ratings
            )
    except IntegrityError:
        first = Response.objects.filter(invitation=invitation).first()
        if first is None:
            raise
        same = first.digest == answers.digest
        return Receipt(Outcome.SAME_AGAIN if same else Outcome.ANSWERED_BEFORE, first)
    return Receipt(Outcome.RECORDED, response)
