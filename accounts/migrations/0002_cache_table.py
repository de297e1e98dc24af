from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    # The limits on log-in attempts are counted here, so that all web processes count together.
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
