from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A unit of the SOATE register: oblast, raion, aiyl aimak or village."""

    class Level(models.TextChoices):
        OBLAST = "oblast", _("oblast")
        RAION = "raion", _("raion")
        AIMAK = "aimak", _("aiyl aimak")
        VILLAGE = "village", _("village")

    code = models.CharField(_("SOATE code"), max_length=14, unique=True)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts"
    )
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=["oblast", "raion", "aimak", "village"]),
                name="place_level_is_known",
            )
        ]

    def __str__(self):
        return self.name or self.code
