"""What cycles and their copies are compared by."""

from django.db import models


class Copied(models.Model):
    """What a row was first copied from, so that a cycle and its copies can be compared thing by thing."""

    copied_from = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
