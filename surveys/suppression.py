"""Addresses that a client never writes to again.

Opting out, a dead address and a spam complaint hold for the address, not for the row: a list that
is imported again, or a person who was erased and comes back in a list, is not written to. What is
kept is a keyed digest, so that the address itself can be erased.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower, Now

from accounts.models import Client
from cyclemap.compiled import known_cursor
from surveys.models import Contact, Suppression, Why


def digest(client_id: int, email: str) -> str:
    """One client's suppression says nothing about another's, so each has digests of its own.

    By the first key, which is never taken away (LINK_KEYS), and by the address as servers compare it.
    """
    message = b"\0".join([b"cyclemap.suppression", str(client_id).encode(), email.strip().lower().encode()])
    return hmac.digest(settings.LINK_KEYS[0].encode(), message, "sha256").hex()


def suppress(contact: Contact, why: Why) -> None:
    """From now on nothing is sent to this address. Saying it twice is saying it once."""
    fields = {
        Why.OPTED_OUT: ("opted_out_at",),
        Why.BOUNCED: ("bounced_at",),
        Why.COMPLAINED: ("opted_out_at", "complained_at"),
    }[why]
    with transaction.atomic():
        Suppression.objects.get_or_create(
            client_id=contact.client_id,
            digest=digest(contact.client_id, contact.email),
            defaults={"why": why},
        )
        for field in fields:
            Contact.objects.filter(pk=contact.pk, **{field: None}).update(**{field: Now()})


def bar(client: Client, emails: Sequence[str]) -> None:
    """Whoever a list says opted out, contact or not, by addresses in small letters."""
    with transaction.atomic():
        Suppression.objects.bulk_create(
            [Suppression(client=client, digest=digest(client.pk, one), why=Why.OPTED_OUT) for one in emails],
            batch_size=500,
            ignore_conflicts=True,
        )
        for start in range(0, len(emails), 500):
            known = Contact.objects.filter(client=client, opted_out_at=None).annotate(small=Lower("email"))
            known.filter(small__in=emails[start : start + 500]).update(opted_out_at=Now())


def is_suppressed(client_id: int, email: str) -> bool:
    # Asked once for every mail: by hand, for what it takes Django to write this statement is not little.
    table = Suppression._meta.db_table
    with known_cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {table} WHERE client_id = %s AND digest = %s",  # noqa: S608 (our own table)
            [client_id, digest(client_id, email)],
        )
        return cursor.fetchone() is not None


class Barred:
    """The addresses of a client that may not be written to; `email in barred` costs no statement."""

    def __init__(self, client: Client) -> None:
        self.client_id = client.pk
        self._why = dict(Suppression.objects.filter(client=client).values_list("digest", "why"))
        # Of before there were digests, and of lists whose rows were changed by hand.
        gone = Contact.objects.filter(client=client).exclude(opted_out_at=None, bounced_at=None)
        for email, bounced_at in gone.values_list("email", "bounced_at"):
            self._why.setdefault(digest(client.pk, email), _why(bounced_at))

    def __contains__(self, email: object) -> bool:
        return isinstance(email, str) and digest(self.client_id, email) in self._why

    def why(self, email: str) -> Why:
        return Why(self._why[digest(self.client_id, email)])


def _why(bounced_at: datetime | None) -> str:
    return Why.BOUNCED if bounced_at else Why.OPTED_OUT
