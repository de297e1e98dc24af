"""Secret links, derived and never stored.

A link says which invitation it is and proves it: base64url(id ‖ HMAC-SHA256(key, id ‖ nonce)). The
keys live outside the database, so a copy of the database opens nothing; a new nonce revokes a link;
rendering a mail again gives the same link, so a repeated mail does no harm to the answers.
"""

import base64
import hmac
import re
import secrets
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.urls import get_script_prefix, reverse

from cyclemap.compiled import ByKey
from surveys.models import FollowUp, Invitation, OpenLink, Visit

# 7 bytes of id and 32 of MAC make 52 characters of base64 without padding or spare bits, so each
# link has exactly one spelling.
ID_BYTES = 7
TOKEN_LENGTH = 52
SPELLING = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
NONCE_BYTES = 16


class Purpose(bytes, Enum):
    """What a MAC is good for: one made for one purpose proves nothing for another."""

    ANSWER = b"cyclemap.answer"
    OPEN = b"cyclemap.open"
    OPEN_PAGE = b"cyclemap.open-page"
    DRAW = b"cyclemap.draw"
    UNSUBSCRIBE = b"cyclemap.unsubscribe"
    PAGE = b"cyclemap.page"
    VISIT = b"cyclemap.visit"
    VISIT_PAGE = b"cyclemap.visit-page"
    FOLLOW_UP = b"cyclemap.follow-up"
    FOLLOW_UP_PAGE = b"cyclemap.follow-up-page"


class LinkAsTold(NamedTuple):
    """What a page says of the link that it was handed out for, in its mark (surveys/page_marks.py)."""

    pk: int
    nonce: bytes
    key_version: int
    wave_id: int
    # Of the contact; empty without one.
    language: str

    @property
    def written(self) -> str:
        return f"{self.nonce.hex()}.{self.key_version}.{self.wave_id}.{self.language}"


# What has a link.
Linked = Invitation | OpenLink | Visit | FollowUp | LinkAsTold


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def current_key_version() -> int:
    """For new invitations: the key last added to LINK_KEYS. Older ones keep opening older links."""
    return len(settings.LINK_KEYS) - 1


def token_for(invitation: Invitation) -> str:
    return _pack(invitation.pk, mac_of(invitation, Purpose.ANSWER, bytes(invitation.nonce)))


def unsubscribe_token_for(invitation: Invitation) -> str:
    """Without the nonce: the mail of a revoked invitation still lies in a letter box; its way out works."""
    return _pack(invitation.pk, mac_of(invitation, Purpose.UNSUBSCRIBE))


def open_token_for(open_link: OpenLink) -> str:
    return _pack(open_link.pk, mac_of(open_link, Purpose.OPEN, bytes(open_link.nonce)))


def open_url(open_link: OpenLink) -> str:
    """The whole address, as it stands on the counter."""
    return f"{settings.SITE_URL}{reverse('customers:open', args=[open_token_for(open_link)])}"


def visit_token_for(visit: Visit) -> str:
    return _pack(visit.pk, mac_of(visit, Purpose.VISIT, bytes(visit.nonce)))


def visit_url(visit: Visit) -> str:
    """The whole address, as a shopper gets it."""
    return f"{settings.SITE_URL}{reverse('customers:visit', args=[visit_token_for(visit)])}"


def survey_url(invitation: Invitation) -> str:
    """The whole address, as it stands in a mail."""
    return f"{settings.SITE_URL}{_path('customers:survey', token_for(invitation))}"


def unsubscribe_url(invitation: Invitation) -> str:
    return f"{settings.SITE_URL}{unsubscribe_path(invitation)}"


def unsubscribe_path(invitation: Invitation) -> str:
    return _path("customers:unsubscribe", unsubscribe_token_for(invitation))


def _path(name: str, token: str) -> str:
    before, after = _around_token(name, get_script_prefix())
    return f"{before}{token}{after}"


@lru_cache(maxsize=16)
def _around_token(name: str, script_prefix: str) -> tuple[str, str]:
    """Two links stand in every mail; where they lead is looked up once."""
    nowhere = "0" * TOKEN_LENGTH
    before, _, after = reverse(name, args=[nowhere]).partition(nowhere)
    return before, after


def invitation_for(token: str) -> Invitation | None:
    """The invitation that a survey link opens, revoked or not, with all that the page needs: one query."""
    return _find(token, Purpose.ANSWER, _found)


