"""Answers out of the rows, which are the truth: one row a response, its ratings in one text."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from prioritization.analysis.ratings import Ints
from prioritization.tallies.answers import NONE, Answers
from prioritization.tallies.dimensions import Dimensions, Kind, kind_of
from prioritization.tallies.layout import Bytes, Layout
from prioritization.tallies.marks import on_postgres, stamp, stamp_column

BATCH = 32_768


@dataclass(frozen=True, eq=False)
class Rows:
    """Answers whose segments are not yet codes: `kinds[which]`."""

    ids: Ints
    pairs: Bytes
    heads: Bytes
    days: np.ndarray[Any, np.dtype[np.int32]]
    kinds: Sequence[Kind]
    which: Ints

    def __len__(self) -> int:
        return int(self.ids.shape[0])

    @property
    def last(self) -> int:
        return int(self.ids.max(initial=0))

    def coded(self, dimensions: Dimensions) -> Answers:
        """With the segments as codes; `dimensions` learns what is new in them."""
        return Answers(self.pairs, self.heads, self.days, dimensions.take_in(self.kinds, self.which))


def columns() -> str:
    """SQL of a response `r`: id, day, head, segments, ratings. Takes (zone, points x 7).

    A rating off the scale is coded 15, which is refused when it is read.
    """
    if on_postgres():
        day = "((r.submitted_at AT TIME ZONE %s)::date - DATE '1970-01-01')"
        joined = "string_agg"
    else:
        day = "CAST(julianday(django_datetime_cast_date(r.submitted_at, %s, 'UTC')) - 2440587.5 AS integer)"
        joined = "group_concat"
    return f"""
        r.id, {day}, 16 * COALESCE(r.overall - 1, 15) + COALESCE(r.nps, 15), CAST(r.segments AS text),
        (SELECT {joined}(CAST(t.item_id * 256
            + 16 * CASE WHEN t.importance IS NULL THEN %s WHEN t.importance > %s THEN 15
                        ELSE t.importance - 1 END
            + CASE WHEN NOT t.experienced THEN %s WHEN t.satisfaction IS NULL THEN %s + 1
                   WHEN t.satisfaction > %s THEN 15 ELSE t.satisfaction - 1 END AS text), ',')
         FROM surveys_rating t WHERE t.response_id = r.id)"""


def column_values(layout: Layout) -> list[Any]:
    return [layout.zone, *[layout.points] * 5]


def stream(wave_id: int, layout: Layout, first: int, end: int) -> Iterator[Rows]:
    """The answers stamped from `first` up to but without `end`, in the order of their ids."""
    sql = f"""SELECT {columns()} FROM surveys_response r
              WHERE r.wave_id = %s AND {stamp_column()} >= {stamp("%s")} AND {stamp_column()} < {stamp("%s")}
              ORDER BY r.id"""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [*column_values(layout), wave_id, first, end])
        while found := cursor.fetchmany(BATCH):
            yield rows_of(found, layout)


def rows_of(found: Sequence[Sequence[Any]], layout: Layout) -> Rows:
    """ValueError: a rating off the scale, or of an item that is not the survey's."""
    size = len(found)
    ids, days, heads, segments, texts = zip(*found, strict=True) if found else [()] * 5
    pairs = np.full((layout.moments, size), 16 * layout.points + layout.points + 2, np.uint8)
    there = [text for text in texts if text]
    if there:
        codes = np.fromstring(",".join(there), dtype=np.int64, sep=",")
        times = [text.count(",") + 1 if text else 0 for text in texts]
        whose = np.repeat(np.arange(size), times)
        if layout.beside:
            counted = ~np.isin(codes >> 8, layout.beside)
            codes, whose = codes[counted], whose[counted]
        pairs[columns_of(codes >> 8, layout), whose] = codes & 255
    distinct: dict[str, int] = {}
    which = np.fromiter((distinct.setdefault(text, len(distinct)) for text in segments), np.int64, size)
    heads_now = np.fromiter(heads, np.uint8, size)
    if not layout.overall:
        heads_now |= 0xF0
    if not layout.nps:
        heads_now |= 0x0F
    on_the_scale(pairs, heads_now, layout)
    return Rows(
        np.fromiter(ids, np.int64, size),
        pairs,
        heads_now,
        np.fromiter(days, np.int32, size),
        [kind_of(json.loads(text)) for text in distinct],
        which,
    )


def columns_of(items: Ints, layout: Layout) -> Ints:
    known = np.array(layout.items, np.int64)
    order = np.argsort(known)
    place = np.searchsorted(known, items, sorter=order).clip(max=len(known) - 1)
    found: Ints = order[place]
    if not np.array_equal(known[found], items):
        raise ValueError("a rating of something the survey did not ask about")
    return found


def on_the_scale(pairs: Bytes, heads: Bytes, layout: Layout) -> None:
    overall = heads >> 4
    if ((pairs >> 4) == NONE).any() or ((pairs & 15) == NONE).any():
        raise ValueError(f"a rating is not a whole number from 1 to {layout.points}")
    if ((overall >= layout.points) & (overall != NONE)).any():
        raise ValueError(f"an overall satisfaction is not a whole number from 1 to {layout.points}")
