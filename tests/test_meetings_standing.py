"""What happens to a concern and to an action while they stand on an agenda."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from concerns.actions import set_level, withdraw
from concerns.workflow import Level
from meetings import actions
from meetings.models import Action, AgendaItem, Meeting

from .factories import (
    make_approved,
    make_category,
    make_decision,
    make_published_meeting,
    make_topic,
    put_action_on_agenda,
    put_on_agenda,
)
from .planning import act
from .test_meetings_waiting import (
    held,
    key,
    key_of_topic,
    late,
    late_action,
    left_over,
    meeting,
    page,
)

__all__ = ["late", "meeting"]

pytestmark = pytest.mark.django_db


# An action on an agenda


def test_an_item_is_not_both_a_concern_and_an_action(center, meeting, late):
    action = late_action(center)

    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.create(meeting=meeting, concern=late, action=action)


def test_an_action_stands_once_on_an_agenda(center, meeting):
    action = late_action(center)
    put_action_on_agenda(meeting, action)

    with pytest.raises(IntegrityError), transaction.atomic():
        put_action_on_agenda(meeting, action)


def public(meeting):
    return Client().get(meeting.get_absolute_url()).content.decode()


def published(center, elmira, item):
    """Put the action that was decided on an item on a published agenda."""
    meeting = make_published_meeting(center)
    action = late_action(center, item=item, text_ky="Чыракты оңдоо")
    act(actions.add_waiting, meeting, elmira, things=[key(action)])
    return meeting


def test_everyone_reads_the_action_of_an_open_item(center, elmira):
    meeting = published(center, elmira, make_topic(held(center)))

    assert meeting.items.get().public_name == "Тапшырма кандай аткарылды: Чыракты оңдоо"
    assert "Чыракты оңдоо" in public(meeting)


@pytest.mark.parametrize(
    ("fields", "is_open"), [({"is_closed": True}, True), ({}, False)]
)
def test_the_action_of_a_closed_item_or_meeting_stays_closed(
    fields, is_open, center, elmira
):
    item = make_topic(held(center, is_open=is_open), **fields)
    meeting = published(center, elmira, item)

    assert meeting.items.get().is_closed
    assert "Чыракты оңдоо" not in public(meeting)
    with pytest.raises(ValidationError):
        act(actions.set_closed, meeting, elmira, place=1, is_closed=False)


def test_an_item_that_is_closed_later_closes_what_follows_from_it(center, elmira):
    topic = left_over(make_topic(held(center)))
    action = late_action(center, item=topic, text_ky="Чыракты оңдоо")
    meeting = make_published_meeting(center)
    things = [key(action), key_of_topic(topic)]
    act(actions.add_waiting, meeting, elmira, things=things)

    act(actions.set_closed, topic.meeting, elmira, place=1, is_closed=True)

    assert "Чыракты оңдоо" not in public(meeting)
    assert topic.topic_ky not in public(meeting)


def test_the_action_of_a_concern_that_is_not_published_is_not_named(center, elmira):
    concern = make_approved(center, make_category(Level.RESTRICTED))
    meeting = published(center, elmira, put_on_agenda(held(center), concern))
    item = meeting.items.get()
    make_decision(item)
    Meeting.objects.filter(pk=meeting.pk).update(
        status="held", began_at=timezone.now(), ended_at=timezone.now()
    )

    shown = public(meeting)

    assert "Чыракты оңдоо" not in shown
    assert "Чечим" not in shown
    assert concern.reference not in shown
    assert "Чыракты оңдоо" in page(elmira, meeting)


@pytest.mark.parametrize(("level", "number"), [("public", 2), ("restricted", 0)])
def test_what_was_decided_on_an_action_is_public_where_its_concern_is(
    level, number, center, elmira
):
    concern = make_approved(center, make_category(level))
    first = late_action(center, item=put_on_agenda(held(center, ago=30), concern))
    later = put_action_on_agenda(held(center), first)

    late_action(center, item=later)

    assert Action.objects.public().count() == number
    assert Action.objects.visible_to(elmira).count() == 2


# What becomes of a concern while it stands there


def test_a_concern_that_became_confidential_leaves_an_empty_place(
    center, elmira, cholpon
):
    meeting = make_published_meeting(center)
    make_topic(meeting, topic_ky="Биринчи")
    concern = put_on_agenda(meeting, make_approved(center)).concern
    make_topic(meeting, topic_ky="Үчүнчү")

    set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    for shown in (page(cholpon, meeting), public(meeting)):
        assert concern.number not in shown
        assert concern.title_ky not in shown
    assert [item.order for item in meeting.items.shown()] == [1, 3]


def test_a_concern_that_was_taken_back_leaves_an_empty_place(center, elmira):
    meeting = make_published_meeting(center)
    concern = put_on_agenda(meeting, make_approved(center)).concern
    assert concern.title_ky in public(meeting)

    withdraw(concern=concern)

    for shown in (page(elmira, meeting), public(meeting)):
        assert concern.number not in shown
        assert concern.title_ky not in shown


def test_what_was_decided_before_it_was_taken_back_stays_in_the_record(center, elmira):
    item = put_on_agenda(held(center), make_approved(center))
    AgendaItem.objects.filter(pk=item.pk).update(status="decided")
    make_decision(item)

    withdraw(concern=item.concern)

    assert "Чечим" in page(elmira, item.meeting)
