from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from concerns.models import Concern
from concerns.workflow import Level, Status

from .decision import Action
from .meeting import Meeting

LONGEST_ITEM = 240  # minutes
# What a resident wrote is never brought with an agenda.
WORDS = ["text", "landmark", "words_text"]


class AgendaItemQuerySet(models.QuerySet):
    def shown(self):
        """Return an agenda's items: what became confidential is no longer there.

        Nor is what its reporter took back before anything was decided on it. The
        residents' own words stay in the database.
        """
        items = self.filter(
            Q(concern=None) | ~Q(concern__level=Level.CONFIDENTIAL),
            Q(about=None) | ~Q(about__level=Level.CONFIDENTIAL),
            Q(concern=None)
            | ~Q(status=AgendaItem.Status.OPEN, concern__status=Status.WITHDRAWN),
        )
        return items.select_related("concern", "about", "action").defer(
            *(f"{whose}__{words}" for whose in ("concern", "about") for words in WORDS)
        )

    def to_come(self, user):
        """Return what stands on the agendas to come that a person may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user).awaited())

    def visible_to(self, user):
        """Return the items of the meetings that a member may open on the desk."""
        return self.shown().filter(meeting__in=Meeting.objects.visible_to(user))

    def with_decisions(self):
        """Bring what was decided on each, and which partners do what by when."""
        actions = Action.objects.select_related("partner")
        actions = actions.prefetch_related("co_executors")
        return self.select_related("decision").prefetch_related(
            Prefetch("decision__actions", actions)
        )

    def public(self):
        """Return the items of meetings everyone may read; of a closed one, its place.

        A page says what `public_name` says, and of a closed one no decision.
        """
        return self.shown().filter(meeting__in=Meeting.objects.public())

    def of_concern(self, concern):
        """Return those on which a concern stands, and public ones that answer it too.

        That another question was decided for it too is read when the meeting has ended.
        """
        published = Concern.objects.public()
        answering = Q(decision__in=concern.decisions.all(), is_closed=False) & Q(
            Q(concern=None) | Q(concern__in=published),
            Q(about=None) | Q(about__in=published),
            meeting__ended_at__isnull=False,
        )
        return self.filter(Q(concern=concern) | answering)


class AgendaItem(models.Model):
    """A question on the agenda: a concern, an action not finished, or a free topic."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("agenda item", "open")
        DECIDED = "decided", pgettext_lazy("agenda item", "decided")
        POSTPONED = "postponed", pgettext_lazy("agenda item", "postponed")
        NOTED = "noted", pgettext_lazy("agenda item", "noted")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    concern = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    action = models.ForeignKey(
        Action, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    # The concern that an action goes back to, by whose level it is shown or not: also
    # where it was decided on an action that was itself on an agenda.
    about = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Where it was left to another meeting
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    # The members read it; everyone else reads that there is one, and nothing of it.
    is_closed = models.BooleanField(_("closed item"), default=False)
    minutes = models.PositiveSmallIntegerField(
        _("minutes for it"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ITEM)],
    )
    # The desk alone names him.
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who presents it"),
    )
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
            models.UniqueConstraint(
                fields=["meeting", "action"], name="one_agenda_item_per_action"
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
            models.CheckConstraint(
                condition=Q(concern=None) | Q(action=None),
                name="agenda_item_is_concern_or_action",
            ),
            models.CheckConstraint(
                condition=Q(about=None) | Q(action__isnull=False),
                name="agenda_item_of_action_is_about_concern",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__range=(1, LONGEST_ITEM)),
                name="agenda_item_minutes_in_range",
            ),
        ]

    def __str__(self):
        return self.topic or str(self.action or self.concern)

    @property
    def is_public(self):
        """Tell whether everyone may read what it is, and what was decided on it."""
        concerns = filter(None, (self.concern, self.about))
        return not self.is_closed and all(one.is_published for one in concerns)

    @property
    def is_members_alone(self):
        """Tell whether the members alone read it, by itself or by its meeting."""
        return self.is_closed or not self.meeting.is_open

    @property
    def is_topic(self):
        """Tell whether its words are its own: it stands for nothing else."""
        return self.concern_id is None and self.action_id is None

    @property
    def question(self):
        """Return what it asks where it is no concern: a topic, or how it was done."""
        return review_of(self.action.text) if self.action else self.topic

    @property
    def public_name(self):
        """Return what everyone may read: a topic, a title, a number, or nothing."""
        if self.is_closed:
            return gettext("Closed item")
        if self.action:
            return self.question if self.is_public else gettext("An earlier action")
        if self.concern is None:
            return self.question
        if self.concern.is_published:
            return self.concern.title
        return gettext("Concern № %(number)s") % {"number": self.concern.number}


def review_of(text):
    """Return what an item is called at which one hears how an action was done."""
    return f"{gettext('How the action was done:')} {text}"
