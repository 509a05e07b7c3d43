"""What was approved for everyone to read and to see."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .concern import Concern
from .photo import Photo, Picture


class PublicText(models.Model):
    """A text as it was approved once: kept for the staff, shown to nobody else.

    What everyone reads stands in the concern itself.
    """

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="public_texts")
    number = models.PositiveSmallIntegerField()
    title_ky = models.CharField(max_length=120)
    title_ru = models.CharField(max_length=120)
    summary_ky = models.TextField()
    summary_ru = models.TextField()
    outcome_ky = models.TextField(blank=True)
    outcome_ru = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "number"], name="one_public_text_per_number"
            )
        ]

    def __str__(self):
        return f"{self.concern}: {self.number}"


class Cover(models.Model):
    """A part of a photo that is painted over; in whole percents of its sides."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="covers")
    left = models.PositiveSmallIntegerField()
    top = models.PositiveSmallIntegerField()
    right = models.PositiveSmallIntegerField()
    bottom = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left__lt=models.F("right"), right__lte=100)
                & models.Q(top__lt=models.F("bottom"), bottom__lte=100),
                name="cover_has_width_and_height",
            )
        ]

    def __str__(self):
        return f"{self.left}–{self.right} × {self.top}–{self.bottom} %"

    @property
    def box(self):
        return self.left, self.top, self.right, self.bottom


class PublicPhotoQuerySet(models.QuerySet):
    def public(self):
        """Return those of concerns that everyone may read at this moment."""
        return self.filter(photo__concern__in=Concern.objects.public())


class PublicPhoto(Picture):
    """A photo as everyone may see it: a copy of its own, in which the covers are paint.

    It is there only while the photo is cleared; seen only while the concern is public.
    """

    photo = models.OneToOneField(Photo, models.CASCADE, related_name="cleared")
    small_bytes = models.PositiveIntegerField()
    large_bytes = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PublicPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["photo__created_at", "photo"]
