"""Anonymous surveys: nothing that is stored leads from an answer to the link it came through.

What could: a foreign key (there is none), the hour (an answer keeps its day, which is all that the
invitation keeps too), attributes that only few people share (they are left out), and, for who reads
PostgreSQL's own columns, the number of the transaction that wrote both (loosened every night).
docs/adr/0007 says what remains.
"""

import time
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from surveys.models import Draft, Invitation, SurveyStatus, Wave

FRESH_SECONDS = 300
# Attributes, and how many of the invited have just these.
Group = list[tuple[dict[str, Any], int]]


def coarse(moment: datetime | None = None) -> datetime:
    """The day alone, as its first moment where the server is."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def shared_segments(wave: Wave, attributes: dict[str, Any]) -> dict[str, Any]:
    """Those attributes that at least as many invited people have together as the survey's smallest group.

    One after the other, the most common first, as long as enough people have all that are kept: a
    customer number, or a rare combination, would otherwise say who answered.
    """
    group = _invited(wave.pk, wave.opened_at, int(time.time()) // FRESH_SECONDS)

    def having(group: Group, key: str) -> Group:
        return [(theirs, n) for theirs, n in group if theirs.get(key, group) == attributes[key]]

    sizes = {key: _size(having(group, key)) for key in attributes}
    kept: dict[str, Any] = {}
    for key in sorted(sizes, key=lambda key: (-sizes[key], key)):
        narrower = having(group, key)
        if _size(narrower) >= wave.survey.threshold:
            kept[key], group = attributes[key], narrower
    return kept


def _size(group: Group) -> int:
    return sum(n for _attributes, n in group)


@lru_cache(maxsize=64)
def _invited(wave_id: int, opened_at: datetime | None, now: int) -> Group:
    """How many of the invited have which attributes; `opened_at` and `now` say when to look again."""
    rows = Invitation.objects.filter(wave_id=wave_id, contact__isnull=False).order_by()
    found = rows.values_list("contact__attributes").annotate(n=Count("pk"))
    return [(attributes or {}, n) for attributes, n in found]


def forget_drafts() -> int:
    """Of links that have answered (a save that crossed the answer on its way) and of closed waves."""
    answered = Draft.objects.filter(invitation__response__isnull=False)
    used = Draft.objects.filter(invitation__answered_on__isnull=False)
    closed = Draft.objects.filter(invitation__wave__status=SurveyStatus.CLOSED)
    keys = {pk for drafts in (answered, used, closed) for pk in drafts.values_list("pk", flat=True)}
    return Draft.objects.filter(pk__in=keys).delete()[0]


def loosen() -> int:
    """Write the marks of the last days anew, by the order of the links: all in one transaction of its own,
    so that neither its number nor the place on disk says which answer was written along with a mark."""
    since = timezone.localdate() - timedelta(days=2)
    rows = Invitation.objects.filter(answered_on__gte=since).order_by("pk")
    days = list(rows.values_list("answered_on", "pk"))
    table = connection.ops.quote_name(Invitation._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET answered_on = %s WHERE id = %s", days)  # noqa: S608
    return len(days)
