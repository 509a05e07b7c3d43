"""The secretary's pages: an agenda in order, and what was decided on each item."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.workflow import Level, Status

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

    # Session, person with service; the meeting, its items with what others left to it,
    # what can be put on it, what was proposed, the members, the actions.
    with django_assert_num_queries(8):
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
    post(elmira, "add_topic", meeting, topic_ky="Суу", topic_ru="Вода")

    topic = {"topic_ky": "Жарык", "topic_ru": "Свет"}
    answer = post(cholpon, "add_topic", meeting, **topic)

    assert answer.status_code == 409
    assert answer.context["topic_form"]["topic_ky"].value() == "Жарык"
    assert int(answer.context["topic_form"]["version"].value()) == meeting.version + 1


@pytest.mark.parametrize(
    ("who", "opened"),
    [("elmira", [200, 200, 200]), ("bakyt", [404, 404, 200]), ("daniyar", [404] * 3)],
)
def test_the_list_names_the_meetings_that_one_may_open(who, opened, center, request):
    draft, old_draft, published = (
        make_meeting(center),
        make_meeting(center, starts_at=timezone.now() - timedelta(days=1)),
        make_published_meeting(center),
    )
    browser = signed_in(request.getfixturevalue(who))

    page = browser.get(reverse("desk:meetings")).content.decode()

    meetings = [draft, old_draft, published]
    assert [browser.get(page_of(one)).status_code for one in meetings] == opened
    listed = [page_of(one) in page for one in meetings]
    assert listed == [status == 200 for status in opened]


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


def test_a_button_of_an_old_page_promises_no_words(center, elmira):
    meeting = make_meeting(center, version=3)
    path = reverse("desk:publish_meeting", args=[meeting.reference])

    answer = signed_in(elmira).post(path, {"version": 2})

    assert answer.status_code == 409
    assert "кайра басыңыз" in answer.content.decode()
    assert "сөздөрүңүз" not in answer.content.decode()


def test_the_reason_of_a_second_cancelling_is_given_back(center, elmira):
    meeting = make_published_meeting(center, status="cancelled", version=3)
    path = reverse("desk:cancel_meeting", args=[meeting.reference])
    reason = {"reason_ky": "ЖОЛ ЖАБЫК", "reason_ru": "ДОРОГА ЗАКРЫТА"}

    answer = signed_in(elmira).post(path, reason | {"version": 2})

    assert answer.status_code == 409
    assert "ЖОЛ ЖАБЫК" in answer.content.decode()
