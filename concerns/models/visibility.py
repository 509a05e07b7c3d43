"""Who reads what: the one place where concerns are cut down to what one may know."""

from functools import reduce
from operator import or_
from time import time

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from centers.models import Role
from centers.permissions import (
    COUNCIL,
    POLICE,
    Permission,
    centers_where,
    memberships_of,
    serves,
)

from .. import codes
from ..workflow import ENDED, OPEN, WAITING, Level, Status
from .people import Assignment

# What a line of a list says of a concern: its fields, and those of what belongs to it.
ROW = [
    *("reference", "version", "status", "level", "due_on", "published_at"),
    *("partner__kind", "unread_since", "supporters"),
    *(
        f"{name}_{language}"
        for name in ("title", "category__name", "village__name")
        for language, _name in settings.LANGUAGES
    ),
]


def in_hands_of(user):
    """Match what a person handles for a partner whom he serves.

    What Assignment.live() says of everybody, asked of one whose service is known.
    """
    own = Assignment.objects.filter(
        concern=OuterRef("pk"), user_id=user.pk, ended_at=None
    )
    # For the partner that has the concern, or for the one named with the assignment.
    return reduce(
        or_,
        (
            Q(Exists(since.filter(partner=None)), partner=m.partner_id)
            | Q(Exists(since.filter(partner=m.partner_id)))
            for m in memberships_of(user)
            for since in [own.filter(created_at__gte=m.started_at)]
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

    def groupable(self):
        """Return what the partners may look at together: nothing confidential."""
        return self.filter(
            level__in=[Level.PUBLIC, Level.RESTRICTED],
            in_custody=False,
            is_quarantined=False,
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
        return self.filter(
            key_hash=codes.key_hash(key), code_ended_at=None, code_renewals=0
        )

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
        return self.filter(
            pk=followed["concern"],
            code_ended_at=None,
            code_renewals=followed.get("renewals", 0),
        )

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

    def latest_first(self):
        """Put what ended last first."""
        return self.order_by("-ended_at", "-pk")

    def by_deadline(self):
        return self.order_by(F("due_on").asc(nulls_last=True), "created_at", "pk")
