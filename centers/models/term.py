from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """Within how many working days something is due, from a day on.

    Without a centre it is the law's, for every centre; a centre sets its own for what
    the law leaves open. What was filed before that day keeps its term.
    """

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("registration")
        APPEAL = "appeal", _("answer to an appeal")
        REPORT = "report", _("answer to a report")

    center = models.ForeignKey(
        "centers.Center",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name=_("centre"),
    )
    kind = models.CharField(_("what for"), max_length=12, choices=Kind)
    working_days = models.PositiveSmallIntegerField(
        _("working days"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    holds_from = models.DateField(_("holds from"), default=timezone.localdate)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["-holds_from", "kind"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["center", "kind", "holds_from"],
                name="one_term_of_a_centre_per_day",
            ),
            models.UniqueConstraint(
                fields=["kind", "holds_from"],
                condition=Q(center=None),
                name="one_term_of_the_law_per_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="report") | Q(center=None),
                name="the_law_sets_the_other_terms",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.working_days}"
