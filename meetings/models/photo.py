"""What was photographed of the work on an action."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concerns.models.photo import Picture

from .decision import Action


class ActionPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return those of the actions that a member may open on the desk."""
        return self.filter(action__in=Action.objects.visible_to(user))

    def public(self):
        """Return the cleared ones of actions that everyone reads at this moment."""
        actions = Action.objects.public()
        return self.filter(cleared_at__isnull=False, action__in=actions)


class ActionPhoto(Picture):
    """A photo of the work, drawn anew; the members' alone until it is cleared."""

    class Taken(models.TextChoices):
        BEFORE = "before", pgettext_lazy("photo", "before the work")
        AFTER = "after", pgettext_lazy("photo", "after the work")

    folder = "action_photos"

    action = models.ForeignKey(Action, models.CASCADE, related_name="photos")
    taken = models.CharField(_("when it was taken"), max_length=6, choices=Taken)
    # Of what it shows: the same one sent again is known by it.
    digest = models.CharField(max_length=64, editable=False)
    small_bytes = models.PositiveIntegerField()
    large_bytes = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # What it shows, for whoever does not see it; said when it is cleared.
    alt = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    cleared_at = models.DateTimeField(null=True, editable=False)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ActionPhotoQuerySet.as_manager()

    class Meta:
        # What was there before stands before what is there now.
        ordering = ["-taken", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "digest"], name="one_action_photo_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(taken__in=["before", "after"]),
                name="action_photo_is_before_or_after",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="action_photo_cleared_by_somebody",
            ),
        ]

    @property
    def is_cleared(self):
        return self.cleared_at is not None

    @property
    def version(self):
        """What is another after each clearing and each taking back."""
        return self.cleared_at.isoformat() if self.cleared_at else ""
