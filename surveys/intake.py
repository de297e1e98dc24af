"""Take in an answer: one transaction, and answering twice is one."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys.anonymity import coarse, shared_segments
from surveys.answers import Answers
from surveys.links import LinkAsTold
from surveys.models import Draft, Invitation, OpenLink, Response
from surveys.writing import write, write_as_told

# Of the digest of an answer through an open link, so much says which page it came from.
PAGE_PART = Response.PAGE_PART


class Outcome(Enum):
    RECORDED = "recorded"
    SAME_AGAIN = "same again"
    ANSWERED_BEFORE = "answered before"


@dataclass(frozen=True)
class Receipt:
    """Of an anonymous survey nobody can find the first answer of a link: then there is no response."""

    outcome: Outcome
    response: Response | None


def record_response(invitation: Invitation, answers: Answers, language: str) -> Receipt:
    """One statement (surveys/writing.py). That a link answers once is the database's rule, so nothing
    is read first: of any number of simultaneous presses one is stored, and the others find it.
    """
    if invitation.wave.survey.is_anonymous:
        return _record_nameless(invitation, answers)
    contact = invitation.contact
    response = _response(
        answers,
        wave_id=invitation.wave_id,
        invitation=invitation,
        language=language[:5],
        segments=contact.attributes if contact else {},
    )
    try:
        write(response, answers.ratings, done_with_draft=invitation)
    except IntegrityError:
        first = Response.objects.filter(invitation=invitation).first()
        if first is None:
            raise
        same = first.digest == answers.digest
        return Receipt(Outcome.SAME_AGAIN if same else Outcome.ANSWERED_BEFORE, first)
    return Receipt(Outcome.RECORDED, response)


def record_as_told(told: LinkAsTold, version: str, answers: Answers, language: str) -> bool:
    """In one statement with what it depends on, where nothing has changed since the page was handed out;
    else nothing is done, and `record_response` finds out what is to be said. PostgreSQL."""
    about = {**_given(answers), "wave_id": told.wave_id, "invitation_id": told.pk, "language": language[:5]}
    try:
        return write_as_told(about, answers.ratings, told, version)
    except IntegrityError:  # answered before
        return False


def _record_nameless(invitation: Invitation, answers: Answers) -> Receipt:
    """What is kept of the link is the day on which it was used; what is kept of the answer leads to no
    link (surveys/anonymity.py). The mark and the answer are one transaction; of simultaneous presses the
    first to set the mark is stored, the others wait for it and find the mark.
    """
    contact, wave = invitation.contact, invitation.wave
    segments = shared_segments(wave, contact.attributes) if contact else {}
    with transaction.atomic():
        unused = Invitation.objects.filter(pk=invitation.pk, answered_on=None)
        if not unused.update(answered_on=timezone.localdate()):
            return Receipt(Outcome.SAME_AGAIN, None)
        Draft.objects.filter(invitation_id=invitation.pk).delete()
        response = _response(answers, wave_id=wave.pk, segments=segments, submitted_at=coarse(), digest="")
        write(response, answers.ratings)
    return Receipt(Outcome.RECORDED, response)


def record_at(open_link: OpenLink, answers: Answers, language: str, page: str) -> Receipt:
    """`page` tells one page that was handed out from every other: each of them is an answer once."""
    anonymous = open_link.wave.survey.is_anonymous
    origin = hashlib.sha256(f"{open_link.pk}:{page}".encode()).hexdigest()[:PAGE_PART]
    response = _response(
        answers,
        wave_id=open_link.wave_id,
        open_link=open_link,
        language=language[:5],
        digest=origin + answers.digest[:PAGE_PART],
    )
    if anonymous:
        response.submitted_at = coarse()
    try:
        write(response, answers.ratings)
    except IntegrityError:
        first = Response.objects.filter(open_link=open_link, digest__startswith=origin).first()
        if first is None:
            raise
        same = first.digest == response.digest
        return Receipt(Outcome.SAME_AGAIN if same else Outcome.ANSWERED_BEFORE, first)
    return Receipt(Outcome.RECORDED, response)


def _response(answers: Answers, **others: object) -> Response:
    return Response(**{**_given(answers), **others})


def _given(answers: Answers) -> dict[str, object]:
    return {
        "overall": answers.overall,
        "nps": answers.nps,
        "effort": answers.effort,
        "extra": answers.extra,
        "comment": answers.comment,
        "wants_contact": answers.wants_contact,
        "digest": answers.digest,
    }
