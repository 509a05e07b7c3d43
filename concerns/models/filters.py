from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """A person's way of looking at the queue, under a name of his own."""

    MOST = 12

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(max_length=40)
    # What stands in the address of the queue.
    query = models.TextField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="one_saved_filter_per_name"
            )
        ]

    def __str__(self):
        return self.name
