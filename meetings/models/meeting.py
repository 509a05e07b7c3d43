from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Center
from centers.permissions import Permission, centers_where
from centers.references import dashed, new_reference


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the meetings a member may open on the desk, drafts for those who plan.

        A closed meeting is seen by the members who take part in the centre's work; an
        observer reads what is public.
        """
        return self.filter(
            Q(center__in=centers_where(user, Permission.SCHEDULE_MEETING))
            | Q(
                center__in=centers_where(user, Permission.READ_SUMMARIES),
                published_at__isnull=False,
            )
        )

    def public(self):
        """Return open meetings whose notice is published, the cancelled among them."""
        return self.filter(is_open=True, published_at__lte=timezone.now())

    def to_come(self):
        return self.filter(starts_at__gte=timezone.now()).order_by("starts_at")

    def past(self):
        return self.filter(starts_at__lt=timezone.now()).order_by("-starts_at")


class Meeting(models.Model):
    """A meeting of the centre, at which concerns are discussed and decided."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("joint meeting")
        URGENT = "urgent", _("urgent meeting")
        VISITING = "visiting", _("visiting meeting in a village")
        REPORT = "report", _("inspector's report to residents")
        ASSEMBLY = "assembly", _("villagers' assembly")

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        HELD = "held", pgettext_lazy("meeting", "Held")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")

    center = models.ForeignKey(Center, models.PROTECT, related_name="meetings")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.JOINT)
    starts_at = models.DateTimeField(_("date and time"))
    minutes = models.PositiveSmallIntegerField(
        _("length, minutes"),
        default=90,
        validators=[MinValueValidator(15), MaxValueValidator(600)],
    )
    venue = models.CharField(_("venue"), max_length=200)
    is_open = models.BooleanField(_("open to everyone"), default=True)
    status = models.CharField(
        max_length=9, choices=Status, default=Status.PLANNED, editable=False
    )
    reason = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["planned", "held", "cancelled"]),
                name="meeting_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="meeting_publication_has_date_and_author",
            ),
        ]
        indexes = [
            models.Index(fields=["center", "-starts_at"], name="meeting_of_center")
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("meetings:detail", args=[self.center.slug, self.reference])

    def get_desk_url(self):
        return reverse("desk:meeting", args=[self.reference])

    @property
    def number(self):
        return dashed(self.reference)

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_planned(self):
        return self.status == self.Status.PLANNED

    @property
    def is_held(self):
        return self.status == self.Status.HELD

    @property
    def is_cancelled(self):
        return self.status == self.Status.CANCELLED
