"""What the secretary fills in: given back with a mistake, or when it comes too late."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from concerns.workflow import Level
from meetings import actions
from meetings.models import Meeting

from .factories import (
    a_working_day,
    make_category,
    make_meeting,
    make_published_meeting,
    signed_in,
)
from .planning import act, agenda, registered

pytestmark = pytest.mark.django_db


# The secretary's pages


def post(user, name, *args, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=args), fields)


def form(**fields):
    return {
        "kind": "joint",
        "day": f"{a_working_day():%Y-%m-%d}",
        "hour": "14:30",
        "minutes": "90",
        "venue_ky": "Айыл өкмөтү",
        "venue_ru": "Айыл окмоту",
        "is_open": "on",
    } | fields


def test_a_meeting_is_scheduled_by_day_and_hour_of_the_place(center, elmira):
    response = post(elmira, "new_meeting", center.slug, **form())

    meeting = Meeting.objects.get()
    starts_at = timezone.localtime(meeting.starts_at)
    assert response["Location"] == meeting.get_desk_url()
    assert starts_at.date() == a_working_day()
    assert (starts_at.hour, starts_at.minute) == (14, 30)
    assert meeting.is_open


def test_a_meeting_may_be_closed(center, elmira):
    fields = form()
    del fields["is_open"]

    post(elmira, "new_meeting", center.slug, **fields)

    assert not Meeting.objects.get().is_open


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "party"),
        ("day", ""),
        ("day", "31.02.2027"),
        ("day", "2020-01-01"),
        ("hour", "25:00"),
        ("hour", "\0"),
        ("minutes", "14"),
        ("minutes", "601"),
        ("minutes", "-1"),
        ("venue_ky", ""),
        ("venue_ru", "к" * 201),
    ],
)
def test_a_meeting_with_a_mistake_is_given_back(field, value, center, elmira):
    response = post(elmira, "new_meeting", center.slug, **form(**{field: value}))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert not Meeting.objects.exists()


def test_who_may_not_schedule_is_told_so(center, bakyt):
    assert post(bakyt, "new_meeting", center.slug, **form()).status_code == 403


def test_for_a_stranger_there_is_nothing_to_schedule(center, daniyar):
    assert post(daniyar, "new_meeting", center.slug, **form()).status_code == 404


def test_a_stale_change_shows_the_new_state_and_keeps_the_words(center, elmira):
    meeting = make_meeting(center, version=5)

    response = post(
        elmira,
        "edit_meeting",
        meeting.reference,
        **form(version=4, venue_ky="Менин жайым"),
    )

    assert response.status_code == 409
    assert "Менин жайым" in response.content.decode()
    assert response.context["form"]["version"].value() == 5


def test_a_stale_change_keeps_the_day_the_hour_and_that_it_is_closed(center, elmira):
    meeting = make_meeting(center, version=5)
    fields = form(version=4, hour="09:15")
    del fields["is_open"]

    response = post(elmira, "edit_meeting", meeting.reference, **fields)

    kept = response.context["form"]
    assert (kept["day"].value(), kept["hour"].value()) == (fields["day"], "09:15")
    assert not kept["is_open"].value()


def test_a_stale_topic_keeps_its_words(center, elmira):
    meeting = make_meeting(center, version=5)

    response = post(
        elmira,
        "add_topic",
        meeting.reference,
        version=4,
        topic_ky="Менин маселем",
        topic_ru="Мой вопрос",
    )

    assert response.status_code == 409
    assert "Менин маселем" in response.content.decode()
    assert not meeting.items.exists()


def test_a_draft_of_a_meeting_can_be_changed(center, elmira):
    meeting = make_meeting(center)

    response = post(
        elmira, "edit_meeting", meeting.reference, **form(version=0, minutes="60")
    )

    meeting.refresh_from_db()
    assert response["Location"] == meeting.get_desk_url()
    assert meeting.minutes == 60


@pytest.mark.parametrize("reference", ["", "00000000", "\0", "к", "1" * 100])
def test_a_concern_that_is_not_there_is_refused(reference, center, elmira):
    meeting = make_meeting(center)

    response = post(
        elmira, "add_concern", meeting.reference, version=0, concern=reference
    )

    assert response.status_code == 422
    assert not meeting.items.exists()


def test_a_confidential_concern_is_refused_by_the_form_too(center, cholpon):
    meeting = make_meeting(center)
    concern = registered(center, make_category(Level.CONFIDENTIAL))

    response = post(
        cholpon, "add_concern", meeting.reference, version=0, concern=concern.reference
    )

    assert response.status_code == 422
    assert concern.number not in response.content.decode()


def test_the_order_of_a_meeting_that_was_held_stands(three_topics, elmira):
    Meeting.objects.update(status=Meeting.Status.HELD)

    with pytest.raises(ValidationError):
        act(actions.shift, three_topics, elmira, place=1, up=False)


@pytest.mark.parametrize(
    ("do", "order"), [("up", "бав"), ("down", "авб"), ("remove", "ав")]
)
def test_the_agenda_is_arranged_by_buttons(do, order, three_topics, elmira):
    post(elmira, "arrange", three_topics.reference, version=0, place=2, do=do)

    assert agenda(three_topics) == list(order)


@pytest.mark.parametrize("place", ["", "-1", "9", "\0", "x"])
def test_a_place_that_is_not_there_changes_nothing(place, three_topics, elmira):
    response = post(
        elmira, "arrange", three_topics.reference, version=0, place=place, do="up"
    )

    assert response.status_code == 422
    assert agenda(three_topics) == ["а", "б", "в"]


def test_a_button_that_is_not_there_changes_nothing(three_topics, elmira):
    response = post(
        elmira, "arrange", three_topics.reference, version=0, place=2, do="burn"
    )

    assert response.status_code == 422
    assert agenda(three_topics) == ["а", "б", "в"]


def test_a_cancelled_meeting_needs_a_reason_in_both_languages(center, elmira):
    meeting = make_published_meeting(center)

    response = post(
        elmira,
        "cancel_meeting",
        meeting.reference,
        version=0,
        reason_ky="Жол жабык",
        reason_ru="",
    )

    meeting.refresh_from_db()
    assert response.status_code == 422
    assert meeting.is_planned
