"""Who may do what: one readable table, asked by every action.

The partner's kind says whose side a member is on, the role what he may do. Permissions
say what a person is able to do in a centre; which concerns he may see at all is
`Concern.objects.visible_to`.
"""

from enum import StrEnum, auto

from django.core.exceptions import PermissionDenied

from .models import Membership, Partner, Role

RESIDENTS, COUNCIL, POLICE, SUPPORTER = Partner.Kind


class Permission(StrEnum):
    TAKE_IN_CONCERN = auto()
    REGISTER_CONCERN = auto()
    ASSIGN_CONCERN = auto()
    HANDLE_CONCERN = auto()
    PUBLISH_CONCERN = auto()
    LOWER_LEVEL = auto()
    READ_CONFIDENTIAL = auto()
    READ_IDENTITY = auto()
    KEEP_CUSTODY = auto()
    READ_SUMMARIES = auto()
    READ_JOURNAL_NUMBER = auto()
    SCHEDULE_MEETING = auto()
    KEEP_PLAN = auto()
    MANAGE_MEMBERS = auto()
    EDIT_CENTER = auto()


P = Permission

COORDINATOR = frozenset(P) - {P.KEEP_CUSTODY}
STAFF = frozenset(
    {
        P.TAKE_IN_CONCERN,
        P.REGISTER_CONCERN,
        P.ASSIGN_CONCERN,
        P.HANDLE_CONCERN,
        P.PUBLISH_CONCERN,
        P.READ_IDENTITY,
        P.READ_SUMMARIES,
        P.SCHEDULE_MEETING,
    }
)
OFFICER = frozenset(
    {P.TAKE_IN_CONCERN, P.HANDLE_CONCERN, P.READ_IDENTITY, P.READ_SUMMARIES}
)
INTAKE = frozenset(
    {
        P.TAKE_IN_CONCERN,
        P.REGISTER_CONCERN,
        P.ASSIGN_CONCERN,
        P.HANDLE_CONCERN,
        P.READ_CONFIDENTIAL,
        P.READ_SUMMARIES,
    }
)
CUSTODIAN = frozenset(
    {
        P.TAKE_IN_CONCERN,
        P.REGISTER_CONCERN,
        P.ASSIGN_CONCERN,
        P.HANDLE_CONCERN,
        P.LOWER_LEVEL,
        P.READ_IDENTITY,
        P.KEEP_CUSTODY,
        P.READ_SUMMARIES,
    }
)

# A pair that is not here gives nothing: an observer reads figures, which are public.
GRANTS = {
    (COUNCIL, Role.COORDINATOR): COORDINATOR,
    (RESIDENTS, Role.COORDINATOR): COORDINATOR,
    (COUNCIL, Role.MEMBER): STAFF,
    (POLICE, Role.MEMBER): OFFICER,
    (RESIDENTS, Role.MEMBER): OFFICER,
    (COUNCIL, Role.INTAKE): INTAKE,
    (POLICE, Role.INTAKE): INTAKE,
    (RESIDENTS, Role.INTAKE): INTAKE,
    (RESIDENTS, Role.CUSTODIAN): CUSTODIAN,
    (SUPPORTER, Role.OBSERVER): frozenset(),
}


def memberships_of(user):
    """Return a person's live memberships in every centre; one query a request.

    A superuser runs the installation and serves no centre: he has none.
    """
    if not user.is_authenticated or not user.is_active or user.is_superuser:
        return []
    if not hasattr(user, "live_memberships"):
        user.live_memberships = list(
            Membership.objects.live()
            .filter(user=user)
            .select_related("center", "partner")
            .with_custodian()
        )
    return user.live_memberships


def ask_anew(user):
    """Forget what a person serves: it may have changed while he waited for a lock."""
    # Not by vars(): a request's user is wrapped, and has other ones.
    if hasattr(user, "live_memberships"):
        del user.live_memberships


def centers_of(user):
    """Return the centres that a person serves, each of them once."""
    return list({m.center_id: m.center for m in memberships_of(user)}.values())


def permissions(user, center):
    """Return the set of permissions a person has in a centre."""
    return frozenset().union(
        *(
            GRANTS.get((membership.partner.kind, membership.role), frozenset())
            for membership in memberships_of(user)
            if membership.center_id == center.pk
        )
    )


def can(user, permission, center):
    return permission in permissions(user, center)


def need(user, permission, center):
    """Raise PermissionDenied for whom a centre gives no such permission."""
    if not can(user, permission, center):
        raise PermissionDenied


def centers_where(user, permission):
    """Return the ids of the centres in which a person has a permission."""
    return {
        membership.center_id
        for membership in memberships_of(user)
        if permission in GRANTS.get((membership.partner.kind, membership.role), ())
    }


def need_work(user):
    """Raise PermissionDenied for whom nothing of a centre's work is shown."""
    if not centers_where(user, Permission.READ_SUMMARIES):
        raise PermissionDenied


def serves(user, kind):
    """Tell whether a person is on a side, in any centre."""
    return any(membership.partner.kind == kind for membership in memberships_of(user))
