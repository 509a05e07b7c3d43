"""The approved minutes: what is frozen, who approved it, what took its place."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from centers.models import Center, Partner

from .meeting import Meeting
from .version import Version

# The three who solve it together: each approves for itself.
SIDES = [Partner.Kind.RESIDENTS, Partner.Kind.COUNCIL, Partner.Kind.POLICE]


class Protocol(models.Model):
    """The minutes of one meeting, with a number that no other ever has."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="protocol")
    center = models.ForeignKey(Center, models.PROTECT, related_name="protocols")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    # Why an approved one is being changed; empty while it is not.
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["center", "year", "number"], name="one_protocol_per_number"
            )
        ]

    def __str__(self):
        return f"№ {self.number}, {self.year}"

    @property
    def is_amended(self):
        return bool(self.reason_ky)

    @property
    def last(self):
        """Return the version that waits for approval, or was approved last, or None."""
        return self.versions.standing().last()

    @property
    def holding(self):
        """Return the version by which nothing may be recorded, or None.

        One that is up for approval, or was approved and is not being amended.
        """
        last = self.last
        return last if last and (last.is_up or not self.is_amended) else None


class VersionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def approved(self):
        return self.filter(frozen_at__isnull=False)

    def visible_to(self, user):
        """Return what the members of a centre read of its protocols on the desk."""
        return self.filter(protocol__meeting__in=Meeting.objects.visible_to(user))

    def public(self):
        """Return what all three partners approved, of meetings everyone may read."""
        return self.approved().filter(protocol__meeting__in=Meeting.objects.public())


class ProtocolVersion(Version):
    """What was put up for approval, word for word as it stood then.

    It is shown through `meetings.protocol.paper` alone, which leaves out what became
    confidential since.
    """

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="versions")
    # When the last of the three approved it: from then on it stays as it is.
    frozen_at = models.DateTimeField(null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta(Version.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "version"], name="one_protocol_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["protocol"],
                condition=Q(frozen_at=None, withdrawn_at=None),
                name="one_protocol_version_up_for_approval",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(
                    frozen_at=None,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                ),
                name="protocol_version_withdrawn_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.protocol}, {self.version}"

    @property
    def is_approved(self):
        return self.frozen_at is not None

    @property
    def is_up(self):
        return not self.is_approved and not self.is_withdrawn

    def get_desk_url(self):
        reference = self.protocol.meeting.reference
        return reverse("desk:protocol_version", args=[reference, self.version])


class Approval(models.Model):
    """That a person approved a version for his side, by the name he then had."""

    version = models.ForeignKey(
        ProtocolVersion, models.CASCADE, related_name="approvals"
    )
    side = models.CharField(
        max_length=9, choices=[(kind.value, kind.label) for kind in SIDES]
    )
    name = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "side"], name="one_approval_per_side"
            ),
            # Three sides are three people, whoever serves two of them.
            models.UniqueConstraint(
                fields=["version", "by"], name="one_approval_per_person"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["residents", "council", "police"]),
                name="approval_side_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.get_side_display()}"


class ProtocolReminder(models.Model):
    """That those who plan meetings were told, so many days later, of no protocol."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "days"], name="one_protocol_reminder_per_term"
            )
        ]

    def __str__(self):
        return f"{self.meeting}, {self.days}"
