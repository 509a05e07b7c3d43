"""What a meeting decided, and who does what by when until the village confirms it."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Membership, Partner
from centers.permissions import memberships_of
from centers.references import dashed, new_reference
from concerns.models import Concern
from concerns.workflow import Level

from .meeting import Meeting


class Decision(models.Model):
    """What the meeting decided on one question, and how."""

    class Way(models.TextChoices):
        CONSENSUS = "consensus", _("by consensus")
        VOTE = "vote", _("by vote")

    item = models.OneToOneField(
        "meetings.AgendaItem", models.CASCADE, related_name="decision"
    )
    text = models.TextField(_("decision"))
    way = models.CharField(
        _("how it was decided"), max_length=9, choices=Way, default=Way.CONSENSUS
    )
    votes_for = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "for"), null=True, blank=True
    )
    votes_against = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "against"), null=True, blank=True
    )
    votes_abstained = models.PositiveSmallIntegerField(
        pgettext_lazy("vote", "abstained"), null=True, blank=True
    )
    # What residents raised and this decision answers: of its item, and others too.
    answers = models.ManyToManyField(Concern, related_name="decisions", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="consensus", votes_for=None, votes_against=None)
                & Q(votes_abstained=None)
                | Q(way="vote", votes_for__isnull=False)
                & Q(votes_against__isnull=False, votes_abstained__isnull=False),
                name="votes_are_counted_where_it_was_voted",
            )
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_voted(self):
        return self.way == self.Way.VOTE


# How many days before its day an action is due soon.
SOON = timedelta(days=7)


class ActionQuerySet(models.QuerySet):
    def shown(self):
        """Return those of items that are shown: what became confidential is gone.

        What was recorded is read when the meeting has ended.
        """
        item = "decision__item__"
        return self.filter(
            Q(**{f"{item}concern": None})
            | ~Q(**{f"{item}concern__level": Level.CONFIDENTIAL}),
            Q(**{f"{item}about": None})
            | ~Q(**{f"{item}about__level": Level.CONFIDENTIAL}),
            **{f"{item}meeting__ended_at__isnull": False},
        )

    def visible_to(self, user):
        """Return those of the meetings that a member may open on the desk."""
        meetings = Meeting.objects.visible_to(user)
        return self.shown().filter(decision__item__meeting__in=meetings)

    def public(self):
        """Return those that everybody reads: of open meetings, not of closed items.

        What was decided on a concern is read where the concern is.
        """
        return self.shown().filter(
            Q(decision__item__concern=None)
            | Q(decision__item__concern__in=Concern.objects.public()),
            Q(decision__item__about=None)
            | Q(decision__item__about__in=Concern.objects.public()),
            decision__item__meeting__in=Meeting.objects.public(),
            decision__item__is_closed=False,
        )

    def promised(self, concern):
        """Return those that answer a concern, for the person who raised it.

        Of a closed meeting and a closed item she is told nothing, nor of what was
        decided on another's concern that is not published, or on an action that goes
        back to one; her own she knows, whatever its level.
        """
        return self.filter(
            Q(decision__item__concern=None)
            | Q(decision__item__concern=concern)
            | Q(decision__item__concern__in=Concern.objects.public()),
            Q(decision__item__about=None)
            | Q(decision__item__about=concern)
            | Q(decision__item__about__in=Concern.objects.public()),
            decision__answers=concern,
            decision__item__meeting__in=Meeting.objects.public(),
            decision__item__meeting__ended_at__isnull=False,
            decision__item__is_closed=False,
        )

    def with_last_said(self):
        """Bring who said last what became of each: a side, and about which concern."""
        last = ActionChange.objects.filter(
            action=OuterRef("pk"), kind=ActionChange.Kind.STATUS
        ).order_by("-created_at", "-pk")
        return self.annotate(
            said_by=models.Subquery(last.values("side")[:1]),
            said_about=models.Subquery(last.values("concern")[:1]),
        )

    def with_told(self, concern):
        """Bring what the person who raised a concern reads of each action's history.

        One row for each line, and one for an action of which nothing was said: the
        words of the staff, and her own; never who it was, nor what others answered.
        Without `told_at` is a line that she does not read.
        """
        theirs = Q(
            changes__side__in=[ActionChange.Side.STAFF, ActionChange.Side.MEETING],
            changes__kind__in=ActionChange.TOLD,
        )
        hers = Q(changes__side=ActionChange.Side.REPORTER, changes__concern=concern)
        # What a meeting says is read when it has ended, and of a closed one by nobody.
        ended = Meeting.objects.public().filter(ended_at__isnull=False)
        is_read = Q(told__meeting=None) | Q(told__meeting__in=ended)
        return (
            self.select_related("partner")
            .annotate(
                told=FilteredRelation("changes", condition=theirs | hers),
                told_side=F("told__side"),
                told_note=F("told__note"),
                told_language=F("told__language"),
                told_at=Case(When(is_read, then=F("told__created_at"))),
            )
            .order_by("due_on", "pk", "-told__created_at", "-told__pk")
        )

    def with_people(self):
        """Bring who is responsible for each, and with whom."""
        return self.select_related("partner", "person").prefetch_related("co_executors")

    def as_decided(self):
        """Bring the person and the term that each had before any change of them."""
        kind = ActionChange.Kind
        changes = ActionChange.objects.filter(action=OuterRef("pk"))
        changes = changes.order_by("created_at", "pk").values("old")
        return self.annotate(
            first_person=models.Subquery(changes.filter(kind=kind.PERSON)[:1]),
            first_due_on=models.Subquery(changes.filter(kind=kind.TERM)[:1]),
        )

    def in_plan(self, goals=()):
        """Bring what a plan says of each: what is to be done first, by its day.

        Those of the `goals`, which are keys, come before the others, in their order.
        """
        raised = Concern.objects.public().select_related("center", "category")
        place = models.Case(
            models.When(status=Action.Status.OPEN, then=0),
            models.When(status=Action.Status.NOT_DONE, then=1),
            default=2,
        )
        return (
            self.select_related("partner", "decision__item__meeting__center")
            .prefetch_related(
                "co_executors",
                models.Prefetch("decision__answers", raised, to_attr="raised"),
            )
            .order_by(*by_goal(goals), place, "due_on", "pk")
        )

    def figures(self):
        """Return how many there are, by what became of them, in one question."""
        done = Q(finished_on__isnull=False)
        late = Q(finished_on__gt=models.F("due_on"))
        today = timezone.localdate()
        return self.aggregate(
            all=models.Count("pk"),
            on_time=models.Count("pk", filter=done & ~late),
            late=models.Count("pk", filter=done & late),
            confirmed=models.Count("pk", filter=Q(status=Action.Status.CONFIRMED)),
            running=models.Count(
                "pk", filter=Q(status=Action.Status.OPEN, due_on__gte=today)
            ),
            overdue=models.Count(
                "pk", filter=Q(status=Action.Status.OPEN, due_on__lt=today)
            ),
            not_done=models.Count("pk", filter=Q(status=Action.Status.NOT_DONE)),
        )

    def running(self):
        return self.filter(status=Action.Status.OPEN)

    def overdue(self):
        return self.running().filter(due_on__lt=timezone.localdate())

    def due_within(self, days):
        """Return the running ones whose day comes within so many, or is over."""
        return self.running().filter(due_on__lte=timezone.localdate() + days)

    def to_judge(self, meeting):
        """Return what is said to be done of what earlier meetings decided."""
        return self.filter(
            status=Action.Status.DONE,
            decision__item__meeting__center=meeting.center_id,
            decision__item__meeting__starts_at__lt=meeting.starts_at,
        )

    def of_side(self, user):
        """Return what a person is named for, and all that his partners promised."""
        sides = [membership.partner_id for membership in memberships_of(user)]
        return self.filter(Q(person=user.pk) | Q(partner__in=sides))

    def waiting_for(self, user):
        """Return what a person has to do: named for it, or nobody who serves is."""
        sides = [membership.partner_id for membership in memberships_of(user)]
        return self.filter(
            Q(person=user.pk) | ~Q(served_by_person()), partner__in=sides
        )

    def with_person(self):
        """Bring who is named, and say in `is_person_there` whether he still serves."""
        return self.select_related("person").annotate(
            is_person_there=served_by_person()
        )

    def in_rows(self):
        """Bring what lines of a list say, in their order.

        First what runs, the longest overdue before all; then what waits to be
        confirmed; last what has ended, newest first.
        """
        rank = {Action.Status.OPEN: 0, Action.Status.DONE: 1}
        running = When(status=Action.Status.OPEN, then=F("due_on"))
        return (
            self.with_person()
            .select_related("partner__center")
            .order_by(
                Case(
                    *(When(status=s, then=Value(n)) for s, n in rank.items()),
                    default=Value(2),
                ),
                Case(running, default=None),
                "-due_on",
                "-pk",
            )
        )


def by_goal(goals):
    if not goals:
        return []
    whens = [When(goal=goal, then=Value(n)) for n, goal in enumerate(goals)]
    return [Case(*whens, default=Value(len(goals)))]


def served_by_person():
    """Match the actions whose person still serves the partner that promised them."""
    return Exists(
        Membership.objects.live().filter(
            partner=OuterRef("partner"), user=OuterRef("person")
        )
    )


class Action(models.Model):
    """Who does what by when, as a meeting decided: open → done → confirmed."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("action", "in progress")
        DONE = "done", pgettext_lazy("action", "done")
        CONFIRMED = "confirmed", pgettext_lazy("action", "done and confirmed")
        NOT_DONE = "not_done", pgettext_lazy("action", "not done")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="actions")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    # The goal of the year's plan that it serves
    goal = models.ForeignKey(
        "meetings.Goal", models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    text = models.CharField(_("what to do"), max_length=300)
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="actions", verbose_name=_("responsible")
    )
    # The desk alone names him: everyone reads which side is responsible.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("responsible person"),
    )
    co_executors = models.ManyToManyField(
        Partner, related_name="+", blank=True, verbose_name=_("co-executors")
    )
    due_on = models.DateField(_("by when"))
    funding = models.CharField(_("source of funding"), max_length=200, blank=True)
    indicator = models.CharField(_("sign of success"), max_length=300, blank=True)
    status = models.CharField(
        max_length=9, choices=Status, default=Status.OPEN, editable=False
    )
    # The day on which it was said to be done
    finished_on = models.DateField(null=True, editable=False)
    # The day of the last letter about its term
    reminded_on = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "done", "confirmed", "not_done"]),
                name="action_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "confirmed"], finished_on__isnull=False)
                | Q(status__in=["open", "not_done"], finished_on=None),
                name="action_done_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_on"], name="action_by_term"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        slug = self.decision.item.meeting.center.slug
        return reverse("meetings:action", args=[slug, self.reference])

    def get_desk_url(self):
        return reverse("desk:action", args=[self.reference])

    @property
    def number(self):
        return dashed(self.reference)

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @property
    def is_done(self):
        return self.status == self.Status.DONE

    @property
    def is_confirmed(self):
        return self.status == self.Status.CONFIRMED

    def waits_for(self, concern):
        """Tell whether the person who raised a concern is asked; `with_last_said`.

        Of what is said to be done, and of what only another than she confirmed.
        """
        return self.is_done or (
            self.is_confirmed
            and self.said_by == ActionChange.Side.REPORTER
            and self.said_about != concern.pk
        )

    @property
    def last_step(self):
        """The line of the history by which it has its status, or None."""
        return self.changes.filter(kind=ActionChange.Kind.STATUS).last()

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def is_due_soon(self):
        """Tell whether its day comes within the week."""
        today = timezone.localdate()
        return self.is_open and today <= self.due_on <= today + SOON

    @property
    def days_late(self):
        return (timezone.localdate() - self.due_on).days if self.is_overdue else 0

    @property
    def is_late(self):
        """Tell whether it was done after its day, or was not and the day is over."""
        return (self.finished_on or timezone.localdate()) > self.due_on

    @property
    def may_be_told(self):
        """Whether everyone may read what it says, so that a letter may repeat it."""
        item = self.decision.item
        return item.meeting.is_open and item.is_public


