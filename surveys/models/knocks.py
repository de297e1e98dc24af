"""How often somebody knocked in this minute, for the limits of the customers' pages."""

from django.db import models


class Knock(models.Model):
    """One row for whoever is busy (surveys/limits.py); a keyed digest, never an address or a link."""

    key = models.CharField(max_length=64, unique=True)
    minute = models.PositiveBigIntegerField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.minute}: {self.count}"
