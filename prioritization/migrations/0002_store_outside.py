from django.db import migrations


def store_outside(apps, schema_editor):
    """Sums and planes are dense already: compressing them again costs time and saves nothing."""
    if schema_editor.connection.vendor == "postgresql":
        for table, column in (("cube", "counts"), ("cube", "products"), ("block", "planes")):
            schema_editor.execute(f"ALTER TABLE prioritization_{table} ALTER {column} SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [("prioritization", "0001_initial"), ("surveys", "0002_response_stamp")]

    operations = [migrations.RunPython(store_outside, migrations.RunPython.noop)]
