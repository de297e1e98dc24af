"""Databases of before the migrations were written anew."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from cyclemap.early import FIRST_OLD, LAST_OLD, is_too_early


@pytest.fixture
def recorder(db):
    return MigrationRecorder(connection)


def test_a_database_of_today_is_none(recorder):
    assert not is_too_early()


def test_one_with_all_of_the_old_migrations_goes_on(recorder):
    for app, name in {FIRST_OLD, *LAST_OLD}:
        recorder.record_applied(app, name)
    assert not is_too_early()


@pytest.mark.parametrize("missing", sorted(LAST_OLD))
def test_one_that_lacks_some_is_refused_with_what_to_do(recorder, missing):
    for app, name in {FIRST_OLD, *LAST_OLD} - {missing}:
        recorder.record_applied(app, name)
    assert is_too_early()
    with pytest.raises(CommandError, match="Move the folder away"):
        call_command("serve", port=0)
