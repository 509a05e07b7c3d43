"""Forty items, sixty invited, 120 actions: no page asks more than for three items."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centers.models import Membership, Role, User
from meetings.models import Action, Attendance, Decision, Invited
from meetings.models.invited import SIGNER

from .factories import (
    COUNCIL,
    POLICE,
    make_approved,
    make_category,
    make_published_meeting,
    partner_of,
    put_on_agenda,
    signed_in,
)
from .minutes import approve, ended_meeting, put_up
from .planning import running_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ACTIONS = 3  # of each item
LONG = [pytest.param(3, id="short"), pytest.param(40, id="long")]


def with_agenda(meeting, number, by):
    """Put so many concerns on the agenda of a meeting."""
    category, center = make_category(), meeting.center
    for _ in range(number):
        put_on_agenda(meeting, make_approved(center, category, by=by))
    meeting.items.update(presenter=by, minutes=2)
    return meeting


def with_decisions(meeting, by):
    """Decide something on each item, and give three things to do for it."""
    meeting.items.update(status="decided")
    items = meeting.items.select_related("concern")
    decisions = Decision.objects.bulk_create(
        Decision(item=item, text_ky="Чечим", text_ru="Решение", by=by) for item in items
    )
    Decision.answers.through.objects.bulk_create(
        Decision.answers.through(decision=decision, concern=decision.item.concern)
        for decision in decisions
    )
    own, other = (partner_of(meeting.center, kind) for kind in (COUNCIL, POLICE))
    due_on = timezone.localdate() + timedelta(days=3)
    given = {"text_ky": "Чырак", "text_ru": "Фонарь", "due_on": due_on}
    actions = Action.objects.bulk_create(
        Action(decision=decision, partner=own, person=by, **given)
        for decision in decisions
        for _ in range(ACTIONS)
    )
    Action.co_executors.through.objects.bulk_create(
        Action.co_executors.through(action=action, partner=other) for action in actions
    )
    return meeting


def with_people(meeting, number):
    """Let so many more members of the council have come."""
    people = User.objects.bulk_create(
        User(email=f"one{place}@example.org", full_name=f"Мүчө {place}")
        for place in range(number)
    )
    council = partner_of(meeting.center, COUNCIL)
    serves = {"partner": council, "role": Role.MEMBER, "started_at": timezone.now()}
    memberships = Membership.objects.bulk_create(
        Membership(center=meeting.center, user=person, **serves) for person in people
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=membership, came=True)
        for membership in memberships
    )


def with_guests(meeting, number):
    Invited.objects.bulk_create(
        Invited(meeting=meeting, name=f"Конок {place}", phone="+996770080050")
        for place in range(number)
    )
    return meeting


def questions(browser, name, *args):
    """Return how many questions a page asks the database when it is opened again."""
    path = reverse(name, args=args)
    assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        browser.get(path)
    return len(asked)


@pytest.mark.parametrize("number", LONG)
def test_a_long_meeting_asks_as_much_as_a_short_one(
    number, center, elmira, bakyt, nurlan
):
    meeting = with_agenda(ended_meeting(center), number, elmira)
    with_decisions(meeting, elmira)
    with_people(meeting, number)
    later = running_meeting(center)
    browser, anybody = signed_in(elmira), Client()
    own = [meeting.reference]
    public = [center.slug, meeting.reference]

    asked = {
        "meeting": questions(browser, "desk:meeting", *own),
        "record": questions(browser, "desk:run", *own),
        "record of an item": questions(browser, "desk:run_item", *own, 1),
        "who does what": questions(browser, "desk:add_action", *own, 1),
        "draft": questions(browser, "desk:protocol", *own),
    }
    version = put_up(meeting, elmira)
    asked["put up"] = questions(browser, "desk:protocol", *own)
    approve(version, council=elmira, police=bakyt, residents=nurlan)
    asked |= {
        "approved": questions(browser, "desk:protocol", *own),
        "for everyone": questions(anybody, "meetings:detail", *public),
        "protocol for everyone": questions(anybody, "meetings:protocol", *public),
        "plan": questions(anybody, "meetings:plan", center.slug),
        "actions": questions(browser, "desk:actions"),
    }
    Action.objects.update(status="done", finished_on=timezone.localdate())
    asked["done since"] = questions(browser, "desk:run", later.reference)

    assert asked == {
        "meeting": 6,
        "record": 9,
        "record of an item": 6,
        "who does what": 7,
        "draft": 9,
        "put up": 6,
        "approved": 6,
        "for everyone": 6,
        "protocol for everyone": 4,
        "plan": 7,
        "actions": 3,
        "done since": 9,
    }


@pytest.mark.parametrize("number", LONG)
def test_a_notice_to_many_asks_as_much_as_one_to_few(number, center, elmira):
    meeting = with_agenda(make_published_meeting(center), number, elmira)
    with_guests(meeting, number * 3 // 2)
    browser = signed_in(elmira)
    guest = meeting.invited.first()

    asked = {
        "invited": questions(browser, "desk:invited", meeting.reference),
        "sheet": questions(browser, "desk:sheet", meeting.reference),
        "guest": questions(Client(), "invited:answer", SIGNER.sign(guest.reference)),
    }

    # Both pages also ask who became a member since.
    assert asked == {"invited": 6, "sheet": 6, "guest": 3}