class ChangeQuerySet(models.QuerySet):
    def public(self):
        """Return what everyone reads of an action's history: status, term, and the day.

        No word of anybody's, nor who does it. What was said at a meeting is told where
        everyone may read that meeting, and what a resident said where her concern is
        published. Of the others there is no line: only meetings and residents confirm,
        so that a bare day would tell of the one where it is not of the other.
        """
        meetings = Meeting.objects.public().filter(ended_at__isnull=False)
        raised = Concern.objects.public()
        told = [ActionChange.Kind.STATUS, ActionChange.Kind.TERM]
        return (
            self.filter(
                Q(side=ActionChange.Side.STAFF)
                | Q(meeting__in=meetings)
                | Q(concern__in=raised.values("pk")),
                kind__in=told,
            )
            .defer("note")
            .annotate(is_of_resident=Q(concern__isnull=False))
            .select_related("meeting__center")
            .order_by("-created_at", "-pk")
        )


class ActionChange(models.Model):
    """One line of an action's history: what was said of it, by which side, when."""

    class Kind(models.TextChoices):
        STATUS = "status", _("status")
        PROGRESS = "progress", _("progress")
        TERM = "term", _("term")
        PERSON = "person", _("responsible person")
        GOAL = "goal", _("goal")
        PHOTO = "photo", _("photo")

    class Side(models.TextChoices):
        STAFF = "staff", _("the centre")
        MEETING = "meeting", _("the meeting")
        REPORTER = "reporter", _("the reporter")

    # What the people are told whose concerns it answers: not who does it.
    TOLD = [Kind.STATUS, Kind.PROGRESS, Kind.TERM]

    action = models.ForeignKey(Action, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    # A status, a day or a name; of a photo, what was done with it
    old = models.CharField(max_length=120, blank=True)
    new = models.CharField(max_length=120, blank=True)
    # Words in the language of whoever said them; a reporter's are read by her handlers.
    note = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="ky")
    side = models.CharField(max_length=8, choices=Side, default=Side.STAFF)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Where it was confirmed or sent back at a meeting
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+")
    # What the reporter answered about
    concern = models.ForeignKey(Concern, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side="reporter", by=None)
                | Q(side__in=["staff", "meeting"], by__isnull=False),
                name="action_change_has_an_author",
            )
        ]

    def __str__(self):
        return self.note[:60] or self.new

    @property
    def is_status(self):
        return self.kind == self.Kind.STATUS

    @property
    def from_reporter(self):
        return self.side == self.Side.REPORTER

    def is_said_at(self, meeting, by, status, note):
        """Tell whether it is this, in these words, that was just said at a meeting."""
        said = (self.meeting_id, self.by_id, self.new, self.note)
        return said == (meeting.pk, by.pk, status, note)

    @property
    def new_name(self):
        return dict(Action.Status.choices).get(self.new, self.new)

    @property
    def new_day(self):
        """The day to which a term was put off."""
        return date.fromisoformat(self.new)
