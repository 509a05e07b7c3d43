"""Ready texts to the reporter, and what is filled in where a name stands in braces."""

import re

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from centers.models import Center
from centers.references import new_reference

from ..workflow import Status
from .category import Category
from .concern import STATUS_NAMES

MESSAGE = "message"
USES = [
    (MESSAGE, pgettext_lazy("template", "Message to the reporter")),
    *((s, name) for s, name in STATUS_NAMES if s not in ("received", "withdrawn")),
]

# Written as people read them, in either language: what each stands for.
PLACEHOLDERS = {
    "номер": "number",
    "мөөнөт": "day",
    "срок": "day",
    "орган": "body",
    "борбор": "center",
    "центр": "center",
    "телефон": "phone",
}
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_in(text):
    """Return what stands in braces in a text and names nothing."""
    return [name for name in IN_BRACES.findall(text) if name not in PLACEHOLDERS]


def left_in(text):
    """Return the known names that still stand in braces, as they are written."""
    found = IN_BRACES.finditer(text)
    return [match[0] for match in found if match[1] in PLACEHOLDERS]


class TextTemplateQuerySet(models.QuerySet):
    def offered(self, concern):
        """Return those that fit a concern: of its centre, and common ones."""
        return self.filter(
            Q(center=concern.center_id) | Q(center=None),
            Q(category=concern.category_id) | Q(category=None),
        )


class TextTemplate(models.Model):
    """A text to the reporter of one centre or, without one, common to all."""

    center = models.ForeignKey(
        Center, models.CASCADE, null=True, related_name="text_templates"
    )
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    use = models.CharField(_("for"), max_length=11, choices=USES)
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    title = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"))
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = TextTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["use", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(use__in=[MESSAGE, *Status]),
                name="text_template_use_is_known",
            )
        ]

    def __str__(self):
        return self.title

    def filled(self, concern, day, body=""):
        """Return the text in the reporter's language, with what is known filled in.

        `day` is the one by which she is answered, or None. In one pass and by known
        names alone: what is filled in is not read again. What is not known stays in its
        braces, to be seen.
        """
        language = concern.language
        with override(language):
            values = {
                "number": concern.number,
                "day": date_format(day) if day else "",
                "body": body,
                "center": getattr(concern.center, f"name_{language}") or "",
                "phone": concern.center.phone,
            }

        def fill(match):
            return values.get(PLACEHOLDERS.get(match[1])) or match[0]

        return IN_BRACES.sub(fill, getattr(self, f"text_{language}") or "")
