from django.db import models


class Limit(models.Model):
    """How often something happened since its window opened; see centers.limits."""

    key = models.CharField(max_length=120, primary_key=True, editable=False)
    hits = models.PositiveIntegerField(editable=False)
    expires_at = models.DateTimeField(db_index=True, editable=False)

    def __str__(self):
        return self.key


class DaySalt(models.Model):
    """
    One day's secret, under which addresses are counted and not kept.

    Once it is destroyed, no counter can be turned back into an address.
    """

    day = models.DateField(primary_key=True, editable=False)
    salt = models.CharField(max_length=64, editable=False)

    def __str__(self):
        return self.day.isoformat()
