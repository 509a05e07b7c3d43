"""Who came: members by name, residents by number."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centers.models import Membership

from .meeting import Meeting


class Attendance(models.Model):
    """Whether a member, in the place that he had then, took part in a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    came = models.BooleanField(_("took part"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "membership"], name="one_attendance_per_member"
            )
        ]

    def __str__(self):
        return str(self.membership)


class Turnout(models.Model):
    """How many residents came, of one sex and age band: nobody is named."""

    class Sex(models.TextChoices):
        WOMEN = "women", _("women")
        MEN = "men", _("men")

    class Band(models.TextChoices):
        # Youth are, by the law on youth policy, those of 14 to 28.
        UNDER_14 = "0-13", _("under 14")
        YOUTH = "14-28", _("14 to 28")
        GROWN = "29-59", _("29 to 59")
        OLD = "60+", _("60 and older")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="turnouts")
    sex = models.CharField(max_length=5, choices=Sex)
    band = models.CharField(max_length=5, choices=Band)
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "sex", "band"], name="one_turnout_per_cell"
            )
        ]

    def __str__(self):
        return f"{self.get_sex_display()}, {self.get_band_display()}: {self.number}"
