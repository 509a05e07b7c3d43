from functools import reduce
from operator import or_
from time import time

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.models import Center, Membership, Partner, Place, Role
from centers.permissions import (
    COUNCIL,
    POLICE,
    Permission,
    centers_where,
    memberships_of,
    permissions,
    serves,
)
from centers.references import dashed, new_reference

from .. import codes
from ..workflow import ENDED, OPEN, WAITING, Actor, Level, Status, moves_from
from .category import LEVEL_NAMES, Category

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

# What a line of a list says of a concern: its fields, and those of what belongs to it.
ROW = [
    *("reference", "status", "level", "due_on", "published_at", "partner__kind"),
    *(
        f"{name}_{language}"
        for name in ("title", "category__name", "village__name")
        for language, _name in settings.LANGUAGES
    ),
]


class Involved(models.TextChoices):
    """Whether somebody of the police or the council is involved, as reported."""

    NO = "no", pgettext_lazy("involved", "No")
    POLICE = "police", pgettext_lazy("involved", "Yes, of the police")
    COUNCIL = "council", pgettext_lazy("involved", "Yes, of the council")
    BOTH = "both", pgettext_lazy("involved", "Yes, of both")
    UNSAID = "unsaid", pgettext_lazy("involved", "I would rather not say")


def in_hands_of(user):
    """Match what a person handles for a partner whom he serves.

    What Assignment.live() says of everybody, asked of one whose service is known.
    """
    own = Assignment.objects.filter(
        concern=OuterRef("pk"), user_id=user.pk, ended_at=None
    )
    return reduce(
        or_,
        (
            Q(Exists(own.filter(created_at__gte=m.started_at)), partner=m.partner_id)
            for m in memberships_of(user)
        ),
        Q(pk__in=[]),
    )


def given_since_new_start(user, hands):
    """Match what is hidden from nobody, and what a person was given since a new start.

    Whoever gave him the new start could use it herself, and read as this person what is
    hidden from her.
    """
    since = getattr(user, "new_start_at", None)
    if since is None:
        return Q()
    given = hands.filter(user_id=user.pk, created_at__gt=since)
    return Q(Exists(given)) | Q(
        in_custody=False, hidden_from_police=False, hidden_from_council=False
    )


