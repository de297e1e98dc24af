from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cycles", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="requirement",
            name="target_bound",
            field=models.CharField(
                blank=True,
                choices=[("at_most", "At most"), ("at_least", "At least")],
                max_length=8,
                verbose_name="service level",
            ),
        ),
        migrations.AddField(
            model_name="requirement",
            name="target_unit",
            field=models.CharField(blank=True, max_length=24, verbose_name="unit"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="target_value",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="value"
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("target_bound", ""), ("target_unit", ""), ("target_value__isnull", True)),
                    models.Q(("target_bound__in", ["at_most", "at_least"]), ("target_value__isnull", False)),
                    _connector="OR",
                ),
                name="requirement_target_whole",
            ),
        ),
    ]
