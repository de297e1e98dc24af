"""You said, we did: of the actions that are done and marked for it, what customers may read.

The link is derived from a secret outside the database, like those of surveys: it can be shown again, and a
new nonce closes it. What stands on the page is read when it is opened: an action that is no longer done or
no longer marked is gone from it at once.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cycles.choices import ActionStatus
from cycles.models import Action, Cycle
from prioritization.models import SaidPage, SaidQuote
from surveys.models import Respondent, Response

PURPOSE = b"cyclemap.said"
ID_BYTES, NONCE_BYTES = 7, 16
LENGTH = 52
# Comments offered to be quoted beside an action.
MOST_OFFERED = 30


@dataclass(frozen=True)
class Told:
    """One promise kept."""

    action: Action
    said: str
    did: str
    done_on: date | None
    quotes: tuple[str, ...]


# --- The link --------------------------------------------------------------------------------------


def page_of(cycle: Cycle) -> SaidPage:
    """Made when it is first needed, closed."""
    fresh = {"nonce": secrets.token_bytes(NONCE_BYTES), "key_version": len(settings.LINK_KEYS) - 1}
    return SaidPage.objects.get_or_create(cycle=cycle, defaults=fresh)[0]


def mac_of(page: SaidPage) -> bytes:
    key = settings.LINK_KEYS[page.key_version].encode()
    message = b"\0".join([PURPOSE, page.pk.to_bytes(ID_BYTES, "big"), bytes(page.nonce)])
    return hmac.digest(key, message, "sha256")


def token_of(page: SaidPage) -> str:
    return base64.urlsafe_b64encode(page.pk.to_bytes(ID_BYTES, "big") + mac_of(page)).decode()


def address_of(page: SaidPage) -> str:
    return f"{settings.SITE_URL}{reverse('shared:said', args=[token_of(page)])}"


def opened(token: str) -> SaidPage | None:
    """The page that this link opens, if it is on."""
    if len(token) != LENGTH or not token.replace("-", "").replace("_", "").isalnum() or not token.isascii():
        return None
    raw = base64.urlsafe_b64decode(token)
    pk = int.from_bytes(raw[:ID_BYTES], "big")
    found = SaidPage.objects.select_related("cycle__client__workspace").filter(
        pk=pk, published_at__isnull=False, cycle__deleted_at=None
    )
    page = found.first()
    if page is None or page.key_version >= len(settings.LINK_KEYS):
        return None
    return page if hmac.compare_digest(mac_of(page), raw[ID_BYTES:]) else None


def publish(page: SaidPage, user: User) -> None:
    SaidPage.objects.filter(pk=page.pk, published_at=None).update(
        published_at=timezone.now(), published_by=user
    )


def close(page: SaidPage) -> None:
    """The link that is out leads nowhere from now on; the next one is another."""
    SaidPage.objects.filter(pk=page.pk).update(
        published_at=None,
        nonce=secrets.token_bytes(NONCE_BYTES),
        key_version=len(settings.LINK_KEYS) - 1,
    )


def viewed(page: SaidPage) -> None:
    SaidPage.objects.filter(pk=page.pk).update(views=F("views") + 1)


# --- What stands on it -----------------------------------------------------------------------------


def told(cycle: Cycle) -> list[Told]:
    """Done, marked for customers, and with words for both halves; the latest first. Two queries."""
    quotes = SaidQuote.objects.select_related("response").exclude(response__comment="")
    actions = (
        Action.objects.filter(
            plan__cycle=cycle,
            plan__deleted_at=None,
            deleted_at=None,
            status=ActionStatus.DONE,
            is_publishable=True,
        )
        .exclude(said="")
        .exclude(did="")
        .prefetch_related(Prefetch("quotes", quotes))
        .order_by(F("done_on").desc(nulls_last=True), "-pk")
    )
    return [
        Told(
            action,
            action.text("said"),
            action.text("did"),
            action.done_on,
            tuple(quote.response.comment for quote in action.quotes.all()),
        )
        for action in actions
    ]


def waiting(cycle: Cycle) -> Sequence[Action]:
    """Marked, and not on the page: not done yet, or without words."""
    shown = [one.action.pk for one in told(cycle)]
    marked = Action.objects.filter(
        plan__cycle=cycle, plan__deleted_at=None, deleted_at=None, is_publishable=True
    )
    return list(marked.exclude(pk__in=shown).exclude(status=ActionStatus.DROPPED).order_by("number"))


# --- Quotes ----------------------------------------------------------------------------------------


def offered(action: Action) -> list[Response]:
    """Comments of the cycle's surveys that may be quoted if their customer agrees; the latest first.

    Of an anonymous survey nobody can be asked, so nothing of it is offered.
    """
    found = Response.objects.filter(
        wave__survey__cycle=action.plan.cycle_id,
        wave__survey__is_anonymous=False,
        wave__survey__respondent=Respondent.CUSTOMER,
    ).exclude(comment="")
    quoted = SaidQuote.objects.filter(action=action).values("response")
    return list(found.exclude(pk__in=quoted).order_by("-submitted_at", "-pk")[:MOST_OFFERED])


def quote(action: Action, response: Response, user: User) -> None:
    SaidQuote.objects.get_or_create(action=action, response=response, defaults={"agreed_by": user})
