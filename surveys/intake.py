"""Take in an answer: one transaction, and answering twice is one."""

from dataclasses import dataclass
from enum import Enum

from django.db import IntegrityError

from surveys.answers import Answers
from surveys.models import Invitation, Response
from surveys.writing import write


class Outcome(Enum):
    RECORDED = "recorded"
    SAME_AGAIN = "same again"
    ANSWERED_BEFORE = "answered before"


@dataclass(frozen=True)
class Receipt:
    outcome: Outcome
    response: Response


def record_response(invitation: Invitation, answers: Answers, language: str) -> Receipt:
    """One statement (surveys/writing.py). That a link answers once is the database's rule, so nothing
    is read first: of any number of simultaneous presses one is stored, and the others find it.
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
        write(response, answers.ratings)
    except IntegrityError:
        first = Response.objects.filter(invitation=invitation).first()
        if first is None:
            raise
        same = first.digest == answers.digest
        return Receipt(Outcome.SAME_AGAIN if same else Outcome.ANSWERED_BEFORE, first)
    return Receipt(Outcome.RECORDED, response)
