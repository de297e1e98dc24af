"""Each answer carries the transaction it came with, so that a reader knows what it has not seen yet.

On PostgreSQL only: there, ids do not tell in which order transactions committed. On SQLite writers are
serialised, and the ascending id says the same.
"""

from django.db import migrations


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE surveys_response ADD COLUMN IF NOT EXISTS committed xid8 NOT NULL DEFAULT pg_current_xact_id()"
        )
        schema_editor.execute(
            "CREATE INDEX IF NOT EXISTS response_wave_committed ON surveys_response (wave_id, committed)"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE surveys_response DROP COLUMN committed")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
