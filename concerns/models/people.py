"""Who filed a concern, and who has it in hand."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from centers.models import Membership


class Identity(models.Model):
    """Who filed a concern, kept apart from it; each look is journalled."""

    concern = models.OneToOneField(
        "concerns.Concern", models.CASCADE, primary_key=True, related_name="identity"
    )
    name = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=300, blank=True)
    consent_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.concern)

    @property
    def is_complete(self):
        """Law No. 67 asks an appeal for a name, an address and a way to reply."""
        return bool(self.name and self.phone and self.address)


class AssignmentQuerySet(models.QuerySet):
    def live(self):
        """Return those whose person still serves the partner that has the concern.

        Who left and came back was not asked anew: what he had stayed behind.
        """
        service = Membership.objects.live().filter(
            user=OuterRef("user"),
            user__is_active=True,
            user__is_superuser=False,
            partner=OuterRef("concern__partner"),
            started_at__lte=OuterRef("created_at"),
        )
        return self.filter(Exists(service), ended_at=None)


class Assignment(models.Model):
    """A person who handles a concern."""

    concern = models.ForeignKey(
        "concerns.Concern", models.CASCADE, related_name="assignments"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user"],
                condition=Q(ended_at=None),
                name="one_live_assignment_per_person",
            )
        ]

    def __str__(self):
        return f"{self.concern}, {self.user}"
