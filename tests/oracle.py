"""
Who reads what: DESIGN's rules 2 and 3 in plain Python over plain facts.

Every concern that can exist and every person who can, for tests that hold the doors and
the pages against them. It shares nothing with visible_to.
"""

from dataclasses import dataclass
from itertools import product

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from centers.models import Role
from concerns.workflow import Level

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    SUPPORTER,
    make_membership,
    make_user,
)

HERE, THERE = "here", "there"
PUBLIC, RESTRICTED, CONFIDENTIAL = Level
MEMBER, COORDINATOR, INTAKE = Role.MEMBER, Role.COORDINATOR, Role.INTAKE
CUSTODIAN, OBSERVER = Role.CUSTODIAN, Role.OBSERVER


# Everyone


@dataclass(frozen=True)
class Service:
    """One membership: where, on whose side, what for."""

    where: str
    kind: str
    role: str = MEMBER
    is_over: bool = False


PEOPLE = {
    "council coordinator": [Service(HERE, COUNCIL, COORDINATOR)],
    "residents' coordinator": [Service(HERE, RESIDENTS, COORDINATOR)],
    "council member": [Service(HERE, COUNCIL)],
    "officer": [Service(HERE, POLICE)],
    "second officer": [Service(HERE, POLICE)],
    "community member": [Service(HERE, RESIDENTS)],
    "council intake": [Service(HERE, COUNCIL, INTAKE)],
    "police intake": [Service(HERE, POLICE, INTAKE)],
    "residents' intake": [Service(HERE, RESIDENTS, INTAKE)],
    "custodian": [Service(HERE, RESIDENTS, CUSTODIAN)],
    "observer": [Service(HERE, SUPPORTER, OBSERVER)],
    "coordinator elsewhere": [Service(THERE, COUNCIL, COORDINATOR)],
    "officer elsewhere": [Service(THERE, POLICE)],
    "custodian elsewhere": [Service(THERE, RESIDENTS, CUSTODIAN)],
    "council here, police there": [Service(HERE, COUNCIL), Service(THERE, POLICE)],
    "police here, council there": [Service(HERE, POLICE), Service(THERE, COUNCIL)],
    "custodian who is police there": [
        Service(HERE, RESIDENTS, CUSTODIAN),
        Service(THERE, POLICE),
    ],
    "coordinator who is custodian": [
        Service(HERE, RESIDENTS, COORDINATOR),
        Service(HERE, RESIDENTS, CUSTODIAN),
    ],
    "coordinator of before": [Service(HERE, COUNCIL, COORDINATOR, is_over=True)],
    "officer of before, now of the community": [
        Service(HERE, POLICE, is_over=True),
        Service(HERE, RESIDENTS),
    ],
    "custodian who was police": [
        Service(HERE, RESIDENTS, CUSTODIAN),
        Service(HERE, POLICE, is_over=True),
    ],
    "superuser": [Service(HERE, COUNCIL, COORDINATOR)],
    "disabled coordinator": [Service(HERE, COUNCIL, COORDINATOR)],
    "person without a role": [],
    "anonymous": [],
}


def services_of(name):
    """Return the memberships that count. A superuser reads nothing (rule 2)."""
    if name in (None, "superuser", "disabled coordinator"):
        return []
    return [service for service in PEOPLE[name] if not service.is_over]


# Everything


@dataclass(frozen=True)
class Facts:
    """What decides about a concern."""

    where: str
    level: str
    from_police: bool
    from_council: bool
    in_custody: bool
    partner: str | None
    person: str | None
    is_over: bool  # the assignment of the person, not of the partner
    share: str | None  # the side for which the person has it, if not the partner's
    approval: str
    is_quarantined: bool


# Level, hidden from police, hidden from council, custody: all that the database admits.
SHAPES = [
    (PUBLIC, False, False, False),
    (RESTRICTED, False, False, False),
    *product([CONFIDENTIAL], [False, True], [False, True], [False, True]),
]

