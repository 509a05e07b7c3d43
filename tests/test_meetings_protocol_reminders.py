"""Who is reminded that a meeting has no approved protocol yet."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting, ProtocolReminder

from .factories import (
    make_published_meeting,
)
from .minutes import ended_meeting, put_up
from .planning import act

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(django_capture_on_commit_callbacks, settings):
    """Give a function that reminds as each day does, and returns its letters."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def run():
        mail.outbox = []
        with django_capture_on_commit_callbacks(execute=True):
            actions.remind_of_protocols()
        return mail.outbox

    return run


def over(center, days, **fields):
    at = timezone.now() - timedelta(days=days, hours=2)
    fields = {"starts_at": at, "began_at": at, "ended_at": at + timedelta(hours=1)}
    return ended_meeting(center, **fields)


@pytest.mark.parametrize(
    ("age", "letters"), [(2, 0), (3, 2), (6, 2), (7, 2), (13, 2), (15, 0)]
)
def test_those_who_plan_are_reminded(
    age, letters, center, cholpon, elmira, bakyt, nurlan, days
):
    over(center, age)

    assert len(days()) == letters


def test_a_letter_tells_of_the_meeting_and_goes_to_those_who_plan(
    center, cholpon, bakyt, days
):
    meeting = over(center, 3)

    [letter] = days()

    assert letter.to == [cholpon.email]
    assert meeting.get_desk_url() in letter.body


def test_the_day_reminds(center, cholpon):
    meeting = over(center, 3)

    call_command("daily", stdout=StringIO())

    assert ProtocolReminder.objects.get().meeting == meeting


def test_nobody_is_reminded_twice(center, cholpon, days):
    meeting = over(center, 3)

    assert len(days()) == 1
    assert len(days()) == 0
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=meeting.starts_at - timedelta(days=4),
        began_at=meeting.began_at - timedelta(days=4),
        ended_at=meeting.ended_at - timedelta(days=4),
    )
    assert len(days()) == 1
    assert len(days()) == 0
    assert set(ProtocolReminder.objects.values_list("days", flat=True)) == {3, 7}


def test_of_a_meeting_that_nobody_recorded_one_is_reminded_too(center, cholpon, days):
    at = timezone.now() - timedelta(days=4)
    make_published_meeting(center, starts_at=at)
    make_published_meeting(center, starts_at=at, status="cancelled")

    assert len(days()) == 1


def test_of_what_is_up_for_approval_nobody_is_reminded(
    center, cholpon, elmira, bakyt, days
):
    meeting = over(center, 3)
    put_up(meeting, elmira)

    assert days() == []
    actions.decline(meeting=meeting, version=1, by=bakyt, words="Ката")
    assert len(days()) == 2


def test_of_a_meeting_that_was_moved_when_its_day_was_over_one_is_reminded_anew(
    center, cholpon, days
):
    at = timezone.now() - timedelta(days=4)
    meeting = make_published_meeting(center, starts_at=at)
    assert len(days()) == 1

    act(actions.replan, meeting, cholpon, starts_at=timezone.now() + timedelta(days=1))
    Meeting.objects.update(starts_at=at)

    assert len(days()) == 1
