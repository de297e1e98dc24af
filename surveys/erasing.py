"""Erasing a person: everything about them is gone or anonymous, the counts stay (surveys/personal.py).

The answers stay as numbers. Ratings are what the client's figures are made of, so they do not change;
a segment that so few share that it could tell who it was is taken out, and the tallies are told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from surveys import contact_jobs
from surveys.attributes import Attribute
from surveys.campaigns import new_message_id
from surveys.cases.forgetting import forget_person
from surveys.links import new_nonce
from surveys.models import (
    Contact,
    ContactFile,
    ContactImport,
    Draft,
    Invitation,
    MailState,
    OutgoingMail,
    Response,
    Wave,
    Why,
)
from surveys.outbox import Reason
from surveys.suppression import suppress
from surveys.traces import Person, take_out

# Mail that has not left.
WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.HELD)


@dataclass(frozen=True)
class Erased:
    """What was found of the person."""

    answers: int
    mails: int
    lists: int
    # Of others, in which the person is named; and reports in which they may stand.
    texts: int
    files: int


def about(contact: Contact) -> Erased:
    """What an erasure would touch."""
    person = _person(contact, keep_comments=False)
    person.looks_only = True
    take_out(person)
    return Erased(
        answers=Response.objects.filter(invitation__contact=contact).count(),
        mails=OutgoingMail.objects.filter(invitation__contact=contact).count(),
        lists=len(lists_with(contact)) + person.lists,
        texts=person.texts,
        files=person.files,
    )


def _person(contact: Contact, *, keep_comments: bool) -> Person:
    """Whom to look for in what others wrote, while everything of them is still there."""
    answers = list(_responses(contact))
    written = [response.comment for response in answers if not keep_comments]
    written += [
        str(told) for response in answers for told in response.extra.values() if isinstance(told, str)
    ]
    return Person(
        client=contact.client_id,
        email=contact.email,
        name=contact.name,
        written=written,
        responses=[] if keep_comments else [response.pk for response in answers],
    )


@transaction.atomic
def erase_person(contact: Contact, *, keep_comments: bool = False) -> Erased:
    """Erase; saying it twice is saying it once. `keep_comments`: they were read and name nobody."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if not contact.may_be_asked:
        # Of before there were digests: whoever may not be written to stays so without a row.
        suppress(contact, _why(contact))
    lists = lists_with(contact)
    for found in lists:
        found.delete()
    person = _person(contact, keep_comments=keep_comments)
    cases = forget_person(contact)
    invitations = Invitation.objects.filter(contact=contact)
    Draft.objects.filter(invitation__in=invitations).delete()
    answers = [_thin(response, keep_comments) for response in _responses(contact)]
    mails = _empty_mails(OutgoingMail.objects.filter(Q(invitation__in=invitations) | Q(case__in=cases)))
    for invitation in invitations:
        invitation.nonce = new_nonce()
        invitation.revoked_at = invitation.revoked_at or timezone.now()
        invitation.contact = None
        invitation.save(update_fields=["nonce", "revoked_at", "contact"])
    contact.delete()
    take_out(person)
    return Erased(len(answers), mails, len(lists) + person.lists, person.texts, person.files)


def _why(contact: Contact) -> Why:
    if contact.complained_at:
        return Why.COMPLAINED
    return Why.OPTED_OUT if contact.opted_out_at else Why.BOUNCED


def _responses(contact: Contact) -> QuerySet[Response]:
    return Response.objects.filter(invitation__contact=contact).select_related("wave__survey")


def _thin(response: Response, keep_comments: bool) -> Response:
    """Numbers and chosen options stay; what was written goes, and segments that few share."""
    if not keep_comments:
        response.comment, response.tags = "", []
    response.extra = {key: told for key, told in response.extra.items() if not _is_written(told)}
    response.digest = ""
    shared = {name: value for name, value in response.segments.items() if _is_shared(response, name, value)}
    if shared != response.segments:
        response.segments = shared
        answers_changed([response.wave_id])
    response.save(update_fields=["comment", "tags", "extra", "digest", "segments"])
    return response


def answers_changed(waves: Iterable[int]) -> None:
    """To be called in the transaction that deletes or edits answers of these waves."""
    Wave.objects.filter(pk__in=list(waves)).update(erasures=F("erasures") + 1)


def _is_written(told: Any) -> bool:
    """Whether it is in the customer's own words: neither a number nor places in a list."""
    if isinstance(told, list):
        return any(_is_written(one) for one in told)
    return not isinstance(told, int | float)


def _is_shared(response: Response, name: str, value: Any) -> bool:
    """Whether enough others of the wave are in that group for it to be shown at all."""
    same = Response.objects.filter(wave=response.wave_id).alias(held=Attribute(name, "segments"))
    return same.filter(held=str(value)).count() >= response.wave.survey.threshold


def _empty_mails(mails: QuerySet[OutgoingMail]) -> int:
    """They stay as figures of the funnel; what has not left does not leave."""
    mails.filter(state__in=WAITING).update(
        state=MailState.CANCELLED, claim=None, lease_until=None, reason=Reason.ERASED
    )
    # Nobody can decide about a doubt any more: there is no address to send it to again.
    mails.filter(state=MailState.UNCONFIRMED, settled_at=None).update(settled_at=Now())
    mails.exclude(reason__in=["", *Reason.values]).update(reason="")
    keys = list(mails.values_list("pk", flat=True))
    for pk in keys:
        OutgoingMail.objects.filter(pk=pk).update(recipient="", relay_reply="", message_id=new_message_id())
    return len(keys)


def lists_with(contact: Contact) -> list[ContactFile | ContactImport]:
    """Lists that were given and not imported yet, and hold the address; or that nobody has read yet."""
    own = Q(wave__survey__cycle__client=contact.client_id)
    files = ContactFile.objects.filter(own).exclude(text="")
    imports = ContactImport.objects.filter(client=contact.client_id).exclude(content=b"")
    email = contact.email.casefold()
    return [
        *(kept for kept in files if email in kept.text.casefold()),
        *(kept for kept in imports if not kept.is_text or email in contact_jobs.text_of(kept).casefold()),
    ]