# The partner, the person who handles it, and whether that was before.
HANDS = [
    (None, None, False),
    (RESIDENTS, None, False),
    (COUNCIL, None, False),
    (POLICE, None, False),
    (POLICE, "officer", False),
    (COUNCIL, "council member", False),
    (COUNCIL, "council intake", False),
    (COUNCIL, "council here, police there", False),
    (RESIDENTS, "community member", False),
    (RESIDENTS, "custodian", False),
    (RESIDENTS, "custodian who is police there", False),
    (COUNCIL, "coordinator of before", False),
    (POLICE, "officer of before, now of the community", False),
    (COUNCIL, "superuser", False),
    (COUNCIL, "coordinator elsewhere", False),
    (None, "officer", True),
    (COUNCIL, "officer", True),
]
# The same, and the side for which that person has a share in it.
SHARES = [
    (COUNCIL, "officer", False, POLICE),
    (COUNCIL, "officer", True, POLICE),
    (POLICE, "council intake", False, COUNCIL),
    (RESIDENTS, "council here, police there", False, POLICE),
    (COUNCIL, "officer of before, now of the community", False, POLICE),
    (COUNCIL, "officer of before, now of the community", False, RESIDENTS),
]


def everything():
    for where, shape, hands, is_quarantined in product(
        (HERE, THERE),
        SHAPES,
        [*((*hands, None) for hands in HANDS), *SHARES],
        (False, True),
    ):
        approvals = ["none", "approved"]
        if shape[0] == PUBLIC:
            approvals += ["published", "to be published"]
        for approval in approvals:
            yield Facts(where, *shape, *hands, approval, is_quarantined)


# The oracle


def is_hidden(name, facts):
    """Rule 3: taken away last and from everyone, by what one is in any centre."""
    sides = {service.kind for service in services_of(name)}
    return (facts.from_police and POLICE in sides) or (
        facts.from_council and COUNCIL in sides
    )


def has_hands(facts):
    """Tell whether a person has it in hand, who still serves whom it was given to."""
    # Work is done for a partner: who left it has left its concerns.
    return not facts.is_over and any(
        (s.where, s.kind) == (facts.where, facts.share or facts.partner)
        for s in services_of(facts.person)
    )


def is_assigned(name, facts):
    return facts.person == name and has_hands(facts)


def reads_the_words(name, facts):
    """Rule 2, "who reads the resident's words", and rule 3 on what is in custody."""
    if is_hidden(name, facts):
        return False
    here = [s for s in services_of(name) if s.where == facts.where]
    roles = {s.role for s in here}
    if facts.in_custody:
        return CUSTODIAN in roles or is_assigned(name, facts)
    if COORDINATOR in roles or is_assigned(name, facts):
        return True
    if facts.level == CONFIDENTIAL:
        return INTAKE in roles and not has_hands(facts)
    workers = {s.kind for s in here if s.role in (MEMBER, INTAKE)}
    if facts.partner is None:
        return bool(workers & {COUNCIL, POLICE})
    return facts.partner in workers


def reads_the_summary(name, facts):
    """Rule 2: members read what staff approved; an observer has figures only."""
    if is_hidden(name, facts):
        return False
    here = [s for s in services_of(name) if s.where == facts.where]
    return (
        any(s.role != OBSERVER for s in here)
        and facts.level != CONFIDENTIAL
        and facts.approval != "none"
    )


def is_public(facts):
    return facts.level == PUBLIC and facts.approval == "published"


def make_people(centers):
    """Make everyone, who serve these centres; return them by their names."""
    users = {"anonymous": AnonymousUser()}
    for name in PEOPLE.keys() - users.keys():
        user = make_user(
            full_name=name,
            is_superuser=name == "superuser",
            is_active=name != "disabled coordinator",
        )
        for service in PEOPLE[name]:
            ended_at = timezone.now() if service.is_over else None
            make_membership(
                centers[service.where],
                service.kind,
                service.role,
                user=user,
                ended_at=ended_at,
            )
        users[name] = user
    return users
