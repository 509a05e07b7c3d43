"""The secretary's pages: an agenda in order, and what was decided on each item."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.workflow import Level, Status
from meetings.models import Decision, Meeting

from .factories import (
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_meeting,
    make_published_meeting,
    make_topic,
    put_on_agenda,
    signed_in,
)

pytestmark = pytest.mark.django_db


def page_of(meeting):
    return reverse("desk:meeting", args=[meeting.reference])


def post(user, name, meeting, **fields):
    return signed_in(user).post(
        reverse(f"desk:{name}", args=[meeting.reference]),
        {"version": meeting.version} | fields,
    )


@pytest.mark.parametrize("number", [1, 10])
def test_an_agenda_asks_as_much_for_one_item_as_for_ten(
    center, cholpon, number, django_assert_num_queries
):
    meeting = make_meeting(center)
    for _ in range(number):
        put_on_agenda(meeting, make_concern(center))
    client = signed_in(cholpon)
    client.get(page_of(meeting))

    # Session, person with service; the meeting, its items, which of them she may open,
    # and what else can be put on it.
    with django_assert_num_queries(6):
        client.get(page_of(meeting))


def test_an_item_is_moved_up_and_taken_off(center, cholpon):
    meeting = make_meeting(center)
    first, second = make_topic(meeting), make_topic(meeting)

    post(cholpon, "arrange", meeting, place=2, do="up")
    meeting.refresh_from_db()
    assert list(meeting.items.all()) == [second, first]

    post(cholpon, "arrange", meeting, place=1, do="remove")
    assert list(meeting.items.all()) == [first]


def test_a_topic_written_on_an_old_agenda_is_kept(center, cholpon, elmira):
    meeting = make_meeting(center)
    topic = {"topic_ky": "Жарык", "topic_ru": "Свет"}
    post(elmira, "add_topic", meeting, **topic)

    answer = post(cholpon, "add_topic", meeting, **topic)

    assert answer.status_code == 409
    assert answer.context["topic_form"]["topic_ky"].value() == "Жарык"
    assert int(answer.context["topic_form"]["version"].value()) == meeting.version + 1


def test_a_decision_refused_keeps_its_words_at_its_own_item(center, cholpon):
    meeting = make_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(days=1),
    )
    make_topic(meeting)
    make_topic(meeting)

    answer = post(cholpon, "decide", meeting, place=2, text_ky="Чечилди", text_ru="")

    assert answer.status_code == 422
    first, second = answer.context["items"]
    assert not first.form.is_bound
    assert second.form["text_ky"].value() == "Чечилди"
    assert not Decision.objects.exists()


def test_an_officer_opens_only_what_he_may_read(center, bakyt, nurlan):
    hidden_from_him = give(make_concern(center), "residents", nurlan)
    summarised = make_approved(center, make_category(Level.RESTRICTED))
    meeting = make_published_meeting(center)
    put_on_agenda(meeting, hidden_from_him)
    put_on_agenda(meeting, summarised)

    answer = signed_in(bakyt).get(page_of(meeting))

    assert answer.context["readable"] == {summarised.reference}
    assert hidden_from_him.number in answer.content.decode()


def test_a_confidential_concern_is_not_offered_for_an_agenda(center, cholpon):
    confidential = make_concern(
        center, make_category(Level.CONFIDENTIAL), status=Status.REGISTERED
    )
    restricted = make_concern(
        center, make_category(Level.RESTRICTED), status=Status.REGISTERED
    )
    give(restricted, POLICE)
    meeting = make_meeting(center)

    form = signed_in(cholpon).get(page_of(meeting)).context["concern_form"]

    assert list(form.fields["concern"].queryset) == [restricted]
    assert confidential.number not in str(form)