def invitation_to_unsubscribe(token: str) -> Invitation | None:
    return _find(token, Purpose.UNSUBSCRIBE, _found)


def open_link_for(token: str) -> OpenLink | None:
    """The place whose link this is, revoked or not: one query."""
    return _find(token, Purpose.OPEN, _found_open)


def visit_for(token: str) -> Visit | None:
    """The mystery visit whose link this is, whatever its state: one query."""
    return _find(token, Purpose.VISIT, _found_visit)


def draw_seed(link: Invitation | LinkAsTold) -> bytes:
    """What moments are drawn by for this link: nobody chooses it, and it is the same whenever it opens."""
    return mac_of(link, Purpose.DRAW, bytes(link.nonce))


def follow_up_token_for(follow_up: FollowUp) -> str:
    return _pack(follow_up.pk, mac_of(follow_up, Purpose.FOLLOW_UP, bytes(follow_up.nonce)))


def follow_up_for(token: str) -> FollowUp | None:
    """The two questions about a case whose link this is, answered or not: one query."""
    return _find(token, Purpose.FOLLOW_UP, _found_follow_up)


def open_draw_seed(open_link: OpenLink, page: str) -> bytes:
    return mac_of(open_link, Purpose.DRAW, bytes(open_link.nonce), page.encode())


def mac_of(linked: Linked, purpose: Purpose, *parts: bytes) -> bytes:
    """Every part but the last has a fixed length for its purpose, so no two messages look alike."""
    key = settings.LINK_KEYS[linked.key_version].encode()
    message = b"\0".join([purpose.value, linked.pk.to_bytes(ID_BYTES, "big"), *parts])
    return hmac.digest(key, message, "sha256")


def _pack(pk: int, mac: bytes) -> str:
    return base64.urlsafe_b64encode(pk.to_bytes(ID_BYTES, "big") + mac).decode()


def unpack(token: str) -> tuple[int, bytes] | None:
    if not SPELLING.fullmatch(token):
        return None
    raw = base64.urlsafe_b64decode(token)
    return int.from_bytes(raw[:ID_BYTES], "big"), raw[ID_BYTES:]


# All that the customer's page shows or decides by, and no more: reading a column costs as much as using it.
SHOWN = (
    *("nonce", "key_version", "answered_on", "revoked_at"),
    *(f"wave__{name}" for name in ("status", "opens_on", "closes_on")),
    *(f"wave__survey__{name}" for name in ("frozen_at", "brand", "address", "respondent", "is_anonymous")),
    *(f"wave__survey__{name}" for name in ("language", "languages", "texts", "contact_address", "threshold")),
    *(f"contact__{name}" for name in ("client", "email", "language", "attributes")),
    *("response__submitted_at", "draft__data"),
)
_found = ByKey(
    lambda pk: (
        Invitation.objects.select_related("wave__survey", "contact", "response", "draft")
        .only("wave", "contact", "wave__survey", *SHOWN)
        .filter(pk=pk)
    )
)
_found_open = ByKey(lambda pk: OpenLink.objects.select_related("wave__survey").filter(pk=pk))

_found_visit = ByKey(
    lambda pk: Visit.objects.select_related("wave__survey__cycle__client", "shopper").filter(pk=pk)
)

_found_follow_up = ByKey(
    lambda pk: FollowUp.objects.select_related(
        "case__cycle__client", "case__contact", "case__response__wave__survey"
    ).filter(pk=pk)
)

L = TypeVar("L", Invitation, OpenLink, Visit, FollowUp)


def _find(token: str, purpose: Purpose, rows: ByKey[L]) -> L | None:
    unpacked = unpack(token)
    if unpacked is None:
        return None
    pk, mac = unpacked
    linked = rows.first(pk)
    known: Linked
    if linked is None or linked.key_version >= len(settings.LINK_KEYS):
        # As much work as for a known id, so that the answer's time does not tell which ids exist.
        known, linked = Invitation(pk=pk, nonce=bytes(NONCE_BYTES)), None
    else:
        known = linked
    parts = [] if purpose is Purpose.UNSUBSCRIBE else [bytes(known.nonce)]
    return linked if hmac.compare_digest(mac_of(known, purpose, *parts), mac) and linked else None
