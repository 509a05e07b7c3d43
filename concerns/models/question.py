"""What a form asks beside the words, by category; and what was answered."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Center

from .category import Category
from .concern import Concern


class OwnQuestions(models.Model):
    """A centre's own questions of a category, in place of the common ones.

    It is there even when they are none: then nothing is asked.
    """

    center = models.ForeignKey(Center, models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    # Grows with every change: a form that carries an older one is told so.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["center", "category"], name="one_set_of_own_questions"
            )
        ]

    def __str__(self):
        return f"{self.center}, {self.category}"


class QuestionQuerySet(models.QuerySet):
    def asked_in(self, center, also=()):
        """Return what a centre asks: its own, or the common ones.

        `also` are the keys of some that a form may have asked a moment ago.
        """
        own = OwnQuestions.objects.filter(center=center, category=OuterRef("category"))
        asked = Q(center=center) | Q(~Exists(own), center=None)
        if also:
            asked |= Q(center=None, pk__in=also)
        return self.filter(asked)


class Question(models.Model):
    """One question of a form; common to all where no centre is named."""

    class Kind(models.TextChoices):
        LINE = "line", pgettext_lazy("question", "a line")
        TEXT = "text", pgettext_lazy("question", "a longer text")
        CHOICE = "choice", pgettext_lazy("question", "one of several")
        YES_NO = "yes_no", pgettext_lazy("question", "yes or no")
        NUMBER = "number", pgettext_lazy("question", "a number")
        DATE = "date", pgettext_lazy("question", "a day")

    category = models.ForeignKey(Category, models.CASCADE, related_name="questions")
    center = models.ForeignKey(Center, models.CASCADE, null=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("how it is answered"), max_length=6, choices=Kind)
    text = models.CharField(_("question"), max_length=120)
    hint = models.CharField(_("hint"), max_length=160, blank=True)
    choices = models.TextField(_("choices, one a line"), max_length=800, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self):
        return self.text


class Answer(models.Model):
    """What a reporter answered, to the question as she was asked it."""

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="answers")
    order = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=120)
    value = models.TextField()

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return f"{self.question} {self.value}"
