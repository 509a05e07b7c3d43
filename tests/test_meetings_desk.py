"""The secretary's pages: an agenda in order, and what was decided on each item."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.workflow import Level, Status
from meetings.forms import ActionForm
from meetings.models import Action, Decision, Meeting

from .factories import (
    COUNCIL,
    POLICE,
    SUPPORTER,
    give,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_meeting,
    make_published_meeting,
    make_topic,
    partner_of,
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
    topic = {"topic_ky": "Жарык", "topic_ru": "Свет"}
    post(elmira, "add_topic", meeting, **topic)

    answer = post(cholpon, "add_topic", meeting, **topic)

    assert answer.status_code == 409
    assert answer.context["topic_form"]["topic_ky"].value() == "Жарык"
    assert int(answer.context["topic_form"]["version"].value()) == meeting.version + 1


def test_a_decision_refused_keeps_its_words_at_its_own_item(center, cholpon):
    meeting = held_meeting(center)
    make_topic(meeting)
    make_topic(meeting)

    answer = post(cholpon, "decide", meeting, place=2, text_ky="Чечилди", text_ru="")

    assert answer.status_code == 422
    first, second = answer.context["items"]
    assert not first.forms["decision_form"].is_bound
    assert second.forms["decision_form"]["text_ky"].value() == "Чечилди"
    assert not Decision.objects.exists()


def held_meeting(center):
    return make_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(days=1),
    )


def who_does_what(**fields):
    return {
        "place": 1,
        "text_ky": "Чыракты алмаштыруу",
        "text_ru": "Заменить фонарь",
        "due_on": f"{timezone.localdate() + timedelta(days=10):%Y-%m-%d}",
    } | fields


def test_it_is_recorded_who_does_what_by_when(center, cholpon):
    item = make_topic(held_meeting(center))
    make_decision(item)

    partner = partner_of(center, COUNCIL)
    post(cholpon, "add_action", item.meeting, **who_does_what(partner=partner.pk))

    action = item.decision.actions.get()
    assert (action.partner, action.text_ky) == (partner, "Чыракты алмаштыруу")
    assert action.due_on == timezone.localdate() + timedelta(days=10)


def test_nothing_is_done_before_it_is_decided(center, cholpon):
    item = make_topic(held_meeting(center))
    partner = partner_of(center, COUNCIL)

    answer = post(
        cholpon, "add_action", item.meeting, **who_does_what(partner=partner.pk)
    )

    assert answer.status_code == 422
    assert not Action.objects.exists()


@pytest.mark.parametrize("days", [-2, 800])
def test_a_term_lies_after_the_meeting_and_in_sight(days, center, cholpon):
    item = make_topic(held_meeting(center))
    make_decision(item)
    due_on = timezone.localdate() + timedelta(days=days)
    words = who_does_what(
        partner=partner_of(center, COUNCIL).pk, due_on=f"{due_on:%d.%m.%Y}"
    )

    answer = post(cholpon, "add_action", item.meeting, **words)

    [item] = answer.context["items"]
    assert answer.status_code == 422
    assert item.forms["action_form"]["text_ky"].value() == words["text_ky"]
    assert set(item.forms["action_form"].errors) == {"due_on"}


def test_another_centres_partner_does_nothing_here(center, other_center, cholpon):
    item = make_topic(held_meeting(center))
    make_decision(item)
    partner = partner_of(other_center, COUNCIL)

    answer = post(
        cholpon, "add_action", item.meeting, **who_does_what(partner=partner.pk)
    )

    assert answer.status_code == 422
    assert not Action.objects.exists()


def test_an_item_is_left_to_another_meeting(center, cholpon):
    item = make_topic(held_meeting(center))

    post(cholpon, "postpone", item.meeting, place=1)

    item.refresh_from_db()
    assert item.status == "postponed"


def test_what_was_decided_is_not_postponed(center, cholpon):
    item = make_topic(held_meeting(center))
    make_decision(item)

    answer = post(cholpon, "postpone", item.meeting, place=1)

    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.status == "open"


def test_nothing_is_postponed_before_the_meeting(center, cholpon):
    item = make_topic(make_meeting(center))

    assert post(cholpon, "postpone", item.meeting, place=1).status_code == 422


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


def test_an_action_sent_twice_is_one(center, elmira):
    meeting = make_published_meeting(center, status="held")
    decision = make_decision(make_topic(meeting))
    fields = {
        "place": decision.item.order,
        "text_ky": "Чырак коюу",
        "text_ru": "Поставить фонарь",
        "partner": partner_of(center, COUNCIL).pk,
        "due_on": timezone.localdate() + timedelta(days=30),
    }
    path = reverse("desk:add_action", args=[meeting.reference])

    for version in (0, 1):
        signed_in(elmira).post(path, fields | {"version": version})

    assert decision.actions.count() == 1


def test_a_supporter_is_given_nothing_to_do(center, elmira, olga):
    form = ActionForm(meeting=make_published_meeting(center))

    names = [name for _value, name in form.fields["partner"].choices]

    assert partner_of(center, SUPPORTER).name not in names


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
