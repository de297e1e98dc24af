"""How often somebody may knock at the customers' pages: so many times a minute.

The first few of a minute are counted in the process alone, so that an ordinary answer costs nothing; who
is busy is counted in the database, where every process of every machine sees it, without Redis. A
process may thus let pass a tenth of a limit more than the limit, never more.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from cyclemap.addresses import client_address, neighbourhood
from surveys.models import Knock

# How many others are remembered in a process; beyond, it starts afresh.
KEPT = 20_000


@dataclass(frozen=True)
class Limit:
    name: str
    a_minute: int

    @property
    def unshared(self) -> int:
        """So many a process counts alone."""
        return self.a_minute // 10


A_LINK = Limit("link", 30)
UNKNOWN = Limit("unknown", 30)
# Of a link for whoever comes by: many people at one counter, none of them ten times a minute.
A_PLACE = Limit("place", 120)
AN_ADDRESS_AT_A_PLACE = Limit("address at a place", 20)


@dataclass
class Minute:
    """What this process has counted in the minute that runs."""

    number: int = 0
    swept: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=dict)


_here = Minute()


def forget() -> None:
    """What this process has counted."""
    _here.number, _here.swept, _here.counts = 0, 0, {}


def may_send(request: HttpRequest, link: str) -> bool:
    """One more press on Send at a customer's own link."""
    return _all(request, (A_LINK, link), Limit("address", settings.ANSWERS_PER_ADDRESS))


def may_send_at(request: HttpRequest, place: str) -> bool:
    """One more press on Send at a link for whoever comes by."""
    return _all(request, (A_PLACE, place), AN_ADDRESS_AT_A_PLACE, of=place)


def may_guess(request: HttpRequest) -> bool:
    """One more link that leads nowhere."""
    address = client_address(request)
    return not address or passes(UNKNOWN, neighbourhood(address))


def _all(request: HttpRequest, by_link: tuple[Limit, str], by_address: Limit, of: str = "") -> bool:
    limit, link = by_link
    # Both are counted, whichever is over.
    allowed = passes(limit, link)
    address = client_address(request) if by_address.a_minute else ""
    return (not address or passes(by_address, f"{of} {neighbourhood(address)}")) and allowed


def passes(limit: Limit, who: str) -> bool:
    """Count one more, and say whether it is within the limit."""
    minute = int(time.time()) // 60
    if _here.number != minute:
        _here.number, _here.counts = minute, {}
    elif len(_here.counts) >= KEPT:
        _here.counts = {}
    count = _here.counts[limit.name, who] = _here.counts.get((limit.name, who), 0) + 1
    if count <= limit.unshared:
        return True
    return _shared(limit, who, minute, 1 if count > limit.unshared + 1 else count) <= limit.a_minute


def _shared(limit: Limit, who: str, minute: int, more: int) -> int:
    key = hmac.digest(settings.SECRET_KEY.encode(), f"{limit.name} {who}".encode(), hashlib.sha256).hex()
    table = connection.ops.quote_name(Knock._meta.db_table)
    if _here.swept != minute:
        _here.swept = minute
        Knock.objects.filter(minute__lt=minute).delete()
    # The name of the table is our own.
    statement = (
        f"INSERT INTO {table} (key, minute, count) VALUES (%s, %s, %s) "  # noqa: S608
        "ON CONFLICT (key) DO UPDATE SET minute = excluded.minute, count = excluded.count + "
        f"CASE WHEN {table}.minute = excluded.minute THEN {table}.count ELSE 0 END RETURNING count"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, minute, more])
        return int(cursor.fetchone()[0])
