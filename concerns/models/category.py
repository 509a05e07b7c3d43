from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..workflow import Level

LEVEL_NAMES = [
    (Level.PUBLIC, pgettext_lazy("level", "public")),
    (Level.RESTRICTED, pgettext_lazy("level", "restricted")),
    (Level.CONFIDENTIAL, pgettext_lazy("level", "confidential")),
]


class CategoryGroup(models.Model):
    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return self.name


class Category(models.Model):
    """A kind of concern: its level, who leads, who must not see it, what to say."""

    class Emergency(models.TextChoices):
        NONE = "none", _("none")
        DANGER = "danger", _("if there is danger now")
        ALWAYS = "always", _("always")

    code = models.SlugField(max_length=30, unique=True)
    group = models.ForeignKey(CategoryGroup, models.PROTECT, related_name="categories")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=120)
    hint = models.CharField(_("hint"), max_length=160, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=LEVEL_NAMES)
    hidden_from_police = models.BooleanField(default=False)
    hidden_from_council = models.BooleanField(default=False)
    lead_kind = models.CharField(_("whose side leads"), max_length=9)
    lead = models.CharField(_("body that leads"), max_length=200)
    partners = models.CharField(_("who helps"), max_length=300, blank=True)
    is_crime = models.BooleanField(_("a crime, if true"), default=False)
    emergency = models.CharField(
        _("emergency text"), max_length=6, choices=Emergency, default=Emergency.NONE
    )
    may_be_supported = models.BooleanField(
        _("residents may say that it worries them too"), default=False
    )
    numbers = models.CharField(_("numbers to call"), max_length=40, blank=True)
    emergency_text = models.TextField(_("emergency text"), blank=True)
    advice = models.TextField(_("advice to the resident"), blank=True)
    note = models.TextField(_("note to the staff"), blank=True)

    class Meta:
        ordering = ["group__order", "order"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=list(Level)),
                name="category_level_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(level=Level.CONFIDENTIAL)
                | models.Q(hidden_from_police=False, hidden_from_council=False),
                name="hidden_category_is_confidential",
            ),
            models.CheckConstraint(
                condition=models.Q(level=Level.PUBLIC)
                | models.Q(may_be_supported=False),
                name="supported_category_is_public",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_public(self):
        return self.level == Level.PUBLIC

    @property
    def is_confidential(self):
        return self.level == Level.CONFIDENTIAL

    @property
    def is_hidden(self):
        return self.hidden_from_police or self.hidden_from_council

    @property
    def call(self):
        """The emergency numbers to call, in the order to try them."""
        return self.numbers.split(",") if self.numbers else []
