"""Which answers are already digested: by the transaction they came with.

PostgreSQL: an answer carries the id of its transaction, and below the oldest one still running all are
over. Ids of answers would not do, since a later id may commit first. SQLite: writers are serialised,
so that the ascending id says the same.
"""

from django.db import connection

# At most so many at a time on SQLite, where digesting holds up those who answer.
MOST_AT_ONCE = 20_000


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


def stamp_column() -> str:
    """Of the answers `r`."""
    return "r.committed" if on_postgres() else "r.id"


def stamp(number: str) -> str:
    """A number in SQL, to be compared with the column."""
    return f"({number})::text::xid8" if on_postgres() else f"({number})"


def not_digested(mark: str) -> str:
    """SQL: answers `r` from a mark on. The upper end excludes nothing: it tells PostgreSQL, which cannot
    know the mark when it plans, that few answers are meant, so that it takes the index."""
    first = f"{stamp_column()} >= {stamp(mark)}"
    return f"{first} AND r.committed <= '18446744073709551615'::xid8" if on_postgres() else first


def from_another_server(mark: str) -> str:
    """SQL: a mark in the future, as after a restore into a server that has counted less far."""
    if not on_postgres():
        return "FALSE"
    return f"{stamp(mark)} > pg_snapshot_xmax(pg_current_snapshot())"


def next_mark(wave_id: int, mark: int) -> int:
    """Everything below it is committed or given up for good."""
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        else:
            cursor.execute(
                """SELECT COALESCE(
                    (SELECT id FROM surveys_response WHERE wave_id = %s AND id >= %s
                     ORDER BY id LIMIT 1 OFFSET %s),
                    (SELECT MAX(id) + 1 FROM surveys_response),
                    0)""",
                [wave_id, mark, MOST_AT_ONCE],
            )
        return max(mark, int(cursor.fetchone()[0]))


def is_from_another_server(mark: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {from_another_server('%s')}", [mark] if on_postgres() else [])
        return bool(cursor.fetchone()[0])


def forget_stamps_of_another_server(wave_id: int) -> None:
    """What can be seen came before whatever runs now: an answer stamped later was restored."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE surveys_response SET committed = '0'
                   WHERE wave_id = %s AND committed >= pg_snapshot_xmax(pg_current_snapshot())""",
                [wave_id],
            )
