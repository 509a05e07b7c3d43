from django.conf import settings
from django.db import models
from django.utils import timezone


class Version(models.Model):
    """What was put up for others to agree to, word for word as it stood then."""

    version = models.PositiveSmallIntegerField()
    content = models.JSONField(editable=False)
    # Why it takes the place of one that was agreed to
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    # Who found a mistake in it before that, when, and which
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    words = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["version"]

    def __str__(self):
        return str(self.version)

    @property
    def is_withdrawn(self):
        return self.withdrawn_at is not None

    def withdraw(self, by, words):
        self.withdrawn_at, self.withdrawn_by = timezone.now(), by
        self.words = words
        self.save(update_fields=["withdrawn_at", "withdrawn_by", "words"])
