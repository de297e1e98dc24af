"""Databases of before the migrations were written anew (22 November 2026).

One that had all of the old ones has the schema of the new ones. One that had not cannot be brought there.
"""

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

LAST_OLD = {
    ("accounts", "0004_client_logo_and_colour"),
    ("cycles", "0012_action_once_a_form"),
    ("prioritization", "0010_targets"),
    ("surveys", "0015_visit_score_said_outright"),
}
FIRST_OLD = ("accounts", "0002_theme_and_sent_at")


def is_too_early() -> bool:
    applied = set(MigrationRecorder(connection).applied_migrations())
    return FIRST_OLD in applied and not applied >= LAST_OLD
