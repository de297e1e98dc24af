"""The reader's part: tallies under any filter, exact to the last committed answer.

One statement gives the mark, the sums up to it and the rows after it, so that whatever a worker does
meanwhile, every answer is in it once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from django.db import connection

from prioritization.analysis.ratings import Bools
from prioritization.analysis.tally import Tally
from prioritization.tallies import marks, rows
from prioritization.tallies.answers import Answers, counted
from prioritization.tallies.blocks import decoded
from prioritization.tallies.cubes import ALL_MONTHS, month_of
from prioritization.tallies.dimensions import Dimension, Dimensions
from prioritization.tallies.layout import Layout, Sums, unpacked

# More rows than this are for the worker to count, not for somebody who waits for a page.
MOST_ROWS = 50_000
EPOCH = date(1970, 1, 1)


class BeingCountedError(Exception):
    """So many answers came, or were taken away, that the worker has to count them first."""


@dataclass(frozen=True)
class Filter:
    """`segments` (name, value) must all hold; `first` and `last` day are both included."""

    segments: tuple[tuple[str, str], ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def months(self) -> tuple[int, int] | None:
        """When the period is whole months: the first and the last (0, 0: all there are)."""
        if self.first is None and self.last is None:
            return ALL_MONTHS, ALL_MONTHS
        if self.first and self.first.day != 1:
            return None
        if self.last and (self.last + timedelta(1)).day != 1:
            return None
        return (
            month_of(self.first.year, self.first.month) if self.first else 1,
            month_of(self.last.year, self.last.month) if self.last else month_of(9999, 12),
        )

    @property
    def days(self) -> tuple[int, int]:
        return (
            (self.first - EPOCH).days if self.first else -(2**31),
            (self.last - EPOCH).days if self.last else 2**31 - 1,
        )

    @property
    def may_have_cubes(self) -> bool:
        return self.months is not None and len(self.segments) <= 1

    def holds(self, answers: Answers, dimensions: Dimensions) -> Bools:
        first, last = self.days
        mask = (answers.days >= first) & (answers.days <= last)
        for name, value in self.segments:
            known = dimensions[name]
            code = known.code(value) if known else None
            place = dimensions.place(name) if known else 0
            if code is None or place >= answers.codes.shape[0]:
                return np.zeros(len(answers), bool)
            mask &= answers.codes[place] == code
        return mask

    def holds_in(self, tail: rows.Rows) -> Bools:
        first, last = self.days
        wanted = [all(kind.get(name) == value for name, value in self.segments) for kind in tail.kinds]
        mask: Bools = (tail.days >= first) & (tail.days <= last) & np.array(wanted, bool)[tail.which]
        return mask


@dataclass(frozen=True)
class Read:
    """All from one moment. `n` and `last` (id) are of the whole wave, `sizes` of its segments;
    `tail` is how many answers were read from their rows."""

    n: int
    last: int
    tail: int
    sizes: dict[str, dict[str, int]]
    tallies: tuple[Tally, ...]


def tally_of(wave_id: int, layout: Layout, wanted: Filter) -> Tally:
    return read(wave_id, layout, wanted).tallies[0]


def read(wave_id: int, layout: Layout, *wanted: Filter) -> Read:
    """BeingCountedError when too much would have to be read from rows."""
    from_cubes = [one.may_have_cubes for one in wanted]
    found = statement(wave_id, layout, wanted, from_cubes)
    names = [name for one in wanted for name, _ in one.segments]
    if not all(found.dimensions.keeps(name) for name in names):
        found = statement(wave_id, layout, wanted, from_cubes, digested=False)
    else:
        fine = [
            cubes and all(one_cubed(found.dimensions[name]) for name, _ in one.segments)
            for one, cubes in zip(wanted, from_cubes, strict=True)
        ]
        if fine != from_cubes:
            from_cubes = fine
            found = statement(wave_id, layout, wanted, from_cubes)
    return answered(found, layout, wanted, from_cubes)


def one_cubed(dimension: Dimension | None) -> bool:
    """A segment that nobody digested has needs no cube."""
    return dimension is None or dimension.cubed


@dataclass(frozen=True)
class Found:
    """What the statement gave: `cubes[k]` for filter k, blocks, and the rows after the mark."""

    n: int
    last: int
    dimensions: Dimensions
    cubes: Sequence[Sequence[Sums]]
    blocks: Sequence[Answers]
    tail: rows.Rows


def answered(found: Found, layout: Layout, wanted: Sequence[Filter], from_cubes: Sequence[bool]) -> Read:
    tail = found.tail
    # What matters here is not their segments: these are filtered before.
    bare = Answers(tail.pairs, tail.heads, tail.days, np.zeros((0, len(tail)), np.uint16))
    tallies = []
    for k, one in enumerate(wanted):
        parts = list(found.cubes[k])
        if not from_cubes[k]:
            parts += [counted(b.take(one.holds(b, found.dimensions)), layout) for b in found.blocks]
        if len(tail):
            parts.append(counted(bare.take(one.holds_in(tail)), layout))
        tallies.append(reduce(add, parts, Sums.none(layout)).tally(layout))
    return Read(
        found.n + len(tail),
        max(found.last, tail.last),
        len(tail),
        found.dimensions.sizes(tail.kinds, tail.which),
        tuple(tallies),
    )


DIGEST, CUBE, BLOCK, TAIL = range(4)


def valid_digest(where: str = "") -> str:
    """SQL: digests `d` of waves `w` whose sums may be used."""
    return f"""SELECT d.* FROM prioritization_digest d JOIN surveys_wave w ON w.id = d.wave_id
               WHERE d.erasures = w.erasures AND NOT {marks.from_another_server("d.mark")} {where}"""


def statement(
    wave_id: int,
    layout: Layout,
    wanted: Sequence[Filter],
    from_cubes: Sequence[bool],
    *,
    digested: bool = True,
    every: int = 1,
) -> Found:
    """`every`: of the blocks only each so manieth."""
    use = "" if digested else "AND FALSE"
    arms = [f"SELECT {DIGEST}, d.mark, d.n_responses, d.last_response_id, CAST(d.dimensions AS text),"]
    arms[0] += " CAST(NULL AS text), CAST(NULL AS bytea), CAST(NULL AS bytea) FROM d"
    values: list[Any] = [wave_id, layout.fingerprint]
    for k, one in enumerate(wanted):
        if from_cubes[k]:
            name, value = one.segments[0] if one.segments else ("", "")
            arms.append(
                f"""SELECT {CUBE}, {k}, c.n_responses, 0, CAST(NULL AS text), CAST(NULL AS text), c.counts,
                    c.products FROM prioritization_cube c, d
                    WHERE c.wave_id = %s AND c.name = %s AND c.value = %s AND c.month BETWEEN %s AND %s"""
            )
            values += [wave_id, name, value, *(one.months or ())]
    day_spans = [one.days for one, cubes in zip(wanted, from_cubes, strict=True) if not cubes]
    if day_spans:
        arms.append(
            f"""SELECT {BLOCK}, b.first_day, b.n_responses, b.number, CAST(NULL AS text), CAST(NULL AS text),
                b.planes, CAST(NULL AS bytea) FROM prioritization_block b, d
                WHERE b.wave_id = %s AND b.last_day >= %s AND b.first_day <= %s AND b.number %% %s = 0"""
        )
        values += [wave_id, min(first for first, _ in day_spans), max(last for _, last in day_spans), every]
    arms.append(
        f"""SELECT * FROM (SELECT {TAIL}, {rows.columns()}, CAST(NULL AS bytea), CAST(NULL AS bytea)
            FROM surveys_response r WHERE r.wave_id = %s
            AND {marks.not_digested("COALESCE((SELECT d.mark FROM d), 0)")}
            LIMIT %s) AS tail"""
    )
    values += [*rows.column_values(layout), wave_id, MOST_ROWS + 1]
    sql = f"""WITH d AS ({valid_digest("AND d.wave_id = %s AND d.fingerprint = %s")} {use})
              {" UNION ALL ".join(arms)}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted_out(cursor.fetchall(), layout, len(wanted))


