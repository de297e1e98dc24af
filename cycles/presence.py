"""Who has a page of a cycle open: noted by the poll itself, forgotten after some seconds.

Kept in the cache, never in the database. Where the cache is away nobody is shown, and nobody waits for it.
"""

import logging
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from redis.exceptions import RedisError

from accounts.models import User

log = logging.getLogger(__name__)

LASTS = 15  # seconds since the last sign of life
AWAY = 10  # seconds in which a cache that failed is not asked again

Rows = dict[str, list[Any]]  # by user: initials, name, when


@dataclass(frozen=True)
class Person:
    pk: int
    initials: str
    name: str


class Cupboard:
    """The cache of this process, and until when it is left alone."""

    def __init__(self) -> None:
        self.away_until = 0.0

    def exchange(self, key: str, user: User, now: float) -> Rows:
        """Note the user, and answer everybody noted."""
        if time.monotonic() < self.away_until:
            return {}
        try:
            cache = caches["here"]
            rows: Rows = {
                pk: row for pk, row in (cache.get(key) or {}).items() if now - row[2] < LASTS
            }  # two at once may lose one sign of life; the next comes in two seconds
            rows[str(user.pk)] = [user.initials, str(user), now]
            cache.set(key, rows, LASTS)
        except (RedisError, OSError) as error:
            self.away_until = time.monotonic() + AWAY
            log.warning("who is here is not known for %s s: %s", AWAY, error)
            return {}
        return rows


cupboard = Cupboard()


def note(cycle_id: int, user: User) -> list[Person]:
    """Say that the user is here, and answer who else is, by name."""
    rows = cupboard.exchange(f"cycle-{cycle_id}", user, time.time())
    others = [Person(int(pk), row[0], row[1]) for pk, row in rows.items() if pk != str(user.pk)]
    return sorted(others, key=lambda person: (person.name, person.pk))


def sign(people: list[Person]) -> str:
    """The same for the same people."""
    return "-".join(str(person.pk) for person in people)
