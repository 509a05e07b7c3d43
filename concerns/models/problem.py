"""What several concerns have in common, and what the partners say of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models import Center, Partner
from centers.references import dashed, new_reference

from .concern import Concern

SIDES = [(kind.value, kind.label) for kind in Partner.Kind if kind != "supporter"]


class Problem(models.Model):
    """A group of concerns whose causes the partners look for together."""

    center = models.ForeignKey(Center, models.PROTECT, related_name="problems")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    version = models.PositiveIntegerField(default=0, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.number

    def get_desk_url(self):
        return reverse("desk:problem", args=[self.center.slug, self.reference])

    @property
    def number(self):
        return dashed(self.reference)

    def concerns_for(self, user):
        """Return those of its concerns that a person may know of."""
        return Concern.objects.known_to(user).groupable().filter(group__problem=self)


class Group(models.Model):
    """That a concern belongs to a problem; to one at most.

    One that turns confidential is no more found by it: what is asked of the group asks
    for the level too.
    """

    concern = models.OneToOneField(Concern, models.CASCADE, related_name="group")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="groups")

    def __str__(self):
        return f"{self.problem}: {self.concern}"


class CauseLine(models.Model):
    """One partner's sentence: why it is so, or what would help."""

    class Kind(models.TextChoices):
        CAUSE = "cause", _("a cause")
        HELP = "help", _("what would help")

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="lines")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    side = models.CharField(_("who says so"), max_length=9, choices=SIDES)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["cause", "help"]), name="cause_line_has_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.problem}: {self.kind}"
