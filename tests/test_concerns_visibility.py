"""
Who reads what: the doors of Concern against an oracle of DESIGN's rules 2 and 3.

The oracle is plain Python over plain facts and shares nothing with visible_to. Every
concern that can exist is held against every person who can.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from concerns.models import Assignment, Concern

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    make_category,
    new_concern,
    partner_of,
)
from .oracle import (
    HERE,
    PEOPLE,
    THERE,
    everything,
    is_public,
    make_people,
    reads_the_summary,
    reads_the_words,
)

pytestmark = pytest.mark.django_db


# The world of both


@pytest.fixture
def centers(center, other_center):
    return {HERE: center, THERE: other_center}


@pytest.fixture
def people(centers):
    return make_people(centers)


@pytest.fixture
def world(centers, people):
    """Make every concern that can be; return its facts by its key."""
    now, by = timezone.now(), people["council coordinator"]
    moments = {
        "none": {},
        "approved": {"approved_at": now, "approved_by": by},
        "published": {"approved_at": now, "approved_by": by, "published_at": now},
        "to be published": {
            "approved_at": now,
            "approved_by": by,
            "published_at": now + timedelta(days=1),
        },
    }
    partners = {
        (where, kind): partner_of(center, kind)
        for where, center in centers.items()
        for kind in (RESIDENTS, COUNCIL, POLICE)
    }
    category = make_category()
    world = list(everything())
    concerns = [
        new_concern(
            centers[facts.where],
            category,
            level=facts.level,
            hidden_from_police=facts.from_police,
            hidden_from_council=facts.from_council,
            in_custody=facts.in_custody,
            partner=partners.get((facts.where, facts.partner)),
            is_quarantined=facts.is_quarantined,
            **moments[facts.approval],
        )
        for facts in world
    ]
    Concern.objects.bulk_create(concerns, batch_size=200)
    Assignment.objects.bulk_create(
        [
            Assignment(
                concern=concern,
                user=people[facts.person],
                partner=partners.get((facts.where, facts.share)),
                by=by,
                ended_at=now if facts.is_over else None,
            )
            for concern, facts in zip(concerns, world, strict=True)
            if facts.person
        ],
        batch_size=200,
    )
    return {concern.pk: facts for concern, facts in zip(concerns, world, strict=True)}


def differences(world, people, door, oracle):
    """Return (person, seen or not seen, facts) wherever door and oracle disagree."""
    wrong = []
    for name, user in people.items():
        seen = set(door(user).values_list("pk", flat=True))
        wrong += [
            (name, "seen" if pk in seen else "not seen", facts)
            for pk, facts in world.items()
            if (pk in seen) != oracle(name, facts)
        ]
    return wrong


def test_everyone_reads_the_words_that_the_rules_give_and_no_others(world, people):
    wrong = differences(world, people, Concern.objects.visible_to, reads_the_words)

    assert wrong == []


def test_everyone_reads_the_summaries_that_the_rules_give_and_no_others(world, people):
    wrong = differences(world, people, Concern.objects.summarised_to, reads_the_summary)

    assert wrong == []


def test_the_public_reads_what_is_public_and_published_and_nothing_else(world):
    seen = set(Concern.objects.public().values_list("pk", flat=True))

    assert seen == {pk for pk, facts in world.items() if is_public(facts)}


def test_only_those_whom_the_rules_leave_nothing_read_nothing_at_all():
    readers = {
        name
        for name in PEOPLE
        for facts in everything()
        if reads_the_words(name, facts)
    }

    assert PEOPLE.keys() - readers == {
        "observer",
        "coordinator of before",
        "superuser",
        "disabled coordinator",
        "person without a role",
        "anonymous",
    }
