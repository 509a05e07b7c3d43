from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .center import Center, is_dialled


class DutyNumber(models.Model):
    """A number to call here, such as the duty officer's, and when it last answered."""

    center = models.ForeignKey(Center, models.CASCADE, related_name="numbers")
    name = models.CharField(_("who answers"), max_length=120)
    number = models.CharField(_("number"), max_length=40, validators=[is_dialled])
    checked_on = models.DateField(_("checked on"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self):
        return self.number


class PageVersionQuerySet(models.QuerySet):
    def draft(self):
        return self.filter(published_at=None).first()

    def published(self):
        return self.exclude(published_at=None).order_by("-number")


class PageVersion(models.Model):
    """A centre's page as its coordinator wrote it: a draft, or as it was published.

    What everyone reads stands in the centre's own columns and rows; a version is the
    document from which they were written, kept whole.
    """

    center = models.ForeignKey(Center, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(editable=False)
    content = models.JSONField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "number"], name="one_page_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["center"],
                condition=Q(published_at=None),
                name="one_draft_per_page",
            ),
        ]

    def __str__(self):
        return f"{self.center}, {self.number}"
