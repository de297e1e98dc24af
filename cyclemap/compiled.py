"""A query that differs only in one key, compiled once a process instead of once a request.

Django works out the SQL of a query set each time it is asked, which for rows with their relations takes
longer than the rest of a small page. Here the statement, the converters of its columns and the way from
rows to objects are kept; all of it is Django's own, so the objects are those the query set would give.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import QuerySet
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
        with connection.cursor() as cursor:
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
