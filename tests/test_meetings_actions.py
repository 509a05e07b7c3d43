"""A meeting: planned, published, held, and decided at, by those who plan alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import JournalEntry
from meetings import actions
from meetings.actions import Stale
from meetings.models import Meeting

from .factories import (
    make_meeting,
    make_published_meeting,
    make_topic,
)
from .planning import act, public_page, registered

pytestmark = pytest.mark.django_db


# Planning


PLAN = {"kind": "joint", "venue_ky": "Айыл өкмөтү", "venue_ru": "Айыл окмоту"}


@pytest.mark.parametrize("who", ["cholpon", "elmira"])
def test_coordinator_and_council_schedule_a_meeting(who, center, request):
    tomorrow = timezone.now() + timedelta(days=1)

    meeting = actions.schedule(
        center=center, by=request.getfixturevalue(who), starts_at=tomorrow, **PLAN
    )

    assert meeting.is_planned
    assert not meeting.is_published


@pytest.mark.parametrize(
    "who",
    ["bakyt", "nurlan", "farida", "jamila", "olga", "daniyar", "emil", "sultan"],
)
def test_others_schedule_none(who, center, request):
    with pytest.raises(PermissionDenied):
        actions.schedule(
            center=center,
            by=request.getfixturevalue(who),
            starts_at=timezone.now(),
            **PLAN,
        )


ACTS = {
    "replan": lambda **seen: actions.replan(minutes=30, **seen),
    "publish": actions.publish,
    "cancel": lambda **seen: actions.cancel(reason_ky="а", reason_ru="б", **seen),
    "begin": actions.begin,
    "topic": lambda **seen: actions.add_topic(topic_ky="а", topic_ru="б", **seen),
    "concern": lambda **seen: actions.add_concern(
        concern=registered(seen["meeting"].center), **seen
    ),
    "shift": lambda **seen: actions.shift(place=2, up=True, **seen),
    "remove": lambda **seen: actions.remove(place=1, **seen),
    "close": lambda **seen: actions.set_closed(place=1, is_closed=True, **seen),
}
every_act = pytest.mark.parametrize("name", ACTS)


@every_act
def test_who_saw_an_older_version_is_told_and_changes_nothing(name, center, elmira):
    meeting = make_meeting(center, version=2)

    with pytest.raises(Stale):
        ACTS[name](meeting=meeting, by=elmira, version=1)

    meeting.refresh_from_db()
    assert (meeting.version, meeting.items.count()) == (2, 0)


@every_act
def test_who_only_takes_part_changes_nothing(name, center, bakyt):
    meeting = make_published_meeting(center)

    with pytest.raises(PermissionDenied):
        ACTS[name](meeting=meeting, by=bakyt, version=0)


@every_act
def test_for_a_stranger_the_meeting_is_not_there(name, center, daniyar):
    meeting = make_published_meeting(center)

    with pytest.raises(actions.Stale):
        ACTS[name](meeting=meeting, by=daniyar, version=0)


def test_a_planned_meeting_is_moved_to_another_day(center, elmira):
    meeting = make_meeting(center)
    later = meeting.starts_at + timedelta(days=7)

    act(actions.replan, meeting, elmira, starts_at=later)

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.version) == (later, 1)


@pytest.mark.parametrize("status", ["held", "cancelled"])
@pytest.mark.parametrize("name", ["replan", "cancel", "begin", "topic", "remove"])
def test_what_was_held_or_cancelled_is_planned_no_more(name, status, center, elmira):
    meeting = make_meeting(
        center, status=status, starts_at=timezone.now() - timedelta(days=1)
    )
    make_topic(meeting)

    with pytest.raises(ValidationError):
        act(ACTS[name], meeting, elmira)


# Who sees it


def test_a_draft_is_seen_by_those_who_plan(center, elmira, bakyt, nurlan):
    meeting = make_meeting(center)

    assert Meeting.objects.visible_to(elmira).get() == meeting
    assert not Meeting.objects.visible_to(bakyt).exists()
    assert not Meeting.objects.visible_to(nurlan).exists()
    assert public_page(meeting).status_code == 404


def test_publishing_shows_it_to_everyone(center, elmira, bakyt):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)

    assert Meeting.objects.visible_to(bakyt).exists()
    assert public_page(meeting).status_code == 200


def test_publishing_is_journalled(center, elmira):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)

    line = JournalEntry.objects.get(kind="published")
    assert (line.by_id, line.subject) == (elmira.pk, meeting.reference)


def test_publishing_twice_is_publishing_once(center, elmira):
    meeting = make_meeting(center)
    act(actions.publish, meeting, elmira)
    meeting.refresh_from_db()
    first = meeting.published_at

    act(actions.publish, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.published_at == first
    assert JournalEntry.objects.count() == 1


def test_a_closed_meeting_is_for_the_members(center, elmira, bakyt, nurlan, olga):
    meeting = make_published_meeting(center, is_open=False)

    assert Meeting.objects.visible_to(bakyt).exists()
    assert Meeting.objects.visible_to(nurlan).exists()
    assert not Meeting.objects.visible_to(olga).exists()
    assert public_page(meeting).status_code == 404
    assert meeting.number not in (
        Client().get(reverse("meetings:list", args=[center.slug])).content.decode()
    )


def test_a_meeting_of_another_centre_is_not_found_under_this_ones_address(
    center, other_center
):
    meeting = make_published_meeting(other_center)

    response = Client().get(
        reverse("meetings:detail", args=[center.slug, meeting.reference])
    )

    assert response.status_code == 404


def test_a_cancelled_meeting_says_why(center, elmira):
    meeting = make_published_meeting(center)

    act(
        actions.cancel,
        meeting,
        elmira,
        reason_ky="Жол жабык",
        reason_ru="Дорога закрыта",
    )

    page = public_page(meeting).content.decode()
    assert "Жол жабык" in page
