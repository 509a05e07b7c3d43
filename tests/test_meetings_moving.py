"""A meeting that was moved says so until it was held; calendars count its changes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from centers.actions import end_membership
from centers.permissions import Permission, need
from meetings import actions
from meetings.actions import Stale
from meetings.models import Meeting

from .factories import make_meeting, make_published_meeting, make_topic, signed_in
from .planning import act

pytestmark = pytest.mark.django_db


def public_page(meeting, language=""):
    return Client().get(language + meeting.get_absolute_url()).content.decode()


MOVED = {"": "Бул жыйын жылдырылды.", "/ru": "Это заседание перенесено."}


@pytest.fixture
def meeting(center):
    return make_published_meeting(
        center,
        starts_at=timezone.make_aware(timezone.datetime(2031, 3, 3, 14, 0)),
        venue_ky="Клуб",
        venue_ru="Клуб на площади",
    )


@pytest.mark.parametrize(
    ("language", "was"),
    [("", "2031-жылдын 3-марты, 14:00"), ("/ru", "3 марта 2031 г., 14:00")],
)
def test_the_public_page_says_from_when_it_was_moved(language, was, meeting, elmira):
    later = meeting.starts_at + timedelta(days=7)

    act(actions.replan, meeting, elmira, starts_at=later)

    page = public_page(meeting, language)
    assert MOVED[language] in page
    assert was in page


@pytest.mark.parametrize(
    ("language", "was"), [("", "Клуб"), ("/ru", "Клуб на площади")]
)
def test_the_public_page_says_from_where_it_was_moved(language, was, meeting, elmira):
    act(actions.replan, meeting, elmira, venue_ky="Мектеп", venue_ru="Школа")

    page = public_page(meeting, language)
    assert MOVED[language] in page
    assert was in page


def test_a_change_of_venue_does_not_hide_that_the_day_changed(meeting, elmira):
    act(
        actions.replan, meeting, elmira, starts_at=meeting.starts_at + timedelta(days=7)
    )
    act(actions.replan, meeting, elmira, venue_ky="Мектеп", venue_ru="Школа")

    page = public_page(meeting)
    assert "2031-жылдын 3-марты, 14:00" in page
    assert "Клуб" in page


def test_the_list_marks_what_was_moved(meeting, elmira):
    act(
        actions.replan, meeting, elmira, starts_at=meeting.starts_at + timedelta(days=7)
    )

    page = Client().get(f"/{meeting.center.slug}/meetings/").content.decode()
    assert "Жылдырылды" in page


def test_the_desk_says_it_too(meeting, elmira, nurlan):
    act(actions.replan, meeting, elmira, venue_ky="Мектеп", venue_ru="Школа")

    page = signed_in(nurlan).get(meeting.get_desk_url()).content.decode()
    assert "Мурда белгиленген" in page
    assert "Клуб" in page


@pytest.mark.parametrize("status", ["held", "cancelled"])
def test_it_is_not_said_of_what_was_held_or_cancelled(status, meeting, elmira):
    act(
        actions.replan, meeting, elmira, starts_at=meeting.starts_at + timedelta(days=7)
    )
    Meeting.objects.update(status=status)

    assert MOVED[""] not in public_page(meeting)


def test_a_draft_is_not_moved_but_planned(center, elmira):
    meeting = make_meeting(center)

    act(
        actions.replan, meeting, elmira, starts_at=meeting.starts_at + timedelta(days=7)
    )
    act(actions.publish, meeting, elmira)

    assert MOVED[""] not in public_page(meeting)


@pytest.mark.parametrize("plan", [{"minutes": 45}, {"kind": "urgent"}])
def test_another_length_or_kind_is_no_move(plan, meeting, elmira):
    act(actions.replan, meeting, elmira, **plan)

    assert MOVED[""] not in public_page(meeting)


def sequence(meeting):
    meeting.refresh_from_db()
    return meeting.sequence


@pytest.mark.parametrize(
    "plan",
    [
        {"starts_at": timezone.now() + timedelta(days=9)},
        {"minutes": 45},
        {"kind": "urgent"},
        {"venue_ky": "Мектеп"},
        {"venue_ru": "Школа"},
        {"is_open": False},
    ],
)
def test_calendars_count_every_change_of_the_plan(plan, meeting, elmira):
    act(actions.replan, meeting, elmira, **plan)

    assert sequence(meeting) == 1


def test_calendars_count_that_it_is_published_and_cancelled(center, elmira):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)
    assert sequence(meeting) == 1
    act(actions.cancel, meeting, elmira, reason_ky="а", reason_ru="б")
    assert sequence(meeting) == 2


def test_calendars_do_not_count_what_stays_as_it_is(meeting, elmira):
    make_topic(meeting)
    act(actions.add_topic, meeting, elmira, topic_ky="а", topic_ru="б")
    act(actions.shift, meeting, elmira, place=1, up=False)
    act(actions.replan, meeting, elmira, minutes=meeting.minutes, kind=meeting.kind)
    act(actions.publish, meeting, elmira)

    assert sequence(meeting) == 0


def test_every_change_notes_when_it_was_made(meeting, elmira):
    Meeting.objects.update(changed_at=timezone.now() - timedelta(days=1))

    act(actions.add_topic, meeting, elmira, topic_ky="а", topic_ru="б")

    meeting.refresh_from_db()
    assert timezone.now() - meeting.changed_at < timedelta(minutes=1)


def test_a_draft_is_thrown_away_with_its_agenda(center, elmira):
    draft = make_meeting(center)
    make_topic(draft)
    path = reverse("desk:discard_meeting", args=[draft.reference])

    answer = signed_in(elmira).post(path, {"version": draft.version})

    assert answer["Location"] == reverse("desk:meetings")
    assert not Meeting.objects.exists()


def test_what_was_published_is_cancelled_and_not_thrown_away(meeting, elmira):
    with pytest.raises(ValidationError):
        act(actions.discard, meeting, elmira)

    assert Meeting.objects.exists()


def test_a_draft_thrown_away_twice_leads_to_the_list(center, elmira):
    draft = make_meeting(center)
    path = reverse("desk:discard_meeting", args=[draft.reference])

    browser = signed_in(elmira)
    answers = [browser.post(path, {"version": 0}) for _ in range(2)]

    assert [answer.url for answer in answers] == [reverse("desk:meetings")] * 2


def test_a_draft_that_is_gone_meanwhile_is_not_there(center, elmira):
    draft = make_meeting(center)
    act(actions.discard, Meeting.objects.get(), elmira)

    with pytest.raises(Stale):
        actions.publish(meeting=draft, by=elmira, version=0)


def test_who_serves_no_more_by_the_time_it_is_his_turn_does_nothing(
    center, cholpon, elmira
):
    draft = make_meeting(center)
    by = SimpleLazyObject(lambda: elmira)  # as a request has him
    need(by, Permission.SCHEDULE_MEETING, center)
    end_membership(membership=elmira.memberships.get(), by=cholpon)

    with pytest.raises(PermissionDenied):
        actions.publish(meeting=draft, by=by, version=0)
