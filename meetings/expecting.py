"""What a meeting expects of a person: his side's approval, its protocol, his answer."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from centers.permissions import (
    COUNCIL,
    GRANTS,
    Permission,
    centers_where,
    memberships_of,
)

from .models import Approval, Invited, Meeting, ProtocolVersion
from .models.meeting import UNRECORDED


def own_sides(user):
    """Return, as pairs with the centre's key, the sides for which a person approves.

    The council's are those who plan the meetings, the others' those who handle.
    """
    return {
        (m.center_id, m.partner.kind)
        for m in memberships_of(user)
        if (
            Permission.SCHEDULE_MEETING
            if m.partner.kind == COUNCIL
            else Permission.HANDLE_CONCERN
        )
        in GRANTS.get((m.partner.kind, m.role), ())
    }


def with_expected(meetings, user):
    """Tell of each meeting, in its own query, what it expects of a person.

    `waits_for_approval` says that a version is up which his side has not approved,
    `lacks_protocol` that he is to put one up; `invitation` and `my_answer` are his own.
    """
    invited = Invited.objects.filter(meeting=OuterRef("pk"), user=user)
    standing = ProtocolVersion.objects.standing()
    up = standing.filter(frozen_at=None)
    # Three sides are three people: who approved for one approves for no other.
    up = up.exclude(approvals__by=user)
    mine = Q(pk=None)
    for center, side in own_sides(user):
        given = Approval.objects.filter(version=OuterRef("pk"), side=side)
        mine |= Q(protocol__center=center) & ~Exists(given)
    return meetings.annotate(
        invitation=Subquery(invited.values("reference")),
        my_answer=Subquery(invited.values("answer")),
        waits_for_approval=Exists(up.filter(mine, protocol__meeting=OuterRef("pk"))),
        lacks_protocol=Q(
            ~Exists(standing.filter(protocol__meeting=OuterRef("pk"))),
            center__in=centers_where(user, Permission.SCHEDULE_MEETING),
            ended_at__isnull=False,
        ),
    )


def to_care_for(user):
    """Return the planned ones, those not recorded lately, and whose protocol waits.

    First what comes, so that what was left undone hides none of it; then the newest.
    """
    meetings = with_expected(Meeting.objects.visible_to(user), user)
    planned = Q(status=Meeting.Status.PLANNED)
    to_come = Q(starts_at__gte=timezone.now())
    late = Q(starts_at__gte=timezone.now() - UNRECORDED)
    return meetings.filter(
        planned & to_come
        | planned & late & Q(published_at__isnull=False)
        | late & Q(lacks_protocol=True)
        | Q(waits_for_approval=True)
    ).order_by(F("began_at").desc(nulls_first=True), "starts_at")
