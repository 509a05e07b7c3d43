"""Who filed a concern, and who has it in hand."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from centers.models import Membership, Partner

ASKED_LASTS = timedelta(days=7)
GRANT_LASTS = timedelta(days=1)
LOOK_LASTS = timedelta(minutes=2)


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


class IdentityRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None, asked_at__gt=timezone.now() - ASKED_LASTS)

    def granted(self):
        """Return those that may be used: for one look, within a day of the answer.

        It lasts two minutes, for a button is pressed twice and a line is lost.
        """
        now = timezone.now()
        unused = Q(used_at=None, answered_at__gt=now - GRANT_LASTS)
        in_use = Q(used_at__gt=now - LOOK_LASTS)
        return self.filter(unused | in_use, is_granted=True)


class IdentityRequest(models.Model):
    """A handler's wish to know who filed a confidential concern; another one answers.

    The coordinator answers it, of what is in custody the custodian.
    """

    concern = models.ForeignKey(
        "concerns.Concern", models.CASCADE, related_name="identity_requests"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    is_granted = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = IdentityRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answered_by=models.F("by")),
                name="identity_is_revealed_by_two",
            ),
            models.UniqueConstraint(
                fields=["concern", "by"],
                condition=Q(answered_at=None),
                name="one_open_wish_per_person",
            ),
        ]

    def __str__(self):
        return f"{self.concern}, {self.by}"


class AssignmentQuerySet(models.QuerySet):
    def live(self):
        """Return those whose person still serves the partner for which he handles it.

        Who left and came back was not asked anew: what he had stayed behind.
        """
        service = Membership.objects.live().filter(
            user=OuterRef("user"),
            user__is_active=True,
            user__is_superuser=False,
            partner=OuterRef("served"),
            started_at__lte=OuterRef("created_at"),
        )
        served = Coalesce("partner", "concern__partner")
        return self.alias(served=served).filter(Exists(service), ended_at=None)

    def given_since_new_start(self):
        """Leave out who was given a new start since: he is to be named anew."""
        return self.filter(
            Q(user__new_start_at=None) | Q(created_at__gt=F("user__new_start_at"))
        )


class Assignment(models.Model):
    """A person who handles a concern, for the partner that has it.

    Of a confidential one somebody of another side may have a share: then `partner` is
    that side. Either way it counts only while he serves it.
    """

    concern = models.ForeignKey(
        "concerns.Concern", models.CASCADE, related_name="assignments"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
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

    @property
    def side(self):
        return self.partner or self.concern.partner
