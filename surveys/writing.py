"""Writing an answer down: on PostgreSQL in one statement, the response, all its ratings, the draft gone.

What is written is what the models say: their fields, in their order, prepared by them. A new field of
Response is written too, and needs nothing here.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from typing import Any

from django.db import connection, models, transaction

from cyclemap.compiled import known_cursor
from surveys.answers import Rated
from surveys.links import LinkAsTold
from surveys.models import Contact, Draft, Invitation, Rating, Response, Survey, Wave

# The columns, and the parts of `Rated` in their order.
RATED = Rated._fields


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


def write_as_told(
    about: Mapping[str, object], ratings: Sequence[Rated], told: LinkAsTold, version: str
) -> bool:
    """The answer and the conditions it is taken under, in one statement (PostgreSQL).

    `about`: attributes of the response; others are as in a new one, and the segments are those of the
    contact now. False, and nothing is written: the link is not as its page told, or wave and survey are no
    longer in this `version` (surveys/as_told.py). IntegrityError: it was answered before.
    """
    values = [
        (field.get_db_prep_save(about[name], connection) if field else about[name])
        if name in about
        else unless()
        for name, field, unless in _prepared_as_told()
    ]
    still = [told.pk, told.nonce, told.key_version, told.language, version]
    with _whole(), known_cursor() as cursor:
        cursor.execute(_statement(as_told=True), [*still, *values, *_rated(ratings), told.pk])
        return cursor.fetchone() is not None


def _may_have_draft(invitation: Invitation) -> bool:
    """Unless it was looked up along with the invitation, and there was none."""
    return invitation._state.fields_cache.get("draft", invitation) is not None


def _write_at_once(response: Response, ratings: Sequence[Rated], drafted: Invitation | None) -> None:
    values, rated = _values(response), _rated(ratings)
    with _whole(), known_cursor() as cursor:
        cursor.execute(_statement(), [*values, *rated, drafted.pk if drafted else None])
        (response.pk,) = cursor.fetchone()
    response._state.adding, response._state.db = False, connection.alias


def _whole() -> AbstractContextManager[Any]:
    """A single statement is a transaction; within one, a savepoint lets the caller go on after a refusal."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _values(response: Response) -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(response, True), connection)
        if field
        else getattr(response, name)
        for name, field in _prepared()
    ]


def _rated(ratings: Sequence[Rated]) -> list[str]:
    columns = zip(*ratings, strict=True) if ratings else [()] * len(RATED)
    return [_array(column) for column in columns]


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
def _prepared_as_told() -> "list[tuple[str, models.Field[Any, Any] | None, Callable[[], Any]]]":
    """And what a new response has there; all but the time is worked out once."""
    found: list[tuple[str, models.Field[Any, Any] | None, Callable[[], Any]]] = []
    for (name, prepared), field in zip(_prepared(), _fields(), strict=True):
        if name != "segments":
            usual = partial(_usual, field)
            is_time = isinstance(field, models.DateTimeField)
            found.append((name, prepared, usual if is_time else cache(usual)))
    return found


def _usual(field: "models.Field[Any, Any]") -> Any:
    return field.get_db_prep_save(field.get_default(), connection)


# A row that is changed moves: place and transaction together are a version, of every change by anybody.
# (Two rows are never in one place, so that it also says which wave and which survey.)
VERSION = "concat_ws(' ', w.ctid, w.xmin, s.ctid, s.xmin)"
STILL = (
    "i.id = %s AND i.nonce = %s AND i.key_version = %s AND COALESCE(c.language, '') = %s"
    f" AND {VERSION} = %s AND i.revoked_at IS NULL"
)


def table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


@cache
def _statement(*, as_told: bool = False) -> str:
    """The rating's foreign keys are checked at the end, when the response is there."""
    columns = ", ".join(connection.ops.quote_name(field.column) for field in _fields())
    places = ", ".join(
        "still.attributes" if as_told and field.name == "segments" else "%s" for field in _fields()
    )
    # Names of tables and columns only.
    still = (
        "still AS (SELECT COALESCE(c.attributes, '{}') AS attributes "  # noqa: S608
        f"FROM {table(Invitation)} i JOIN {table(Wave)} w ON w.id = i.wave_id "
        f"JOIN {table(Survey)} s ON s.id = w.survey_id LEFT JOIN {table(Contact)} c ON c.id = i.contact_id "
        f"WHERE {STILL}), "
    )
    source = f"SELECT {places} FROM still" if as_told else f"VALUES ({places})"  # noqa: S608
    return (
        f"WITH {still if as_told else ''}"  # noqa: S608
        f"said AS (INSERT INTO {table(Response)} ({columns}) {source} RETURNING id), "
        f"rated AS (INSERT INTO {table(Rating)} (response_id, {', '.join(RATED)}) "
        "SELECT said.id, one.* FROM said, "
        "unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::boolean[]) AS one), "
        f"sent AS (DELETE FROM {table(Draft)} USING said WHERE invitation_id = %s) "
        "SELECT id FROM said"
    )
