"""Secret links, derived and never stored.

A link says which invitation it is and proves it: base64url(id ‖ HMAC-SHA256(key, id ‖ nonce)). The
keys live outside the database, so a copy of the database opens nothing; a new nonce revokes a link;
rendering a mail again gives the same link, so a repeated mail does no harm to the answers.
"""

import base64
import hmac
import re
import secrets
import time
from enum import Enum

from django.conf import settings
from django.urls import reverse

from cyclemap.compiled import ByKey
from surveys.models import Invitation

# 7 bytes of id and 32 of MAC make 52 characters of base64 without padding or spare bits, so each
# link has exactly one spelling.
ID_BYTES = 7
TOKEN_LENGTH = 52
SPELLING = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
NONCE_BYTES = 16

# A page may lie open over a long weekend; one older than this is handed out afresh.
PAGE_SECONDS = 30 * 24 * 3600
# Two web servers may differ a little.
CLOCK_SLACK_SECONDS = 300


class Purpose(bytes, Enum):
    """What a MAC is good for: one made for one purpose proves nothing for another."""

    ANSWER = b"cyclemap.answer"
    UNSUBSCRIBE = b"cyclemap.unsubscribe"
    PAGE = b"cyclemap.page"


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def current_key_version() -> int:
    """For new invitations: the key last added to LINK_KEYS. Older ones keep opening older links."""
    return len(settings.LINK_KEYS) - 1


def token_for(invitation: Invitation) -> str:
    return _pack(invitation.pk, _mac(invitation, Purpose.ANSWER, bytes(invitation.nonce)))


def unsubscribe_token_for(invitation: Invitation) -> str:
    """Without the nonce: the mail of a revoked invitation still lies in a letter box; its way out works."""
    return _pack(invitation.pk, _mac(invitation, Purpose.UNSUBSCRIBE))


def survey_url(invitation: Invitation) -> str:
    """The whole address, as it stands in a mail."""
    path = reverse("customers:survey", args=[token_for(invitation)])
    return f"{settings.SITE_URL}{path}"


def unsubscribe_url(invitation: Invitation) -> str:
    path = reverse("customers:unsubscribe", args=[unsubscribe_token_for(invitation)])
    return f"{settings.SITE_URL}{path}"


def invitation_for(token: str) -> Invitation | None:
    """The invitation that a survey link opens, revoked or not, with all that the page needs: one query."""
    return _find(token, Purpose.ANSWER)


def invitation_to_unsubscribe(token: str) -> Invitation | None:
    return _find(token, Purpose.UNSUBSCRIBE)


def page_mark(invitation: Invitation) -> str:
    """The hidden field of the page: shows that the answers come from a page we gave for this link.

    It does what a CSRF cookie does, without a cookie.
    """
    at = str(int(time.time()))
    return f"{at}.{_mac(invitation, Purpose.PAGE, bytes(invitation.nonce), at.encode()).hex()}"


def is_page_mark(invitation: Invitation, mark: str) -> bool:
    at, _, mac = mark.partition(".")
    if not (at.isascii() and at.isdigit() and len(at) <= 12):
        return False
    expected = _mac(invitation, Purpose.PAGE, bytes(invitation.nonce), at.encode()).hex()
    if not hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace")):
        return False
    return -CLOCK_SLACK_SECONDS <= time.time() - int(at) <= PAGE_SECONDS


def _mac(invitation: Invitation, purpose: Purpose, *parts: bytes) -> bytes:
    """Every part but the last has a fixed length for its purpose, so no two messages look alike."""
    key = settings.LINK_KEYS[invitation.key_version].encode()
    message = b"\0".join([purpose.value, invitation.pk.to_bytes(ID_BYTES, "big"), *parts])
    return hmac.digest(key, message, "sha256")


def _pack(pk: int, mac: bytes) -> str:
    return base64.urlsafe_b64encode(pk.to_bytes(ID_BYTES, "big") + mac).decode()


def _unpack(token: str) -> tuple[int, bytes] | None:
    if not SPELLING.fullmatch(token):
        return None
    raw = base64.urlsafe_b64decode(token)
    return int.from_bytes(raw[:ID_BYTES], "big"), raw[ID_BYTES:]


# With all that the customer's page shows or decides by.
_found = ByKey(
    lambda pk: Invitation.objects.select_related("wave__survey", "contact", "response").filter(pk=pk)
)


def _find(token: str, purpose: Purpose) -> Invitation | None:
    unpacked = _unpack(token)
    if unpacked is None:
        return None
    pk, mac = unpacked
    invitation = _found.first(pk)
    if invitation is None or invitation.key_version >= len(settings.LINK_KEYS):
        # As much work as for a known id, so that the answer's time does not tell which ids exist.
        known, invitation = Invitation(pk=pk, nonce=bytes(NONCE_BYTES)), None
    else:
        known = invitation
    parts = [bytes(known.nonce)] if purpose is Purpose.ANSWER else []
    return invitation if hmac.compare_digest(_mac(known, purpose, *parts), mac) and invitation else None
