"""Writing an answer down: on PostgreSQL in one statement, the response, all its ratings, the draft gone.

What is written is what the models say: their fields, in their order, prepared by them. A new field of
Response is written too, and needs nothing here.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from cyclemap.compiled import known_cursor
from surveys.answers import Rated
from surveys.models import Draft, Invitation, Rating, Response

RATED = ("item_id", "importance", "satisfaction", "experienced")


def write(response: Response, ratings: Sequence[Rated], *, done_with_draft: Invitation | None = None) -> None:
    """Both or neither. The response has its key afterwards; IntegrityError as ever.

    `done_with_draft`: whose draft goes in the same transaction.
    """
    if connection.vendor == "postgresql":
        _write_at_once(response, ratings, done_with_draft)
        return
    with transaction.atomic():
        response.save(force_insert=True)
        if done_with_draft is not None and _may_have_draft(done_with_draft):
            Draft.objects.filter(invitation_id=done_with_draft.pk).delete()
        Rating.objects.bulk_create(
            Rating(response_id=response.pk, **{name: getattr(rated, name) for name in RATED})
            for rated in ratings
        )


def _may_have_draft(invitation: Invitation) -> bool:
    """Unless it was looked up along with the invitation, and there was none."""
    return invitation._state.fields_cache.get("draft", invitation) is not None


def _write_at_once(response: Response, ratings: Sequence[Rated], drafted: Invitation | None) -> None:
    values = [
        field.get_db_prep_save(field.pre_save(response, True), connection)
        if field
        else getattr(response, name)
        for name, field in _prepared()
    ]
    rated = [_array([getattr(one, name) for one in ratings]) for name in RATED]
    # A single statement is a transaction; within one, a savepoint lets the caller go on after a refusal.
    whole = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with whole, known_cursor() as cursor:
        cursor.execute(_statement(), [*values, *rated, drafted.pk if drafted else None])
        (response.pk,) = cursor.fetchone()
    response._state.adding, response._state.db = False, connection.alias


def _array(values: Sequence[int | None]) -> str:
    """Whole numbers, yes and no, or nothing, as PostgreSQL writes an array: at no more cost than joining."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


@cache
def _fields() -> "list[models.Field[Any, Any]]":
    return [field for field in Response._meta.concrete_fields if not field.primary_key]


# What PostgreSQL takes as Python has it; anything else is prepared by its field.
PLAIN = {
    models.BooleanField,
    models.CharField,
    models.FloatField,
    models.ForeignKey,
    models.OneToOneField,
    models.PositiveSmallIntegerField,
    models.TextField,
}


@cache
def _prepared() -> "list[tuple[str, models.Field[Any, Any] | None]]":
    """The attribute of each field, and the field where it has to prepare the value."""
    return [(field.attname, None if type(field) in PLAIN else field) for field in _fields()]


@cache
def _statement() -> str:
    """The rating's foreign keys are checked at the end, when the response is there."""
    quote = connection.ops.quote_name
    response, rating, draft = (quote(model._meta.db_table) for model in (Response, Rating, Draft))
    columns = ", ".join(quote(field.column) for field in _fields())
    places = ", ".join(["%s"] * len(_fields()))
    return (  # names of tables and columns only
        f"WITH said AS (INSERT INTO {response} ({columns}) VALUES ({places}) RETURNING id), "  # noqa: S608
        f"rated AS (INSERT INTO {rating} (response_id, {', '.join(RATED)}) "
        "SELECT said.id, one.* FROM said, "
        "unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::boolean[]) AS one), "
        f"sent AS (DELETE FROM {draft} WHERE invitation_id = %s) "
        "SELECT id FROM said"
    )
