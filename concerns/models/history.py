from datetime import date
from itertools import takewhile
from operator import attrgetter

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models import Partner
from centers.permissions import Permission, centers_where

from ..workflow import Status
from .concern import LEVEL_OF, STATUS_OF, Concern

# Of what the history says of a code, that there is another one.
RENEWED = ["issued", "changed"]
NAMES = {"status": STATUS_OF, "level": LEVEL_OF}


class ChangeQuerySet(models.QuerySet):
    def told(self):
        """Return those that the reporter reads with her code."""
        return self.filter(
            Q(kind__in=[Change.Kind.STATUS, Change.Kind.TERM])
            | Q(kind=Change.Kind.CODE, new__in=RENEWED)
            # Of erasures hers alone: what else was erased is her words.
            | Q(kind=Change.Kind.ERASURE, new="identity")
        )


class Change(models.Model):
    """One line of a concern's history: what changed, from what, to what, who, why."""

    class Kind(models.TextChoices):
        STATUS = "status", _("status")
        ASSIGNMENT = "assignment", _("who handles it")
        CATEGORY = "category", _("category")
        LEVEL = "level", _("level")
        CUSTODY = "custody", _("custody")
        SUMMARY = "summary", _("public summary")
        IDENTITY = "identity", _("look at who filed it")
        REQUEST = "request", _("wish to know who filed it")
        TERM = "term", _("term")
        ERASURE = "erasure", _("erasure")
        CODE = "code", _("the reporter's code")
        NOTE = "note", _("internal note")

    class Solved(models.TextChoices):
        YES = "yes", _("Yes, it is solved")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No, it is not solved")

    class Side(models.TextChoices):
        STAFF = "staff", _("the centre")
        REPORTER = "reporter", _("the reporter")
        MEETING = "meeting", _("the meeting")
        CLOCK = "clock", _("the portal")

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STATUS)
    old = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200, blank=True)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Words to the reporter for a status; for the rest, kept among the staff, the reason
    # or the note itself.
    note = models.TextField(blank=True)
    body = models.CharField(max_length=200, blank=True)
    crime_number = models.CharField(max_length=40, blank=True)
    # What the reporter said to "is it solved?".
    solved = models.CharField(max_length=6, choices=Solved, blank=True)
    crime_place = models.CharField(max_length=200, blank=True)
    # With what is forwarded: whether the body was told who filed it; None if nobody is.
    identity_passed = models.BooleanField(null=True)
    side = models.CharField(max_length=8, choices=Side, default=Side.STAFF)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["concern", "created_at"], name="change_of_concern"),
            models.Index(fields=["-created_at"], name="change_newest"),
        ]

    def __str__(self):
        return f"{self.concern}: {self.old} → {self.new}"

    @property
    def is_status(self):
        return self.kind == self.Kind.STATUS

    @property
    def new_day(self):
        """The day to which a term was extended."""
        return date.fromisoformat(self.new)

    @property
    def from_reporter(self):
        return self.side == self.Side.REPORTER

    @property
    def new_name(self):
        return NAMES.get(self.kind, {}).get(self.new, self.new)


NOTED = [Change.Kind.NOTE, Change.Kind.IDENTITY, Change.Kind.REQUEST]
# What handing over brings along, by the same hand.
BROUGHT = [Change.Kind.LEVEL, Change.Kind.CATEGORY]


def confided(changes):
    """Return, of a concern's changes in their order, those for the custodian alone.

    Who handed it over and why, and, once it is given back, what was noted while it was
    kept: it is read then by those for whom that was not written.
    """
    changes = list(changes)
    handed = [one for one in changes if one.kind == Change.Kind.CUSTODY]
    # Filed into custody it has no line of that: the first one tells.
    is_kept = bool(handed) and handed[0].old == "in"
    found, noted = [], []
    for place, change in enumerate(changes):
        if change.kind == Change.Kind.CUSTODY:
            is_kept = change.new == "in"
            if is_kept:
                found += [change, *brought(changes[:place], change)]
            else:
                found, noted = found + noted, []
        elif is_kept and change.kind in NOTED:
            noted.append(change)
    return found


def brought(before, change):
    """Return the lines that somebody's handing over wrote just before its own."""
    own = takewhile(lambda one: one.by_id == change.by_id, reversed(before))
    return takewhile(lambda one: one.kind in BROUGHT, own)


class Mention(models.Model):
    """A person whom an internal note names, until he has opened the concern.

    It lets nobody in: who may read the concern no more does not find it.
    """

    note = models.ForeignKey(Change, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions"
    )
    seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["note", "user"], name="one_mention_per_person_and_note"
            )
        ]
        indexes = [
            models.Index(
                fields=["user"],
                condition=models.Q(seen_at=None),
                name="mention_not_seen",
            )
        ]

    def __str__(self):
        return f"{self.note}, {self.user}"


class Message(models.Model):
    """A message between the centre and the reporter."""

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="messages")
    from_reporter = models.BooleanField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["-created_at"], name="message_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_reporter=True, by=None)
                | models.Q(from_reporter=False, by__isnull=False),
                name="message_has_one_side",
            )
        ]

    def __str__(self):
        return f"{self.concern}: {self.text[:40]}"


# What a line of the news says, and of whom.
LANGUAGES = [language for language, _name in settings.LANGUAGES]
ABOUT = [
    *("created_at", "by__full_name", "concern__reference"),
    *(f"concern__category__name_{language}" for language in LANGUAGES),
]
NEWS = {
    Change: [
        *ABOUT,
        *("kind", "new", "side", "person__full_name"),
        *(f"partner__name_{language}" for language in LANGUAGES),
    ],
    Message: [*ABOUT, "from_reporter"],
}


def lately(concerns, *, by_others_than, since, most):
    """Return what others did to some concerns since a moment, newest first."""
    lines = []
    for model in (Change, Message):
        happened = (
            model.objects.filter(created_at__gte=since)
            # Asked of each line in turn: nobody gathers all that there is to read.
            .filter(
                Exists(concerns.filter(pk=OuterRef("concern"), is_quarantined=False))
            )
            .exclude(by=by_others_than)
            .order_by("-created_at", "-pk")
            .select_related("concern__category", "by")
        )
        if model is Change:
            # Who looked, who handed over and what that brought is nobody's news, but
            # of what came to him the custodian's; nor is what stands by itself again.
            hidden = [Change.Kind.IDENTITY, Change.Kind.CUSTODY, *BROUGHT]
            kept = centers_where(by_others_than, Permission.KEEP_CUSTODY)
            happened = happened.exclude(
                ~Q(
                    concern__center__in=kept,
                    concern__in_custody=True,
                    kind=Change.Kind.CUSTODY,
                ),
                kind__in=hidden,
            )
            # Given back, it brings no news of what was noted for the custodian.
            given_back = Change.objects.filter(
                concern=OuterRef("concern"),
                kind=Change.Kind.CUSTODY,
                new="out",
                created_at__gt=OuterRef("created_at"),
            )
            happened = happened.exclude(
                ~Q(concern__center__in=kept), Exists(given_back), kind__in=NOTED
            )
            # Whether he looked at a warning too.
            happened = happened.exclude(kind=Change.Kind.SUMMARY, new="named")
            happened = happened.exclude(
                side=Change.Side.CLOCK, old=Status.DUPLICATE, new=Status.REGISTERED
            ).select_related("partner", "person")
        lines += happened.only(*NEWS[model])[:most]
    return sorted(lines, key=attrgetter("created_at"), reverse=True)[:most]
