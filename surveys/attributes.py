"""What is known of a client's contacts beyond their name: the attributes, which are nobody's own column.

An attribute may be called anything, so its name is always a parameter: never a part of a lookup or a path.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func

from accounts.models import Client
from surveys.models import Contact

# Of an attribute with more values the most frequent are shown.
VALUES = 24
ATTRIBUTES = 30


class Attribute(Func):
    """The value of an attribute as text; NULL where there is none. The same on both databases."""

    output_field = models.TextField()

    def __init__(self, name: str, column: str = "attributes") -> None:
        self.name = name
        super().__init__(models.F(column))

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return (
            f'(SELECT CAST("atom" AS TEXT) FROM json_each({sql}) WHERE "key" = %s)',  # noqa: S608
            [*params, self.name],
        )

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"(({sql}) ->> %s::text)", [*params, self.name]


@dataclass(frozen=True)
class Facet:
    """One attribute with the values it has, the most frequent first."""

    name: str
    values: list[tuple[str, int]]
    n_values: int

    @property
    def n_more(self) -> int:
        return self.n_values - len(self.values)


def facets(client: Client) -> list[Facet]:
    found: dict[str, list[tuple[str, int]]] = {}
    for name, value, count in _counted(client):
        if value:
            found.setdefault(name, []).append((value, count))
    return [
        Facet(name, sorted(values, key=lambda one: (-one[1], one[0]))[:VALUES], len(values))
        for name, values in sorted(found.items())[:ATTRIBUTES]
    ]


def _counted(client: Client) -> Iterable[tuple[str, str, int]]:
    table = connection.ops.quote_name(Contact._meta.db_table)
    if connection.vendor == "sqlite":
        each, value = f"json_each({table}.attributes)", "CAST(each.atom AS TEXT)"
    else:
        each, value = f"jsonb_each_text({table}.attributes)", "each.value"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT each.key, {value}, COUNT(*) FROM {table}, {each} AS each "  # noqa: S608
            f"WHERE {table}.client_id = %s GROUP BY 1, 2",
            [client.pk],
        )
        rows: list[tuple[str, str, int]] = cursor.fetchall()
    return rows
