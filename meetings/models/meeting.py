from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Center, Place
from centers.permissions import Permission, centers_where
from centers.references import dashed, new_reference

LONGEST = 600  # minutes
# How long it is asked for what was decided, before nobody will record it any more.
UNRECORDED = timedelta(days=60)


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the meetings a member may open on the desk, drafts for those who plan.

        A closed meeting is seen by the members who take part in the centre's work; an
        observer reads what is public.
        """
        return self.select_related("village").filter(
            Q(center__in=centers_where(user, Permission.SCHEDULE_MEETING))
            | Q(
                center__in=centers_where(user, Permission.READ_SUMMARIES),
                published_at__isnull=False,
            )
        )

    def public(self):
        """Return open meetings whose notice is published, the cancelled among them."""
        meetings = self.filter(is_open=True, published_at__lte=timezone.now())
        return meetings.select_related("village")

    def to_come(self):
        return self.filter(starts_at__gte=timezone.now()).order_by("starts_at")

    def past(self):
        return self.filter(starts_at__lt=timezone.now()).order_by("-starts_at")

    def awaited(self):
        """Return the planned ones at which what stands on their agenda may be heard.

        A draft is one until its time, what was published until nobody will record it
        any more: from then on its agenda holds back nothing.
        """
        now = timezone.now()
        late = Q(starts_at__gte=now - UNRECORDED, published_at__isnull=False)
        return self.filter(Q(starts_at__gte=now) | late, status=Meeting.Status.PLANNED)

    def with_concern(self, concern):
        """Return the meetings to be held on whose agenda a concern stands."""
        return self.awaited().filter(items__concern=concern)

    def overlapping(self, starts_at, minutes):
        """Return the meetings that share some of these minutes, the earliest first."""
        ends_at = starts_at + timedelta(minutes=minutes)
        # No database adds minutes to a moment as another does.
        near = self.filter(
            starts_at__gt=starts_at - timedelta(minutes=LONGEST), starts_at__lt=ends_at
        )
        near = near.exclude(status=Meeting.Status.CANCELLED).order_by("starts_at")
        return [meeting for meeting in near if meeting.ends_at > starts_at]


class Meeting(models.Model):
    """A meeting of the centre, at which concerns are discussed and decided."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("joint meeting")
        URGENT = "urgent", _("urgent meeting")
        VISITING = "visiting", _("visiting meeting in a village")
        REPORT = "report", _("inspector's report to residents")
        ASSEMBLY = "assembly", _("villagers' assembly")

    # They come to a village, which may be named.
    IN_VILLAGE = (Kind.VISITING, Kind.ASSEMBLY)

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
        validators=[MinValueValidator(15), MaxValueValidator(LONGEST)],
    )
    village = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("village"),
    )
    venue = models.CharField(_("venue"), max_length=200)
    is_open = models.BooleanField(_("open to everyone"), default=True)
    status = models.CharField(
        max_length=9, choices=Status, default=Status.PLANNED, editable=False
    )
    reason = models.CharField(max_length=300, blank=True, editable=False)
    # As noted by those who recorded it; nobody else reads the record before the end.
    began_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # When and where a published one was to be before it was moved
    former_starts_at = models.DateTimeField(null=True, editable=False)
    former_venue = models.CharField(max_length=400, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    # What calendars go by: the number grows with what they care for (RFC 5545).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
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
            models.CheckConstraint(
                condition=Q(began_at=None, ended_at=None)
                | Q(status="held", began_at__isnull=False),
                name="meeting_held_has_a_beginning",
            ),
            models.CheckConstraint(
                condition=Q(village=None) | Q(kind__in=["visiting", "assembly"]),
                name="meeting_in_a_village_is_of_its_kind",
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
    def ends_another_day(self):
        return timezone.localdate(self.ends_at) != timezone.localdate(self.starts_at)

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def waits_for_record(self):
        """Tell whether it has begun as published, and nobody noted that it was held."""
        return self.is_planned and self.is_published and self.has_begun

    @property
    def held_by(self):
        """Return the version of its protocol by which nothing is recorded, or None."""
        protocol = getattr(self, "protocol", None)
        return protocol and protocol.holding

    @property
    def takes_answers(self):
        """Tell whether who is invited may still say that he comes."""
        return self.is_planned and self.is_published and not self.has_begun

    @property
    def is_planned(self):
        return self.status == self.Status.PLANNED

    @property
    def is_held(self):
        return self.status == self.Status.HELD

    @property
    def is_running(self):
        """Tell whether it began and is being recorded: its end is not noted yet."""
        return self.is_held and not self.has_ended

    @property
    def has_ended(self):
        return self.ended_at is not None

    @property
    def is_cancelled(self):
        return self.status == self.Status.CANCELLED

    @property
    def is_moved(self):
        """Tell whether people may still have another day or place in mind."""
        return self.is_planned and (self.has_new_time or self.has_new_venue)

    @property
    def former(self):
        """Return, as plain text, what it was moved from: a day, a place, or both."""
        was = []
        if self.has_new_time:
            starts_at = timezone.localtime(self.former_starts_at)
            was.append(date_format(starts_at, "DATETIME_FORMAT"))
        if self.has_new_venue:
            was.append(self.former_venue)
        return "; ".join(was)

    @property
    def has_new_time(self):
        return self.former_starts_at not in (None, self.starts_at)

    @property
    def has_new_venue(self):
        return bool(self.former_venue) and self.former_venue != self.place

    @property
    def place(self):
        """Return, as plain text, the village where one is named, and the venue."""
        village = self.village.name if self.village else ""
        return ", ".join(filter(None, [village, self.venue]))
