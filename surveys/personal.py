"""What of the survey tables may be about a person, field by field, and what becomes of it with an erasure.

Every field that can hold a text stands here (tests/surveys/test_erasing.py): whoever adds one decides.
surveys/erasing.py does what is said.
"""

from enum import Enum


class Fate(Enum):
    """What becomes of a field of a row that is about an erased person."""

    GONE = "gone with its row"
    EMPTIED = "emptied"
    REPLACED = "replaced by something that leads to nobody"
    THINNED = "what could tell who it was is taken out"
    KEPT = "kept as a keyed digest, so that the address is not written to again"
    # surveys/visits/erasing.py: of a mystery shopper, who is no contact.
    OWN = "gone when the shopper is erased"
    NOBODY = "about nobody"


G, E, R, T, K, N = Fate.GONE, Fate.EMPTIED, Fate.REPLACED, Fate.THINNED, Fate.KEPT, Fate.NOBODY
O = Fate.OWN  # noqa: E741

PERSONAL: dict[str, dict[str, Fate]] = {
    "Contact": {"email": G, "name": G, "language": G, "external_id": G, "attributes": G},
    "Suppression": {"digest": K, "why": K},
    # A rule names values of attributes, which are of groups; the name is the consultant's.
    "Segment": {"name": N, "rules": N},
    # A list that holds the address and was not imported yet; one that was holds figures only.
    "ContactFile": {"name": G, "text": G, "mapping": G, "summary": N},
    "ContactImport": {
        "name": G,
        "fingerprint": G,
        "content": G,
        "mapping": G,
        "wins": N,
        "looked": G,
        "summary": N,
        "state": N,
        "faults": G,
    },
    "Survey": {
        "name": N,
        "brand": N,
        "respondent": N,
        "address": N,
        "language": N,
        "texts": N,
        "languages": N,
        "importance": N,
        "contact_address": N,
    },
    "Item": {"wording": N, "stage": N},
    "Question": {"kind": N, "wording": N, "options": N, "shown_if_options": N},
    "Wave": {"name": N, "status": N},
    "OpenLink": {"place": N, "nonce": N},
    "Invitation": {"nonce": R},
    "Campaign": {
        "zone": N,
        "sender_name": N,
        "reply_to": N,
        "texts": N,
        "reminder_days": N,
        "pause_reason": N,
    },
    "OutgoingMail": {
        "kind": N,
        "recipient": E,
        "message_id": R,
        "state": N,
        "relay_reply": E,
        "reason": R,
    },
    # About the sender of this installation.
    "SenderPause": {"sender": N, "relay_reply": N},
    "SendingState": {},
    "Response": {"language": N, "extra": T, "tags": E, "comment": E, "segments": T, "digest": E},
    "Rating": {},
    # Cases stay as figures; what was written about the person, and how they took it, goes.
    "Case": {
        "kind": N,
        "status": N,
        "origin": N,
        "reasons": N,
        "title": E,
        "description": E,
        "temper": E,
        "language": E,
        # Of the member who is responsible.
        "owner_name": N,
        "notice_channel": N,
        "notice_text": E,
    },
    "CaseStep": {
        "what": N,
        "status": N,
        "channel": N,
        "owner_name": N,
        "text": E,
        "who_name": N,
        "key": N,
    },
    "CasePolicy": {"hours": N, "spent": N},
    "CaseRule": {"moments": N},
    "Cause": {"key": N, "name": N},
    # Of the link alone; the answers are a yes or no and a number.
    "FollowUp": {"nonce": R},
    # Mail to members.
    "Assignment": {"state": N, "claim": N},
    "DigestDay": {"state": N, "claim": N},
    "Draft": {"data": G},
    "Shopper": {"name": O, "email": O},
    "CriterionWeight": {"criterion": N},
    "Visit": {"place": N, "scenario": N, "notes": O, "state": N, "draft": O, "nonce": N},
    "VisitScore": {"criterion": N},
    "VisitPhoto": {"content_type": N},
    # A keyed digest, forgotten within minutes.
    "Knock": {"key": N},
}
