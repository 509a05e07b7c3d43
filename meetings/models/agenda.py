from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from concerns.models import Concern
from concerns.workflow import Level

from .decision import Action
from .meeting import Meeting


class AgendaItemQuerySet(models.QuerySet):
    def shown(self):
        """Return an agenda's items: what became confidential is no longer there.

        The residents' own words stay in the database.
        """
        items = self.filter(Q(concern=None) | ~Q(concern__level=Level.CONFIDENTIAL))
        return items.select_related("concern").defer(
            "concern__text", "concern__landmark", "concern__words_text"
        )

    def visible_to(self, user):
        """Return the items of the meetings that a member may open on the desk."""
        return self.shown().filter(meeting__in=Meeting.objects.visible_to(user))

    def with_decisions(self):
        """Bring what was decided on each, and who does what by when."""
        actions = Action.objects.select_related("partner")
        return self.select_related("decision").prefetch_related(
            Prefetch("decision__actions", actions)
        )

    def public(self):
        """Return the items of meetings everyone may read; of a closed one, its place.

        A page says what `public_name` says, and of a closed one no decision.
        """
        return self.shown().filter(meeting__in=Meeting.objects.public())


class AgendaItem(models.Model):
    """A question on the agenda: a concern or a free topic."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("agenda item", "open")
        DECIDED = "decided", pgettext_lazy("agenda item", "decided")
        POSTPONED = "postponed", pgettext_lazy("agenda item", "postponed")
        NOTED = "noted", pgettext_lazy("agenda item", "noted")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    concern = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    # The members read it; everyone else reads that there is one, and nothing of it.
    is_closed = models.BooleanField(_("closed item"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=9, choices=Status, default=Status.OPEN, editable=False
    )
    # What the protocol says under "heard" and "discussed"
    heard = models.TextField(_("heard"), blank=True)
    discussed = models.TextField(_("discussed"), blank=True)
    # Grows with whatever is recorded on it: two who write at once are told so.
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "concern"], name="one_agenda_item_per_concern"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "decided", "postponed", "noted"]),
                name="agenda_item_status_is_known",
            ),
            # A concern has a level of its own, by which it is shown or not.
            models.CheckConstraint(
                condition=Q(concern=None) | Q(is_closed=False),
                name="closed_agenda_item_has_no_concern",
            ),
        ]

    def __str__(self):
        return self.topic or str(self.concern)

    @property
    def public_name(self):
        """Return what everyone may read: a topic, a title, a number, or nothing."""
        if self.is_closed:
            return gettext("Closed item")
        if self.concern is None:
            return self.topic
        if self.concern.is_published:
            return self.concern.title
        return gettext("Concern № %(number)s") % {"number": self.concern.number}
