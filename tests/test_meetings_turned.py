"""What became confidential while it stood on an agenda is nowhere on it any more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.actions import set_level
from concerns.workflow import Level
from meetings.forms.recording import EndForm
from meetings.models import Action
from meetings.views.doing import to_judge

from .factories import (
    make_approved,
    make_meeting,
    make_published_meeting,
    make_work_photo,
    put_on_agenda,
    signed_in,
)
from .planning import ended_meeting, held_meeting, promise, put, running_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(center, cholpon):
    """A concern that became confidential while it stood on agendas."""
    return make_approved(center, status="in_progress")


def becomes_confidential(concern, by):
    set_level(concern=concern, level=Level.CONFIDENTIAL, by=by, version=concern.version)


def send(user, name, *where, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=where), fields)


def test_what_became_confidential_is_planned_no_more(center, gone, cholpon, elmira):
    meeting = make_meeting(center)
    put_on_agenda(meeting, gone)
    becomes_confidential(gone, cholpon)

    answer = send(elmira, "plan_item", meeting.reference, 1, version=0, minutes="5")

    assert answer.status_code == 404


def test_an_agenda_of_which_nothing_is_left_is_called_empty(
    center, gone, cholpon, elmira
):
    meeting = make_meeting(center, starts_at=timezone.now() + timedelta(days=40))
    put_on_agenda(meeting, gone)
    becomes_confidential(gone, cholpon)

    answer = send(elmira, "publish_meeting", meeting.reference, version=0)

    assert answer.status_code == 422


def test_what_became_confidential_is_not_missed_at_the_end(
    center, gone, cholpon, elmira
):
    meeting = running_meeting(center)
    put_on_agenda(meeting, gone)
    becomes_confidential(gone, cholpon)
    form = EndForm(meeting=meeting)
    hours = {name: f"{form.initial[name]:%H:%M}" for name in ("began", "ended")}

    answer = send(elmira, "end_meeting", meeting.reference, version=0, **hours)

    assert answer.status_code == 302


def test_no_meeting_judges_what_became_confidential(center, gone, cholpon, elmira):
    action = put(promise(center, gone), Action.Status.DONE)
    later = held_meeting(center)
    becomes_confidential(gone, cholpon)

    answer = send(elmira, "judge", later.reference, action.reference)

    assert to_judge(later, elmira) == []
    assert answer.status_code == 404


def test_nobody_shows_photos_of_work_that_became_confidential(
    center, gone, cholpon, elmira
):
    photo = make_work_photo(promise(center, gone), by=elmira)
    becomes_confidential(gone, cholpon)

    answer = send(elmira, "action_photo", photo.action.reference, photo.name)

    assert answer.status_code == 404


def test_a_meeting_that_was_held_is_not_to_come(center, elmira):
    held, planned = ended_meeting(center), make_meeting(center)

    context = signed_in(elmira).get(reverse("desk:meetings")).context

    assert list(context["coming"]) == [planned]
    assert list(context["past"]) == [held]


def test_for_everyone_too_what_was_held_is_not_to_come(center):
    held, planned = ended_meeting(center), make_published_meeting(center)

    context = Client().get(reverse("meetings:list", args=[center.slug])).context

    assert list(context["coming"]) == [planned]
    assert list(context["past"]) == [held]