def sorted_out(found: Sequence[Sequence[Any]], layout: Layout, filters: int) -> Found:
    n = last = 0
    dimensions = Dimensions()
    cubes: list[list[Sums]] = [[] for _ in range(filters)]
    blocks, tail = [], []
    for kind, a, b, c, text, _, first, second in found:
        if kind == TAIL:
            tail.append((a, b, c, text, _))
        elif kind == CUBE:
            cubes[a].append(Sums(b, unpacked(bytes(first)), unpacked(bytes(second))))
        elif kind == BLOCK:
            blocks.append(decoded(bytes(first), b, a, layout.moments))
        else:
            n, last, dimensions = b, c, Dimensions.load(json.loads(text))
    if len(tail) > MOST_ROWS:
        raise BeingCountedError
    return Found(n, last, dimensions, cubes, blocks, rows.rows_of(tail, layout))


def extents(wave_ids: Sequence[int] | None = None) -> dict[int, tuple[int, int]]:
    """How many answers each wave has and the largest id, by wave: one statement that counts only what
    is not digested."""
    only = "" if wave_ids is None else f"WHERE w.id IN ({', '.join(['%s'] * len(wave_ids)) or 'NULL'})"
    new = marks.not_digested("COALESCE(d.mark, 0)")
    # "+ 0", or PostgreSQL would look for the largest id backwards through all that is digested.
    tail = f"FROM surveys_response r WHERE r.wave_id = w.id AND {new}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH valid AS ({valid_digest()})
                SELECT w.id, COALESCE(d.n_responses, 0) + (SELECT COUNT(*) {tail}),
                       COALESCE(d.last_response_id, 0), (SELECT MAX(r.id + 0) {tail})
                FROM surveys_wave w LEFT JOIN valid d ON d.wave_id = w.id {only}""",
            list(wave_ids or ()),
        )
        return {pk: (n, max(last, newest or 0)) for pk, n, last, newest in cursor.fetchall()}
