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
MARK = re.compile(
    rf"[0-9a-f]{{64}}\.[0-9]+\.(?P<nonce>[0-9a-f]{{{2 * NONCE_BYTES}}})"
    r"\.(?P<key_version>[0-9]{1,4})\.(?P<wave>[0-9]{1,18})\.(?P<language>.*)"
)
PAGE_BYTES = 12

# A page may lie open over a long weekend; one older than this is handed out afresh.
PAGE_SECONDS = 30 * 24 * 3600
# Two web servers may differ a little.
CLOCK_SLACK_SECONDS = 300


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


class Told(NamedTuple):
    """What a page says of the link that it was handed out for, in its mark."""

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
Linked = Invitation | OpenLink | Visit | FollowUp | Told


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


def open_token_for(open_link: OpenLink) -> str:
    return _pack(open_link.pk, _mac(open_link, Purpose.OPEN, bytes(open_link.nonce)))


def open_url(open_link: OpenLink) -> str:
    """The whole address, as it stands on the counter."""
    return f"{settings.SITE_URL}{reverse('customers:open', args=[open_token_for(open_link)])}"


def visit_token_for(visit: Visit) -> str:
    return _pack(visit.pk, _mac(visit, Purpose.VISIT, bytes(visit.nonce)))


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


def draw_seed(link: Invitation | Told) -> bytes:
    """What moments are drawn by for this link: nobody chooses it, and it is the same whenever it opens."""
    return _mac(link, Purpose.DRAW, bytes(link.nonce))


def page_mark(invitation: Invitation) -> str:
    """The hidden field of the page: shows that the answers come from a page we gave for this link.

    It does what a CSRF cookie does, without a cookie. It also says what the link was like (`told_by`).
    """
    contact = invitation.contact
    told = Told(
        pk=invitation.pk,
        nonce=bytes(invitation.nonce),
        key_version=invitation.key_version,
        wave_id=invitation.wave_id,
        language=contact.language if contact else "",
    )
    said = f"{int(time.time())}.{told.written}"
    return f"{_mac(told, Purpose.PAGE, told.nonce, said.encode()).hex()}.{said}"


def is_page_mark(link: Invitation | Told, mark: str) -> bool:
    mac, _, said = mark.partition(".")
    expected = _mac(link, Purpose.PAGE, bytes(link.nonce), said.encode("utf-8", "replace"))
    return _is_mac(expected, mac) and _is_lately(said.partition(".")[0])


def told_by(token: str, mark: str) -> Told | None:
    """What the page said of its link, if link and mark are ours; the database is not asked whether it still
    holds. A copy of the nonce opens nothing: links are made of it with a key."""
    unpacked, said = _unpack(token), MARK.fullmatch(mark)
    if unpacked is None or said is None or int(said["key_version"]) >= len(settings.LINK_KEYS):
        return None
    pk, mac = unpacked
    nonce = bytes.fromhex(said["nonce"])
    told = Told(pk, nonce, int(said["key_version"]), int(said["wave"]), said["language"])
    is_ours = hmac.compare_digest(_mac(told, Purpose.ANSWER, nonce), mac)
    return told if is_ours and is_page_mark(told, mark) else None


def visit_mark(visit: Visit) -> str:
    """As `page_mark`, of a visit's page."""
    at = str(int(time.time()))
    return f"{at}.{_mac(visit, Purpose.VISIT_PAGE, bytes(visit.nonce), at.encode()).hex()}"


def is_visit_mark(visit: Visit, mark: str) -> bool:
    at, _, mac = mark.partition(".")
    expected = _mac(visit, Purpose.VISIT_PAGE, bytes(visit.nonce), at.encode("utf-8", "replace"))
    return _is_mac(expected, mac) and _is_lately(at)


def follow_up_token_for(follow_up: FollowUp) -> str:
    return _pack(follow_up.pk, _mac(follow_up, Purpose.FOLLOW_UP, bytes(follow_up.nonce)))


def follow_up_for(token: str) -> FollowUp | None:
    """The two questions about a case whose link this is, answered or not: one query."""
    return _find(token, Purpose.FOLLOW_UP, _found_follow_up)


def follow_up_mark(follow_up: FollowUp) -> str:
    """As `page_mark`, of the page of two questions."""
    at = str(int(time.time()))
    return f"{at}.{_mac(follow_up, Purpose.FOLLOW_UP_PAGE, bytes(follow_up.nonce), at.encode()).hex()}"


def is_follow_up_mark(follow_up: FollowUp, mark: str) -> bool:
    at, _, mac = mark.partition(".")
    said = at.encode("utf-8", "replace")
    expected = _mac(follow_up, Purpose.FOLLOW_UP_PAGE, bytes(follow_up.nonce), said)
    return _is_mac(expected, mac) and _is_lately(at)


def open_page_mark(open_link: OpenLink) -> str:
    """Of a page for whoever comes by, and which page it is: no two are alike, and each is answered once."""
    at, page = str(int(time.time())), secrets.token_hex(PAGE_BYTES)
    mac = _mac(open_link, Purpose.OPEN_PAGE, bytes(open_link.nonce), at.encode(), page.encode())
    return f"{at}.{page}.{mac.hex()}"


def open_page_of(open_link: OpenLink, mark: str) -> str:
    """Which page of ours the mark is of; empty: of none, or of one from long ago."""
    at, page, mac = (*mark.split(".", 2), "", "")[:3]
    parts = (at.encode("utf-8", "replace"), page.encode("utf-8", "replace"))
    expected = _mac(open_link, Purpose.OPEN_PAGE, bytes(open_link.nonce), *parts)
    return page if _is_mac(expected, mac) and _is_lately(at) else ""


def open_draw_seed(open_link: OpenLink, page: str) -> bytes:
    return _mac(open_link, Purpose.DRAW, bytes(open_link.nonce), page.encode())


def _is_mac(expected: bytes, told: str) -> bool:
    return hmac.compare_digest(expected.hex().encode(), told.encode("utf-8", "replace"))


def _is_lately(at: str) -> bool:
    """Of a mark whose MAC is right, so `at` is a time that we wrote ourselves."""
    return -CLOCK_SLACK_SECONDS <= time.time() - int(at) <= PAGE_SECONDS


def _mac(linked: Linked, purpose: Purpose, *parts: bytes) -> bytes:
    """Every part but the last has a fixed length for its purpose, so no two messages look alike."""
    key = settings.LINK_KEYS[linked.key_version].encode()
    message = b"\0".join([purpose.value, linked.pk.to_bytes(ID_BYTES, "big"), *parts])
    return hmac.digest(key, message, "sha256")


def _pack(pk: int, mac: bytes) -> str:
    return base64.urlsafe_b64encode(pk.to_bytes(ID_BYTES, "big") + mac).decode()


def _unpack(token: str) -> tuple[int, bytes] | None:
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
    unpacked = _unpack(token)
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
    return linked if hmac.compare_digest(_mac(known, purpose, *parts), mac) and linked else None
