"""A closed item: its place is public, and nothing else of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import AgendaItem, Meeting

from .factories import (
    make_action,
    make_approved,
    make_decision,
    make_meeting,
    make_published_meeting,
    make_topic,
    put_on_agenda,
    signed_in,
)
from .minutes import put_up
from .planning import act

pytestmark = pytest.mark.django_db

SECRET = {"topic_ky": "Жашыруун", "topic_ru": "Тайное"}


def post(user, name, meeting, **fields):
    meeting.refresh_from_db()
    path = reverse(f"desk:{name}", args=[meeting.reference])
    return signed_in(user).post(path, {"version": meeting.version} | fields)


def public_page(meeting, language=""):
    return Client().get(language + meeting.get_absolute_url()).content.decode()


@pytest.fixture
def held(center):
    return make_published_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(hours=2),
    )


@pytest.mark.parametrize(
    ("language", "words"), [("", "Жабык маселе"), ("/ru", "Закрытый вопрос")]
)
def test_everyone_reads_that_there_is_one_and_nothing_of_it(language, words, held):
    item = make_topic(held, is_closed=True, **SECRET)
    decision = make_decision(item)
    make_action(decision)
    make_topic(held, topic_ky="Күзөт", topic_ru="Күзөт")

    page = public_page(held, language)

    hidden = [*SECRET.values(), "Чечим", "Решение", "Чыракты", "Заменить"]
    assert words in page
    assert "Күзөт" in page
    assert [text for text in hidden if text in page] == []


def test_a_member_reads_it_and_that_it_is_closed(held, nurlan):
    make_decision(make_topic(held, is_closed=True, **SECRET))

    page = signed_in(nurlan).get(held.get_desk_url()).content.decode()

    assert "Жашыруун" in page
    assert "Жабык маселе" in page
    assert "Чечим" in page


@pytest.mark.parametrize(
    ("tick", "is_closed"), [({"is_closed": "on"}, True), ({}, False)]
)
def test_it_is_closed_by_a_tick_when_it_is_added(tick, is_closed, center, elmira):
    meeting = make_meeting(center)

    post(elmira, "add_topic", meeting, **SECRET, **tick)

    assert meeting.items.get().is_closed is is_closed


def test_it_is_closed_and_opened_by_buttons(center, elmira):
    meeting = make_meeting(center)
    item = make_topic(meeting)

    for word, is_closed in (("close", True), ("open", False)):
        answer = post(elmira, "arrange", meeting, place=1, do=word)
        item.refresh_from_db()
        assert answer["Location"] == f"{meeting.get_desk_url()}#item-1"
        assert item.is_closed is is_closed


def test_it_may_be_closed_after_the_meeting_too(held, elmira):
    make_topic(held, **SECRET)

    act(actions.set_closed, held, elmira, place=1, is_closed=True)

    assert "Жашыруун" not in public_page(held)


def test_once_its_protocol_is_up_no_button_closes_it(held, elmira):
    make_topic(held)
    before = signed_in(elmira).get(held.get_desk_url()).content.decode()
    put_up(held, elmira)

    page = signed_in(elmira).get(held.get_desk_url()).content.decode()

    assert 'value="close"' in before
    assert 'value="close"' not in page


def test_a_concern_is_not_closed_but_has_a_level(center, elmira):
    meeting = make_meeting(center)
    put_on_agenda(meeting, make_approved(center))

    with pytest.raises(ValidationError):
        act(actions.set_closed, meeting, elmira, place=1, is_closed=True)

    page = signed_in(elmira).get(meeting.get_desk_url()).content.decode()
    assert 'value="close"' not in page


def test_the_database_links_no_closed_item_to_a_concern(center):
    item = put_on_agenda(make_meeting(center), make_approved(center))

    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(is_closed=True)


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "jamila"])
def test_who_only_takes_part_closes_nothing(who, center, request):
    meeting = make_published_meeting(center)
    make_topic(meeting)

    with pytest.raises(PermissionDenied):
        act(
            actions.set_closed,
            meeting,
            request.getfixturevalue(who),
            place=1,
            is_closed=True,
        )


def test_a_closed_meeting_is_on_no_public_page(center):
    meeting = make_published_meeting(center, is_open=False, venue_ky="Жашыруун жай")
    make_topic(meeting, **SECRET)
    concern = make_approved(center)
    put_on_agenda(meeting, concern)

    paths = ["", "meetings/", "meetings.ics", f"concerns/{concern.reference}/"]
    pages = [Client().get(f"/{center.slug}/{path}").content.decode() for path in paths]

    signs = [meeting.reference, meeting.number, "Жашыруун"]
    assert [sign for sign in signs for page in pages if sign in page] == []
