from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Center, Partner, Place, Role
from centers.permissions import (
    COUNCIL,
    POLICE,
    memberships_of,
    permissions,
    serves,
)
from centers.references import dashed, new_reference

from ..workflow import DONE, OPEN, Actor, Level, Status, is_stricter, moves_from
from .category import LEVEL_NAMES, Category
from .visibility import ConcernQuerySet

STATUS_NAMES = [
    (Status.RECEIVED, pgettext_lazy("status", "Received")),
    (Status.REGISTERED, pgettext_lazy("status", "Registered")),
    (Status.NEEDS_INFO, pgettext_lazy("status", "Clarification needed")),
    (Status.IN_PROGRESS, pgettext_lazy("status", "In progress")),
    (Status.FORWARDED, pgettext_lazy("status", "Forwarded")),
    (Status.RESOLVED, pgettext_lazy("status", "Resolved")),
    (Status.CLOSED, pgettext_lazy("status", "Closed")),
    (Status.DECLINED, pgettext_lazy("status", "Declined, with reason")),
    (Status.DUPLICATE, pgettext_lazy("status", "Merged with a similar one")),
    (Status.WITHDRAWN, pgettext_lazy("status", "Withdrawn by the reporter")),
]
STATUS_OF, LEVEL_OF = dict(STATUS_NAMES), dict(LEVEL_NAMES)

TEXT_LIMIT = 4000
FEWEST_SHOWN = 5


class Involved(models.TextChoices):
    """Whether somebody of the police or the council is involved, as reported."""

    NO = "no", pgettext_lazy("involved", "No")
    POLICE = "police", pgettext_lazy("involved", "Yes, of the police")
    COUNCIL = "council", pgettext_lazy("involved", "Yes, of the council")
    BOTH = "both", pgettext_lazy("involved", "Yes, of both")
    UNSAID = "unsaid", pgettext_lazy("involved", "I would rather not say")


class Safer(models.TextChoices):
    """Whether the reporter feels safer since it was solved."""

    YES = "yes", pgettext_lazy("safer", "Yes")
    NO = "no", pgettext_lazy("safer", "No")
    UNSURE = "unsure", pgettext_lazy("safer", "Hard to say")


