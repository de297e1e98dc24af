"""Rows of a hundred thousand at a time: the database copies them, our memory sees none of them.

`INSERT ... SELECT` from a question of the ORM. What must be unguessable is made by the database's own
strong randomness; SQLite, which has none to rely on, asks ours for each row.
"""

from collections.abc import Mapping
from secrets import token_bytes, token_hex
from typing import Any

from django.db import connection, models
from django.db.models import Case, F, Max, Q, QuerySet, Value, When
from django.utils import timezone

from surveys.links import NONCE_BYTES, current_key_version
from surveys.models import Campaign, Contact, Invitation, MailState, OutgoingMail, Wave
from surveys.outbox import Reason

# So many recipients are worth a count of the tables.
MANY = 1000
# By database: a nonce for a link, and the part of a Message-ID before the @. An UUID of version 4 has 122
# random bits, which nobody guesses either. Message-IDs begin with the invitation's number: a hundred thousand
# that come in order go into the end of their index, not all over it.
RANDOM = {
    "postgresql": {
        "nonce": "uuid_send(gen_random_uuid())",
        "hex": "lpad(to_hex(chosen.invitation_key), 12, '0') || replace(gen_random_uuid()::text, '-', '')",
    },
    "sqlite": {"nonce": "cyclemap_nonce()", "hex": "cyclemap_hex()"},
}


def insert(
    model: type[models.Model],
    chosen: QuerySet[Any, Any],
    columns: Mapping[str, str],
    values: Mapping[str, Any],
    random: Mapping[str, str] | None = None,
) -> int:
    """One row for each that is chosen; what is there already stays. Say how many are new.

    `columns`: field and the name that it has in `chosen`; `values`: the same for all rows;
    `random`: field and an expression, in which `chosen` is the row.
    """
    fields: dict[str, Any] = {
        name: model._meta.get_field(name) for name in [*columns, *values, *(random or {})]
    }
    quote = connection.ops.quote_name
    told = [
        *(f"chosen.{quote(name)}" for name in columns.values()),
        *["%s"] * len(values),
        *(random or {}).values(),
    ]
    question, asked = chosen.query.sql_with_params()
    names = ", ".join(quote(str(field.column)) for field in fields.values())
    # `WHERE true`: without it SQLite reads ON as the beginning of a join.
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) "  # noqa: S608
        f"SELECT {', '.join(told)} FROM ({question}) chosen WHERE true ON CONFLICT DO NOTHING"
    )
    prepared = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("cyclemap_nonce", 0, lambda: token_bytes(NONCE_BYTES))
            connection.connection.create_function("cyclemap_hex", 0, lambda: token_hex(16))
        cursor.execute(statement, [*prepared, *asked])
        return int(cursor.rowcount)


def gather(wave: Wave, contacts: QuerySet[Contact]) -> int:
    """Make them recipients of the wave."""
    chosen = contacts.order_by().values(contact_key=F("pk"))
    return insert(Wave.recipients.through, chosen, {"contact": "contact_key"}, {"wave": wave.pk})


def count_anew(wave: Wave) -> None:
    """PostgreSQL plans by what a table held when it last counted, by itself at most once a minute. A list
    imported just now would be joined as if it were empty: minutes instead of seconds. Counting is by a
    sample and costs little, but locks: always in this order."""
    if connection.vendor == "postgresql" and wave.recipients.count() > MANY:
        with connection.cursor() as cursor:
            for model in (Contact, Wave.recipients.through, Invitation, OutgoingMail):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def invite(wave: Wave, contacts: QuerySet[Contact]) -> QuerySet[Invitation]:
    """An invitation with a link of its own for each who has none yet; those that are new."""
    last = Invitation.objects.aggregate(last=Max("pk"))["last"] or 0
    insert(
        Invitation,
        contacts.order_by().values(contact_key=F("pk")),
        {"contact": "contact_key"},
        {"wave": wave.pk, "key_version": current_key_version(), "created_at": timezone.now()},
        {"nonce": RANDOM[connection.vendor]["nonce"]},
    )
    return Invitation.objects.filter(wave=wave, pk__gt=last)


def mail(
    campaign: Campaign,
    invitations: QuerySet[Invitation],
    kind: str,
    round: int,
    capped: Q | None,
    domain: str,
) -> int:
    """A mail for each invitation that has none of this round; those within the cap wait in a state of their
    own, where everybody can see them."""
    chosen = invitations.order_by().values(
        invitation_key=F("pk"),
        address=F("contact__email"),
        begins=_if(capped, MailState.CAPPED, MailState.QUEUED),
        why=_if(capped, Reason.CAPPED, ""),
    )
    now = timezone.now()
    return insert(
        OutgoingMail,
        chosen,
        {"invitation": "invitation_key", "recipient": "address", "state": "begins", "reason": "why"},
        {
            "campaign": campaign.pk,
            "kind": kind,
            "round": round,
            "attempts": 0,
            "not_before": now,
            "created_at": now,
            "relay_reply": "",
        },
        {"message_id": f"'<' || {RANDOM[connection.vendor]['hex']} || {_literal(f'@{domain}>')}"},
    )


def _if(condition: Q | None, then: str, otherwise: str) -> Case | Value:
    text: models.CharField[str, str] = models.CharField()
    if condition is None:
        return Value(otherwise, output_field=text)
    return Case(When(condition, then=Value(then)), default=Value(otherwise), output_field=text)


def _literal(text: str) -> str:
    """Of the server's own settings, not of a person; a domain holds neither quotes nor percent signs."""
    return "'" + "".join(c for c in text if c.isalnum() or c in ".-@>[]:") + "'"
