from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .place import Place

# First segments of the site's own addresses; a test keeps the list true.
RESERVED = frozenset(
    [
        "about",
        "accessibility",
        "account",
        "admin",
        "calendar",
        "desk",
        "favicon.ico",
        "follow",
        "healthz",
        "help",
        "invited",
        "kg",
        "ky",
        "leave",
        "login",
        "logout",
        "manifest.webmanifest",
        "media",
        "open311",
        "privacy",
        "readyz",
        "robots.txt",
        "ru",
        "sitemap.xml",
        "static",
        "sw.js",
    ]
)


def is_free(slug):
    """Raise ValidationError where a centre's slug would hide an address of the site."""
    if slug in RESERVED:
        raise ValidationError(_("This address is taken by the portal itself."))


# As a phone dials it: up to 15 digits (E.164), however they are grouped.
is_dialled = RegexValidator(
    r"^\+?[0-9](?:[ ()-]*[0-9]){1,14}\Z",
    _("Write one number, in digits, blanks and dashes."),
)


class Center(models.Model):
    """A community prevention centre: where residents, council and police meet."""

    slug = models.SlugField(
        _("address"), max_length=40, unique=True, validators=[is_free]
    )
    name = models.CharField(_("name"), max_length=200)
    aimak = models.ForeignKey(Place, models.PROTECT, related_name="centers")
    villages = models.ManyToManyField(Place, related_name="served_by", blank=True)
    story = models.TextField(_("story"), blank=True)
    opening = models.CharField(_("opening"), max_length=300, blank=True)
    address = models.CharField(_("address of the office"), max_length=300, blank=True)
    hours = models.CharField(_("contact hours"), max_length=200, blank=True)
    phone = models.CharField(
        _("phone"), max_length=40, blank=True, validators=[is_dialled]
    )
    is_demo = models.BooleanField(default=False, editable=False)
    # Grows with every change of the page: a form that carries an older one is told so.
    page_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.name or self.slug

    def get_absolute_url(self):
        return reverse("home:center", args=[self.slug])

    def has(self, role, *, not_of=()):
        """Tell whether somebody has a role here who serves none of those sides.

        Who serves one, be it elsewhere, is blind to what is hidden from it.
        """
        service = self.memberships.model.objects.live()
        of_a_side = service.filter(partner__kind__in=not_of)
        return (
            service.filter(center=self, role=role)
            .filter(user__is_active=True, user__is_superuser=False)
            .exclude(user__in=of_a_side.values("user"))
            .exists()
        )

    def has_custodian(self):
        """Tell whether somebody may read what is hidden from police or council.

        Taken in where nobody may, such a report would lie unread.
        """
        return self.has("custodian", not_of=["police", "council"])


class Partner(models.Model):
    """One side of a centre: who its members are, or who supported it and how."""

    class Kind(models.TextChoices):
        RESIDENTS = "residents", _("residents")
        COUNCIL = "council", _("council")
        POLICE = "police", _("police")
        SUPPORTER = "supporter", _("supporter")

    center = models.ForeignKey(Center, models.CASCADE, related_name="partners")
    kind = models.CharField(_("whose side"), max_length=9, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what it does"), blank=True)
    share = models.PositiveSmallIntegerField(
        _("share of the costs, %"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["residents", "council", "police", "supporter"]
                ),
                name="partner_kind_is_known",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_supporter(self):
        return self.kind == self.Kind.SUPPORTER
