"""A query that differs only in one key, compiled once a process instead of once a request.

Django works out the SQL of a query set each time it is asked, which for rows with their relations takes
longer than the rest of a small page. Here the statement, the converters of its columns and the way from
rows to objects are kept; all of it is Django's own, so the objects are those the query set would give.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import QuerySet, sql
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]

M = TypeVar("M", bound=models.Model)

KEY = -1  # stands in the compiled statement where the key goes; no row has it


class ByKey(Generic[M]):
    """`ByKey(lambda key: Invitation.objects.select_related("wave").filter(pk=key)).first(7)`.

    One statement. The query set is made when it is first needed, and names the key once.
    """

    def __init__(self, rows: Callable[[int], QuerySet[M]]) -> None:
        self.rows = rows
        self._plans: dict[str, Plan[M]] = {}

    def first(self, key: int) -> M | None:
        return next(self.plan.objects(key), None)

    def all(self, key: int) -> list[M]:
        return list(self.plan.objects(key))

    @property
    def plan(self) -> "Plan[M]":
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = Plan(self.rows(KEY))
        return plan


class Plan(Generic[M]):
    """What `django.db.models.query.ModelIterable` works out anew for each query."""

    def __init__(self, rows: QuerySet[M]) -> None:
        # The proxy, not the connection of this thread: threads share the plan.
        self.compiler = rows.query.get_compiler(connection=connection)
        self.sql, self.params = self.compiler.as_sql()
        assert list(self.params).count(KEY) == 1
        select, info = self.compiler.select, self.compiler.klass_info
        assert select
        assert info
        self.converters = self.compiler.get_converters([column for column, _sql, _name in select])
        self.model: type[M] = info["model"]
        chosen = info["select_fields"]
        self.own = slice(chosen[0], chosen[-1] + 1)
        self.names = [column.target.attname for column, _sql, _name in select[self.own]]
        self.populators = get_related_populators(info, select, connection.alias)
        self.annotations = list((self.compiler.annotation_col_map or {}).items())

    def objects(self, key: int) -> Iterator[M]:
        with known_cursor() as cursor:
            cursor.execute(self.sql, [key if value == KEY else value for value in self.params])
            rows: Any = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        for row in rows:
            found = self.model.from_db(connection.alias, self.names, row[self.own])
            for populator in self.populators:
                populator.populate(row, found)
            for name, place in self.annotations:
                setattr(found, name, row[place])
            yield found


class Update:
    """`close = Update(lambda pk, note: (Mail.objects.filter(pk=pk), {"note": note}), pk=KEY, note="?")`,
    then `close(pk=7, note="taken")`.

    An UPDATE whose statement is worked out once. Each stand-in must be a value of its own that occurs
    nowhere else in the statement; what is given instead is converted as the database wants that kind.
    """

    def __init__(self, rows: Callable[..., tuple[QuerySet[Any], dict[str, Any]]], **stand_ins: Any) -> None:
        self.rows, self.stand_ins = rows, stand_ins
        self._plans: dict[str, tuple[str, list[Any]]] = {}

    def __call__(self, **given: Any) -> int:
        """How many rows it changed."""
        return alone(self.of(**given))

    def of(self, **given: Any) -> "Statement":
        """The statement and its values, to be run with another (`together`)."""
        statement, params = self._plan()
        ready = {name: _for_the_database(value) for name, value in given.items()}
        return statement, [ready[p.name] if isinstance(p, Place) else p for p in params]

    def _plan(self) -> tuple[str, list[Any]]:
        plan = self._plans.get(connection.vendor)
        if plan is None:
            found, values = self.rows(**self.stand_ins)
            query: Any = found.order_by().query.chain(sql.UpdateQuery)
            query.add_update_values(values)
            statement, params = query.get_compiler(connection=connection).as_sql()
            names = {_for_the_database(value): name for name, value in self.stand_ins.items()}
            places = [Place(names[param]) if param in names else param for param in params]
            assert {p.name for p in places if isinstance(p, Place)} == self.stand_ins.keys()
            plan = self._plans[connection.vendor] = (statement, places)
        return plan


Statement = tuple[str, list[Any]]


def together(first: Statement, second: Statement) -> int:
    """Two statements of `Update.of` that change different rows, both or neither; how many rows the second
    changed. On PostgreSQL one journey and one commit."""
    if connection.vendor == "postgresql":
        return alone((f"WITH first AS ({first[0]}) {second[0]}", first[1] + second[1]))
    with transaction.atomic():
        alone(first)
        return alone(second)


def alone(statement: Statement) -> int:
    """How many rows it changed."""
    with known_cursor() as cursor:
        cursor.execute(*statement)
        changed: int = cursor.rowcount
    return changed


def known_cursor() -> Any:
    """A cursor for a statement whose words stay the same: PostgreSQL prepares it once a connection."""
    if connection.vendor == "postgresql":
        return connection.known_cursor()  # type: ignore[attr-defined]
    return connection.cursor()


class Place:
    """Where a given value goes."""

    def __init__(self, name: str) -> None:
        self.name = name


def _for_the_database(value: Any) -> Any:
    """A key of lanes as this database stores it; all else is stored as it is."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