class ConcernQuerySet(models.QuerySet):
    """The three doors: what staff may read, what everyone may, what a code opened."""

    def visible_to(self, user):
        """Return the concerns whose words a person may read (DESIGN, rules 2 and 3).

        Public and restricted: the coordinator and the centre's council and police
        members until it is assigned, then the assigned partner and the coordinator.
        Confidential: the coordinator, the assigned persons and, before that, the intake
        persons. In custody: the custodian and the persons he assigned. Who is assigned
        works for a partner: his concerns stay behind when he leaves it. What is hidden
        he is given anew after a new start that a coordinator gave him. What is hidden
        from a side is taken away last, whatever else a person is, in every centre.
        """
        service = memberships_of(user)
        coordinated = {m.center_id for m in service if m.role == Role.COORDINATOR}
        workers = [m for m in service if m.role in (Role.MEMBER, Role.INTAKE)]
        sides = [m.center_id for m in workers if m.partner.kind in (COUNCIL, POLICE)]
        confided = centers_where(user, Permission.READ_CONFIDENTIAL) - coordinated
        kept = centers_where(user, Permission.KEEP_CUSTODY)
        hands = Assignment.objects.live().filter(concern=OuterRef("pk"))
        shared = Q(level__in=[Level.PUBLIC, Level.RESTRICTED], in_custody=False)

        # Most people have two of these keys; a door without one is not asked about.
        doors = [
            (coordinated, Q(center__in=coordinated, in_custody=False)),
            (sides, Q(center__in=sides, partner=None) & shared),
            (workers, Q(partner__in=[m.partner_id for m in workers]) & shared),
            (
                confided,
                Q(
                    ~Exists(hands),
                    center__in=confided,
                    level=Level.CONFIDENTIAL,
                    in_custody=False,
                ),
            ),
            (kept, Q(center__in=kept, in_custody=True)),
            (service, in_hands_of(user)),
        ]
        opened = [behind for keys, behind in doors if keys]
        if not opened:
            return self.none()
        # All of it is of his own centres: said once more, it leads to their index.
        seen = self.filter(
            reduce(or_, opened), center__in={m.center_id for m in service}
        ).filter(given_since_new_start(user, hands))
        return seen.not_hidden_from(user)

    def not_hidden_from(self, user):
        concerns = self
        if serves(user, POLICE):
            concerns = concerns.filter(hidden_from_police=False)
        if serves(user, COUNCIL):
            concerns = concerns.filter(hidden_from_council=False)
        return concerns

    def summarised_to(self, user):
        """Return the concerns of which a member may read the approved summary."""
        return self.filter(
            center__in=centers_where(user, Permission.READ_SUMMARIES),
            level__in=[Level.PUBLIC, Level.RESTRICTED],
            approved_at__isnull=False,
            in_custody=False,
        ).not_hidden_from(user)

    def known_to(self, user):
        """Return the concerns a person may know of: by their words or by a summary."""
        return self.visible_to(user) | self.summarised_to(user)

    def public(self):
        """Return what everyone may read: public, approved and published by staff.

        The resident's own words stay in the database.
        """
        return self.filter(
            level=Level.PUBLIC, published_at__lte=timezone.now()
        ).without_words()

    def without_words(self):
        """Leave the resident's own words in the database."""
        return self.defer("text", "landmark", "words_text")

    def in_rows(self):
        """Bring what lines of a list say; never the resident's own words."""
        return self.select_related("category", "village", "partner").only(*ROW)

    def find(self, code):
        """Return the concern that a resident's code opens, or None.

        Takes about as long whether there is one or not. Raises codes.Busy when too many
        codes are being tried at once.
        """
        places = Q()
        for key_id, bucket in codes.candidate_buckets(code):
            places |= Q(code_key_id=key_id, code_bucket=bucket)
        rows = list(self.filter(places, code_ended_at=None))
        if not rows:
            codes.check_nothing(code)
        return next(
            (row for row in rows if codes.check_code(code, row.code_hash)), None
        )

    def filed_with(self, key):
        """Return the concern that a form's key filed, while its code opens it."""
        return self.filter(key_hash=codes.key_hash(key), code_ended_at=None)

    def followed_in(self, session):
        """Return the concern that a code opened in this browser, while it is open."""
        followed = session.get("followed")
        now = time()
        if (
            not followed
            or now - followed["seen"] > settings.FOLLOW_IDLE_SECONDS
            or now - followed["since"] > settings.FOLLOW_TOTAL_SECONDS
        ):
            return self.none()
        return self.filter(pk=followed["concern"], code_ended_at=None)

    def open(self):
        return self.filter(status__in=OPEN)

    def ended(self):
        return self.filter(status__in=ENDED)

    def overdue(self):
        return self.filter(due_on__lt=timezone.localdate())

    def to_act_on(self, user):
        """Return, of concerns that a person may read, those waiting for him."""
        hands = Assignment.objects.live().filter(concern=OuterRef("pk"))
        waiting = self.filter(
            ~Exists(hands) | in_hands_of(user),
            status__in=WAITING,
            is_quarantined=False,
        )
        registrar = centers_where(user, Permission.REGISTER_CONCERN)
        return waiting.exclude(
            ~Q(center__in=registrar), status=Status.RECEIVED
        ).by_deadline()

    def due_by(self, day):
        return self.filter(due_on__gte=timezone.localdate(), due_on__lte=day)

    def by_deadline(self):
        return self.order_by(F("due_on").asc(nulls_last=True), "created_at", "pk")


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
    due_on = models.DateField(null=True, editable=False)
    journal_year = models.PositiveSmallIntegerField(null=True, editable=False)
    journal_number = models.PositiveIntegerField(null=True, editable=False)

    # The resident's key: SECURITY, section 5
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    code_key_id = models.CharField(max_length=16, editable=False)
    code_bucket = models.PositiveIntegerField(editable=False)
    code_hash = models.CharField(max_length=128, editable=False)
    code_ended_at = models.DateTimeField(null=True, editable=False)

    # Work
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, editable=False, related_name="concerns"
    )
    lead = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="repeats"
    )
    crime_number = models.CharField(max_length=40, blank=True, editable=False)

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
    def is_published(self):
        return self.published_at is not None and self.published_at <= timezone.now()

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

    @cached_property
    def handlers(self):
        """The people who have it in hand, by name."""
        return [hand.user for hand in self.assignments.live().select_related("user")]

    def is_handled_by(self, user):
        """Tell whether a person leads or handles it, and so may ask who filed it."""
        leader = Role.CUSTODIAN if self.in_custody else Role.COORDINATOR
        here = [m for m in memberships_of(user) if m.center_id == self.center_id]
        if any(m.role == leader for m in here):
            return True
        if self.handlers or self.is_confidential:
            return user in self.handlers
        return any(m.partner_id == self.partner_id for m in here)

    def moves_for(self, user):
        """Return the moves that a person who sees this concern may make."""
        actors = permissions(user, self.center) & set(Actor)
        return moves_from(self.status, actors, is_crime=self.is_crime)


class Identity(models.Model):
    """Who filed a concern, kept apart from it; each look is journalled."""

    concern = models.OneToOneField(
        Concern, models.CASCADE, primary_key=True, related_name="identity"
    )
    name = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=300, blank=True)
    consent_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.concern)

    @property
    def is_complete(self):
        """Law No. 67 asks an appeal for a name, an address and a way to reply."""
        return bool(self.name and self.phone and self.address)


class AssignmentQuerySet(models.QuerySet):
    def live(self):
        """Return those whose person still serves the partner that has the concern.

        Who left and came back was not asked anew: what he had stayed behind.
        """
        service = Membership.objects.live().filter(
            user=OuterRef("user"),
            user__is_active=True,
            user__is_superuser=False,
            partner=OuterRef("concern__partner"),
            started_at__lte=OuterRef("created_at"),
        )
        return self.filter(Exists(service), ended_at=None)


class Assignment(models.Model):
    """A person who handles a concern."""

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user"],
                condition=Q(ended_at=None),
                name="one_live_assignment_per_person",
            )
        ]

    def __str__(self):
        return f"{self.concern}, {self.user}"
