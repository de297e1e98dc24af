"""Our PostgreSQL backend: a kept connection is looked at, not asked; known statements are prepared once."""

import os
import time

import psycopg
import pytest
from django.db import close_old_connections, connection

from cyclemap.compiled import ByKey, known_cursor
from surveys.models import Invitation

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the backend of PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def kept(settings):
    """The connection of this process as requests find it: made before, not yet looked at."""
    connection.close()
    connection.ensure_connection()
    connection.close_at = None
    close_old_connections()
    return connection.connection


def one() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def end_of_the_server(process: int) -> None:
    """What a restart of the server does to a connection."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [process]).fetchone():
            time.sleep(0.01)


def test_a_kept_connection_is_used_again_without_a_question(kept):
    assert one() == 1
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        said = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        assert other.execute(said, [kept.info.backend_pid]).fetchone() == ("SELECT 1",)
        close_old_connections()
        connection.close_if_health_check_failed()
        assert connection.connection is kept
        began = "SELECT query_start FROM pg_stat_activity WHERE pid = %s"
        first = other.execute(began, [kept.info.backend_pid]).fetchone()
        other.rollback()
        close_old_connections()
        connection.close_if_health_check_failed()
        assert other.execute(began, [kept.info.backend_pid]).fetchone() == first


def test_a_connection_whose_server_went_away_is_made_anew(kept):
    end_of_the_server(kept.info.backend_pid)
    close_old_connections()
    assert one() == 1, "as if nothing had been"
    assert connection.connection is not kept


def test_a_known_statement_is_prepared_once_and_answers_as_before(kept, world):
    rows = ByKey(lambda pk: Invitation.objects.select_related("wave__survey").filter(pk=pk))
    assert [rows.first(key) for key in (10**9, 10**9 + 1, 10**9 + 2)] == [None] * 3
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%surveys_invitation%%'"
        )
        assert cursor.fetchone() == (1,)


def test_behind_an_old_pooler_nothing_is_prepared(kept):
    kept.prepare_threshold = None
    with known_cursor() as cursor:
        cursor.execute("SELECT %s::int", [7])
        assert cursor.fetchone() == (7,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)
