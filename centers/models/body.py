from django.db import models
from django.utils.translation import gettext_lazy as _


class OutsideBody(models.Model):
    """Where to turn with what no centre may handle, such as a complaint about it."""

    code = models.SlugField(max_length=30, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    what = models.TextField(_("what it does"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return self.name
