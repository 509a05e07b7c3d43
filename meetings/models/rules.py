from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Center

from .meeting import LONGEST

NOTICE_DAYS = 3


class Rules(models.Model):
    """By which rules a centre meets: its notice, its quorum, its rhythm."""

    class Quorum(models.TextChoices):
        NONE = "none", pgettext_lazy("quorum", "no rule")
        PARTNERS = "partners", _("all three partners are present")

    class Every(models.IntegerChoices):
        NEVER = 0, pgettext_lazy("rhythm", "no rhythm")
        MONTH = 1, _("every month")
        TWO = 2, _("every two months")
        QUARTER = 3, _("every three months")
        HALF_YEAR = 6, _("every six months")

    class Week(models.IntegerChoices):
        FIRST = 1, pgettext_lazy("week", "first")
        SECOND = 2, pgettext_lazy("week", "second")
        THIRD = 3, pgettext_lazy("week", "third")
        FOURTH = 4, pgettext_lazy("week", "fourth")
        LAST = 5, pgettext_lazy("week", "last")

    # Nobody works at weekends: what falls on one would always be moved.
    DAYS = [(number, name) for number, name in WEEKDAYS.items() if number < 5]

    center = models.OneToOneField(Center, models.CASCADE, related_name="rules")
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), default=NOTICE_DAYS, validators=[MaxValueValidator(30)]
    )
    quorum = models.CharField(
        _("quorum"), max_length=8, choices=Quorum, default=Quorum.NONE
    )
    every = models.PositiveSmallIntegerField(
        _("how often"), choices=Every, default=Every.NEVER
    )
    week = models.PositiveSmallIntegerField(
        _("which one of the month"), choices=Week, default=Week.FIRST
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=DAYS, default=0
    )
    hour = models.TimeField(_("time"), default=time(10))
    minutes = models.PositiveSmallIntegerField(
        _("length, minutes"),
        default=90,
        validators=[MinValueValidator(15), MaxValueValidator(LONGEST)],
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    # The day of the rhythm for which there was a draft last, as it is before it is
    # moved off a day off: a draft that was thrown away is not made again.
    drafted_for = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum__in=["none", "partners"]),
                name="quorum_is_known",
            ),
            models.CheckConstraint(
                condition=Q(every__in=[0, 1, 2, 3, 6])
                & Q(week__range=(1, 5), weekday__range=(0, 4)),
                name="rhythm_is_known",
            ),
        ]

    def __str__(self):
        return str(self.center)

    @property
    def has_rhythm(self):
        return self.every != self.Every.NEVER
