"""The hidden field of a page for customers: it shows that what is sent comes from a page that we gave for
that very link, as a CSRF cookie would, without a cookie.
"""

import hmac
import re
import secrets
import time

from django.conf import settings

from surveys.links import NONCE_BYTES, LinkAsTold, Purpose, mac_of, unpack
from surveys.models import FollowUp, Invitation, OpenLink, Visit

PAGE_BYTES = 12
MARK = re.compile(
    rf"[0-9a-f]{{64}}\.[0-9]+\.(?P<nonce>[0-9a-f]{{{2 * NONCE_BYTES}}})"
    r"\.(?P<key_version>[0-9]{1,4})\.(?P<wave>[0-9]{1,18})\.(?P<language>.*)"
)
# A page may lie open over a long weekend; one older than this is handed out afresh.
PAGE_SECONDS = 30 * 24 * 3600
# Two web servers may differ a little.
CLOCK_SLACK_SECONDS = 300


def page_mark(invitation: Invitation) -> str:
    """The hidden field of the page: shows that the answers come from a page we gave for this link.

    It does what a CSRF cookie does, without a cookie. It also says what the link was like (`told_by`).
    """
    contact = invitation.contact
    told = LinkAsTold(
        pk=invitation.pk,
        nonce=bytes(invitation.nonce),
        key_version=invitation.key_version,
        wave_id=invitation.wave_id,
        language=contact.language if contact else "",
    )
    said = f"{int(time.time())}.{told.written}"
    return f"{mac_of(told, Purpose.PAGE, told.nonce, said.encode()).hex()}.{said}"


def is_page_mark(link: Invitation | LinkAsTold, mark: str) -> bool:
    mac, _, said = mark.partition(".")
    expected = mac_of(link, Purpose.PAGE, bytes(link.nonce), said.encode("utf-8", "replace"))
    return _is_mac(expected, mac) and _is_lately(said.partition(".")[0])


def told_by(token: str, mark: str) -> LinkAsTold | None:
    """What the page said of its link, if link and mark are ours; the database is not asked whether it still
    holds. A copy of the nonce opens nothing: links are made of it with a key."""
    unpacked, said = unpack(token), MARK.fullmatch(mark)
    if unpacked is None or said is None or int(said["key_version"]) >= len(settings.LINK_KEYS):
        return None
    pk, mac = unpacked
    nonce = bytes.fromhex(said["nonce"])
    told = LinkAsTold(pk, nonce, int(said["key_version"]), int(said["wave"]), said["language"])
    is_ours = hmac.compare_digest(mac_of(told, Purpose.ANSWER, nonce), mac)
    return told if is_ours and is_page_mark(told, mark) else None


def visit_mark(visit: Visit) -> str:
    """As `page_mark`, of a visit's page."""
    at = str(int(time.time()))
    return f"{at}.{mac_of(visit, Purpose.VISIT_PAGE, bytes(visit.nonce), at.encode()).hex()}"


def is_visit_mark(visit: Visit, mark: str) -> bool:
    at, _, mac = mark.partition(".")
    expected = mac_of(visit, Purpose.VISIT_PAGE, bytes(visit.nonce), at.encode("utf-8", "replace"))
    return _is_mac(expected, mac) and _is_lately(at)


def follow_up_mark(follow_up: FollowUp) -> str:
    """As `page_mark`, of the page of two questions."""
    at = str(int(time.time()))
    return f"{at}.{mac_of(follow_up, Purpose.FOLLOW_UP_PAGE, bytes(follow_up.nonce), at.encode()).hex()}"


def is_follow_up_mark(follow_up: FollowUp, mark: str) -> bool:
    at, _, mac = mark.partition(".")
    said = at.encode("utf-8", "replace")
    expected = mac_of(follow_up, Purpose.FOLLOW_UP_PAGE, bytes(follow_up.nonce), said)
    return _is_mac(expected, mac) and _is_lately(at)


def open_page_mark(open_link: OpenLink) -> str:
    """Of a page for whoever comes by, and which page it is: no two are alike, and each is answered once."""
    at, page = str(int(time.time())), secrets.token_hex(PAGE_BYTES)
    mac = mac_of(open_link, Purpose.OPEN_PAGE, bytes(open_link.nonce), at.encode(), page.encode())
    return f"{at}.{page}.{mac.hex()}"


def open_page_of(open_link: OpenLink, mark: str) -> str:
    """Which page of ours the mark is of; empty: of none, or of one from long ago."""
    at, page, mac = (*mark.split(".", 2), "", "")[:3]
    parts = (at.encode("utf-8", "replace"), page.encode("utf-8", "replace"))
    expected = mac_of(open_link, Purpose.OPEN_PAGE, bytes(open_link.nonce), *parts)
    return page if _is_mac(expected, mac) and _is_lately(at) else ""


def _is_mac(expected: bytes, told: str) -> bool:
    return hmac.compare_digest(expected.hex().encode(), told.encode("utf-8", "replace"))


def _is_lately(at: str) -> bool:
    """Of a mark whose MAC is right, so `at` is a time that we wrote ourselves."""
    return -CLOCK_SLACK_SECONDS <= time.time() - int(at) <= PAGE_SECONDS
