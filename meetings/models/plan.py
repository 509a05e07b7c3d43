"""The year's joint prevention plan: its goals, what was put up, which offices signed.

Its text is the goals'. What is done for them, and what it brought, is execution: that
goes on while the text of a plan in force stays as it was signed.
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from centers.models import Center
from centers.references import new_reference
from concerns.models import Problem

from .version import Version

# Said once for both languages, so no words are among them.
is_figure = RegexValidator(
    r"^[0-9][0-9 .,%/–-]*\Z", _("Write a figure alone, like 38 or 12,5.")
)


class Plan(models.Model):
    """What a centre wants to make better in one year."""

    center = models.ForeignKey(Center, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    # Why one that was signed is being changed; empty while it is not.
    reason = models.CharField(max_length=300, blank=True)
    # Grows with whatever is written in it: two who write at once are told so.
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "year"], name="one_plan_per_center_and_year"
            )
        ]

    def __str__(self):
        return str(self.year)

    def get_desk_url(self):
        return reverse("desk:year_plan", args=[self.center.slug, self.year])

    @property
    def is_amended(self):
        return bool(self.reason_ky)

    @property
    def last(self):
        """Return the version that waits for signatures, or was signed last, or None."""
        standing = [one for one in self.versions.all() if not one.is_withdrawn]
        return standing[-1] if standing else None

    def signature_of(self, office):
        """Return that of an office under the version that stands last, or None."""
        given = self.last.signatures.all() if self.last else []
        return next((one for one in given if one.office == office), None)

    @property
    def signed(self):
        """Return the version in force: the one that was signed last, or None."""
        signed = [one for one in self.versions.all() if one.is_signed]
        return signed[-1] if signed else None

    @property
    def in_force(self):
        """Return the references of the goals that everyone reads, whatever is written.

        An amendment that is not signed yet adds none to them, and takes none away.
        """
        signed = self.signed
        return {goal["reference"] for goal in signed.content} if signed else set()

    @property
    def is_open(self):
        """Tell whether its text may be changed: nothing is up, and none is in force."""
        last = self.last
        return last is None or (last.is_signed and self.is_amended)


class GoalQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(is_dropped=False)

    def of_actions(self, center, year):
        """Return the goals that an action of a year may serve: of it, or the last."""
        goals = self.standing().filter(plan__center=center, plan__year__gte=year - 1)
        return goals.select_related("plan").order_by("-plan__year", "order", "pk")


class Goal(models.Model):
    """One problem that the year's plan takes up, and what is to be better."""

    # What a version freezes of it, word for word.
    TEXTS = ["problem", "cause", "text", "indicator"]
    FIGURES = ["baseline", "target"]

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="goals")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    order = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(_("problem"), max_length=120)
    cause = models.CharField(_("cause"), max_length=300)
    text = models.CharField(_("goal"), max_length=200)
    # What is counted; the figures mean that.
    indicator = models.CharField(_("indicator"), max_length=200)
    baseline = models.CharField(
        _("at the beginning"), max_length=20, blank=True, validators=[is_figure]
    )
    target = models.CharField(_("target"), max_length=20, validators=[is_figure])
    result = models.CharField(
        _("result"), max_length=20, blank=True, validators=[is_figure]
    )
    result_on = models.DateField(null=True, blank=True)
    # What the partners wrote down together: the members alone know of it.
    source = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="goals"
    )
    # Taken out by an amendment; what was signed before may still name it.
    is_dropped = models.BooleanField(default=False, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", result_on=None)
                | ~Q(result="") & Q(result_on__isnull=False),
                name="goal_result_has_a_day",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def place(self):
        """Return where it stands in its plan now."""
        return f"{self.plan.year}, № {self.order}"

    @property
    def name(self):
        """Return how the history of an action names it, wherever it will stand."""
        return Truncator(f"{self.plan.year}: {self.text}").chars(120)


class PlanVersionQuerySet(models.QuerySet):
    def signed(self):
        return self.filter(signed_at__isnull=False)


class PlanVersion(Version):
    """What was put up for the signatures, word for word as it stood then."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    # When the last of the three signatures was recorded: since then it is in force.
    signed_at = models.DateTimeField(null=True, editable=False)

    objects = PlanVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "version"], name="one_plan_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(signed_at=None, withdrawn_at=None),
                name="one_plan_version_up_for_signing",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(
                    signed_at=None,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                ),
                name="plan_version_withdrawn_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.plan}, {self.version}"

    @property
    def is_signed(self):
        return self.signed_at is not None

    @property
    def is_up(self):
        return not self.is_signed and not self.is_withdrawn

    @property
    def goals(self):
        """Return its goals as they were frozen: rows of no table."""
        return [Goal(plan=self.plan, **fields) for fields in self.content]


class SignatureQuerySet(models.QuerySet):
    def public(self):
        """Return those under the plans in force: of each year what was signed last.

        What everyone reads of a plan is what these stand under.
        """
        later = PlanVersion.objects.signed().filter(
            plan=OuterRef("version__plan"), version__gt=OuterRef("version__version")
        )
        return self.filter(
            ~Exists(later), version__signed_at__isnull=False
        ).select_related("version__plan")


class Signature(models.Model):
    """That an office signed a version on paper, as the coordinator recorded it."""

    class Office(models.TextChoices):
        POLICE = "police", _("chief of the district police department")
        COUNCIL = "council", _("head of the aiyl okmotu")
        KENESH = "kenesh", _("chair of the aiyl kenesh")

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="signatures")
    office = models.CharField(max_length=7, choices=Office)
    name = models.CharField(max_length=120)
    signed_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "office"], name="one_signature_per_office"
            ),
            models.CheckConstraint(
                condition=Q(office__in=["police", "council", "kenesh"]),
                name="signature_office_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.get_office_display()}"