class Concern(models.Model):
    """What worries a resident, and what became of it."""

    class Kind(models.TextChoices):
        APPEAL = "appeal", _("appeal")
        REPORT = "report", _("report")

    class Channel(models.TextChoices):
        WEB = "web", _("this site")
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by phone")
        VISIT = "visit", _("visit")
        BOX = "box", _("letter box")

    center = models.ForeignKey(Center, models.PROTECT, related_name="concerns")
    category = models.ForeignKey(Category, models.PROTECT, related_name="concerns")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.REPORT)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.WEB)
    # Who of the centre wrote down what came another way than by this site.
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    level = models.CharField(max_length=12, choices=LEVEL_NAMES, editable=False)
    status = models.CharField(
        max_length=11, choices=STATUS_NAMES, default=Status.RECEIVED, editable=False
    )
    # Grows with every change: a form that carries an older one is told so.
    version = models.PositiveIntegerField(default=0, editable=False)

    # The resident's own words
    text = models.TextField(validators=[MaxLengthValidator(TEXT_LIMIT)])
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    village = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+"
    )
    landmark = models.CharField(max_length=200, blank=True)
    # The same as it is searched by those who may read it.
    words_text = models.TextField(blank=True, editable=False)
    words_erased_at = models.DateTimeField(null=True, editable=False)
    happened_on = models.DateField(null=True, blank=True)
    involved = models.CharField(max_length=7, choices=Involved)
    may_publish = models.BooleanField(default=False)

    # Who must not read them
    hidden_from_police = models.BooleanField(default=False, editable=False)
    hidden_from_council = models.BooleanField(default=False, editable=False)
    in_custody = models.BooleanField(default=False, editable=False)
    is_quarantined = models.BooleanField(default=False, editable=False)

    # Days and numbers
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    registered_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(null=True, editable=False)
    extended_to = models.DateField(null=True, editable=False)
    journal_year = models.PositiveSmallIntegerField(null=True, editable=False)
    journal_number = models.PositiveIntegerField(null=True, editable=False)

    # The resident's key: SECURITY, section 5
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    code_key_id = models.CharField(max_length=16, editable=False)
    code_bucket = models.PositiveIntegerField(editable=False)
    code_hash = models.CharField(max_length=128, editable=False)
    code_ended_at = models.DateTimeField(null=True, editable=False)
    # Somebody of the centre printed it for her: she is asked to take a new one.
    is_code_known = models.BooleanField(default=False, editable=False)
    # How often another took its place: what an earlier one opened is closed by it.
    code_renewals = models.PositiveSmallIntegerField(default=0, editable=False)

    # The conversation: when she last looked at hers, and since when nobody did
    seen_by_reporter_at = models.DateTimeField(null=True, editable=False)
    unread_since = models.DateTimeField(null=True, editable=False)
    feels_safer = models.CharField(
        max_length=6, choices=Safer, blank=True, editable=False
    )
    # Residents whom it worries too: a number, and nobody's trace.
    supporters = models.PositiveIntegerField(default=0, editable=False)

    # Work
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, editable=False, related_name="concerns"
    )
    lead = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="repeats"
    )
    crime_number = models.CharField(max_length=40, blank=True, editable=False)
    crime_place = models.CharField(max_length=200, blank=True, editable=False)

    # What the centre says of it: never the resident's words
    title = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    search_text = models.TextField(blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    published_at = models.DateTimeField(null=True, editable=False)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(Status)), name="concern_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(level__in=list(Level)), name="concern_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(level=Level.CONFIDENTIAL)
                | Q(
                    hidden_from_police=False,
                    hidden_from_council=False,
                    in_custody=False,
                ),
                name="hidden_concern_is_confidential",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(level=Level.PUBLIC),
                name="only_public_concern_is_published",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(approved_at__isnull=False),
                name="published_concern_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="concern_approval_has_date_and_author",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DUPLICATE, lead__isnull=False)
                | ~Q(status=Status.DUPLICATE),
                name="duplicate_concern_has_lead",
            ),
            models.UniqueConstraint(
                fields=["center", "in_custody", "journal_year", "journal_number"],
                name="one_concern_per_journal_number",
            ),
        ]
        indexes = [
            models.Index(
                fields=["center", "-published_at", "-id"], name="concern_published"
            ),
            models.Index(fields=["center", "status", "due_on"], name="concern_queue"),
            models.Index(fields=["code_bucket"], name="concern_bucket"),
            models.Index(fields=["status", "resolved_at"], name="concern_resolved"),
            models.Index(fields=["ended_at"], name="concern_ended"),
            models.Index(
                fields=["center", "-ended_at", "-id"], name="concern_ended_lately"
            ),
            models.Index(
                fields=["center", "status", "-resolved_at"], name="concern_solved"
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("concerns:detail", args=[self.center.slug, self.reference])

    def get_desk_url(self):
        return reverse("desk:concern", args=[self.reference])

    # Django's own make a dictionary of all names anew for each line of a list.

    def get_status_display(self):
        return STATUS_OF[self.status]

    def get_level_display(self):
        return LEVEL_OF[self.level]

    @property
    def number(self):
        return dashed(self.reference)

    @property
    def seen(self):
        """What a box or a button carries: which it is, and how it was seen."""
        return f"{self.reference}.{self.version}"

    @property
    def is_published(self):
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def may_be_approved(self):
        """Whether its public text may be: by its level, and by its reporter."""
        return not self.is_confidential and (self.may_publish or not self.is_public)

    @property
    def may_have_text(self):
        """Whether a public text may be written, or is there to be taken back."""
        return not self.is_confidential or self.approved_at is not None

    @property
    def is_confidential(self):
        return self.level == Level.CONFIDENTIAL

    @property
    def is_public(self):
        return self.level == Level.PUBLIC

    @property
    def is_open(self):
        return self.status in OPEN

    @property
    def is_done(self):
        """Tell whether the centre says that it has done all it can."""
        return self.status in DONE

    def may_tell(self, other):
        """Tell whether the reporter of another, joined to it, may hear its news.

        What somebody may not see tells nobody, and what fewer may read tells no more.
        """
        return not (
            self.in_custody
            or other.in_custody
            or self.is_hidden
            or self.status == Status.WITHDRAWN
            or is_stricter(self.level, than=other.level)
        )

    def may_keep(self, other):
        """Tell whether another, joined to it, may stay so.

        Its reporter hears the news, and a crime is not dealt with as something else.
        """
        return self.may_tell(other) and (self.is_crime or not other.is_crime)

    def may_lead(self, other):
        """Tell whether another may be joined to it: what has ended has no news."""
        return self.is_open and self.may_keep(other)

    @property
    def may_be_supported(self):
        """Whether everyone who reads it may say that it worries him too."""
        return self.is_open and self.is_published and self.category.may_be_supported

    @property
    def shown_supporters(self):
        """How many it worries too, as everyone may read it: small numbers are not."""
        return self.supporters if self.supporters >= FEWEST_SHOWN else None

    @property
    def is_crime(self):
        return self.category.is_crime or bool(self.crime_number)

    @property
    def days_left(self):
        """Calendar days until the next deadline; negative when it has passed."""
        return (self.due_on - timezone.localdate()).days if self.due_on else None

    @property
    def days_late(self):
        """Calendar days since the deadline passed; 0 while there is time, or none."""
        return max(0, -self.days_left) if self.due_on else 0

    @property
    def is_hidden(self):
        return self.hidden_from_police or self.hidden_from_council

    def is_hidden_from(self, kind):
        """Tell whether a side, the kind of a partner, must not see it."""
        return (kind == POLICE and self.hidden_from_police) or (
            kind == COUNCIL and self.hidden_from_council
        )

    def is_about_side_of(self, user):
        """Tell whether it is hidden from a side that a person serves anywhere."""
        return any(
            self.is_hidden_from(side) and serves(user, side)
            for side in (POLICE, COUNCIL)
        )

    @cached_property
    def hands(self):
        """Who has it in hand, each with the side for which he does."""
        hands = self.assignments.live().select_related("user", "partner")
        return list(hands.order_by("user__full_name", "pk"))

    def is_led_by(self, user):
        """Tell whether a person answers for it: the coordinator, or the custodian."""
        leader = Role.CUSTODIAN if self.in_custody else Role.COORDINATOR
        return any(
            m.center_id == self.center_id and m.role == leader
            for m in memberships_of(user)
        )

    def is_handled_by(self, user):
        """Tell whether a person leads or handles it, and so may ask who filed it."""
        here = [m for m in memberships_of(user) if m.center_id == self.center_id]
        if self.is_led_by(user):
            return True
        if self.hands or self.is_confidential:
            return user.pk in {hand.user_id for hand in self.hands}
        return any(m.partner_id == self.partner_id for m in here)

    def is_answered_by(self, user):
        """Tell whether a person is one of those who answer the reporter now.

        Where somebody has it in hand, a look of the coordinator is not his.
        """
        if self.hands:
            return user.pk in {hand.user_id for hand in self.hands}
        return not self.partner_id or self.is_handled_by(user)

    def moves_for(self, user):
        """Return the moves that a person who sees this concern may make."""
        actors = permissions(user, self.center) & set(Actor)
        return moves_from(self.status, actors, is_crime=self.is_crime)
