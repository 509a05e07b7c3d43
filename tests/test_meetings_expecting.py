"""What a meeting expects of a person is told where he looks."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Decision, Invited
from meetings.models.invited import answer_path

from .factories import (
    RESIDENTS,
    make_action,
    make_decision,
    make_meeting,
    make_membership,
    make_published_meeting,
    make_topic,
    signed_in,
)
from .minutes import approve, put_up, recorded_meeting
from .planning import act, ended_meeting, promise, running_meeting

pytestmark = pytest.mark.django_db
TODAY = reverse("desk:today")
MEETINGS = reverse("desk:meetings")


@pytest.fixture
def meeting(center, elmira, bakyt, nurlan):
    return recorded_meeting(center, elmira, bakyt, nurlan)


@pytest.mark.parametrize("place", ["today", "list", "page"])
def test_a_protocol_waits_for_each_side_until_it_has_approved(
    place, meeting, elmira, bakyt, nurlan
):
    address = {"today": TODAY, "list": MEETINGS, "page": meeting.get_desk_url()}[place]
    wish = "Протоколду окуп, бекитүү"
    version = put_up(meeting, elmira)

    assert wish in signed_in(bakyt).get(address).content.decode()

    approve(version, police=bakyt)
    assert wish not in signed_in(bakyt).get(address).content.decode()
    assert wish in signed_in(nurlan).get(address).content.decode()


def test_what_was_left_undone_hides_nothing_of_what_comes(center, elmira):
    for _ in range(20):
        ended_meeting(center)
    coming = make_published_meeting(center)

    assert coming.get_desk_url() in signed_in(elmira).get(TODAY).content.decode()


@pytest.mark.parametrize("place", ["today", "list", "page"])
def test_who_keeps_meetings_is_told_that_one_has_no_protocol(
    place, meeting, elmira, bakyt
):
    address = {"today": TODAY, "list": MEETINGS, "page": meeting.get_desk_url()}[place]
    button = "Протокол түзүү"

    assert button in signed_in(elmira).get(address).content.decode()
    assert button not in signed_in(bakyt).get(address).content.decode()

    put_up(meeting, elmira)
    assert button not in signed_in(elmira).get(address).content.decode()


@pytest.mark.parametrize("place", ["today", "list", "page"])
def test_a_member_answers_his_invitation_from_the_desk(place, center, cholpon, bakyt):
    meeting = make_meeting(center)
    act(actions.publish, meeting, cholpon)
    address = {"today": TODAY, "list": MEETINGS, "page": meeting.get_desk_url()}[place]
    desk = signed_in(bakyt).get(address).content.decode()
    link = meeting.invited.get(user=bakyt).link.removeprefix(settings.SITE_URL)
    assert "Келер-келбесиңизди айтыңыз" in desk
    assert f'href="{link}"' in desk

    Client().post(link, {"answer": "no"})

    desk = signed_in(bakyt).get(address).content.decode()
    assert "Сиз келбейсиз" in desk
    assert "Жообумду өзгөртүү" in desk


def test_who_keeps_meetings_answers_for_a_member(center, cholpon, bakyt):
    meeting = make_meeting(center)
    act(actions.publish, meeting, cholpon)

    page = signed_in(cholpon).get(reverse("desk:invited", args=[meeting.reference]))

    assert answer_path(meeting.invited.get(user=bakyt).reference) in str(page.content)


def test_where_nobody_can_be_written_to_it_is_said_why(center, cholpon, bakyt):
    meeting = make_meeting(center)
    act(actions.publish, meeting, cholpon)

    address = reverse("desk:remind_invited", args=[meeting.reference])
    page = signed_in(cholpon).post(address, follow=True)

    assert "Аларга чалыңыз" in page.content.decode()


def test_an_empty_agenda_is_published_only_for_sure(center, cholpon):
    meeting = make_meeting(center, starts_at=timezone.now() + timedelta(days=30))
    address = reverse("desk:publish_meeting", args=[meeting.reference])
    typed = {"version": meeting.version}

    asked = signed_in(cholpon).post(address, typed)
    meeting.refresh_from_db()
    assert (asked.status_code, meeting.is_published) == (422, False)
    assert "Күн тартиби бош" in asked.content.decode()

    signed_in(cholpon).post(address, typed | {"sure": "on"})
    meeting.refresh_from_db()
    assert meeting.is_published


@pytest.fixture
def open_meeting(center, elmira):
    """A meeting that goes on, with one topic that nobody dealt with."""
    meeting = running_meeting(center)
    make_topic(meeting, topic_ky="Көчө жарыгы")
    return meeting


def send(user, name, meeting, *place, **fields):
    address = reverse(f"desk:{name}", args=[meeting.reference, *place])
    return signed_in(user).post(address, fields)


def test_an_end_with_items_left_is_noted_only_for_sure(open_meeting, elmira):
    hours = {"began": "00:00", "ended": "00:00", "version": open_meeting.version}

    asked = send(elmira, "end_meeting", open_meeting, **hours)
    open_meeting.refresh_from_db()
    assert (asked.status_code, open_meeting.has_ended) == (422, False)
    assert "Көчө жарыгы" in asked.content.decode().split('role="alert"')[1]

    send(elmira, "end_meeting", open_meeting, **hours, sure="on")
    open_meeting.refresh_from_db()
    assert open_meeting.has_ended


def test_who_came_is_noted_with_the_end(center, open_meeting, elmira):
    own = elmira.memberships.get()
    who = {f"came_{own.partner_id}": own.pk, "women_14-28": 3, "men_14-28": ""}
    hours = {"began": "00:00", "ended": "00:00", "version": open_meeting.version}

    page = signed_in(elmira).get(reverse("desk:run", args=[open_meeting.reference]))
    asked = send(elmira, "end_meeting", open_meeting, **hours, **who)
    ended = send(elmira, "end_meeting", open_meeting, **hours, **who, sure="on")

    # One form: what is ticked comes along with the end, also where it is asked again.
    for name in ("began", "ended"):
        field = page.context["end_form"].fields[name]
        assert field.widget.attrs["form"] == "attendance"
    form = asked.context["attendance_form"]
    assert form["women_14-28"].value() == "3"
    assert ended.status_code == 302
    assert open_meeting.attendances.get(came=True).membership == own
    assert open_meeting.turnouts.get().number == 3


def test_an_end_at_which_nobody_is_noted_is_asked_about(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting, status="noted")
    hours = {"began": "00:00", "ended": "00:00", "version": meeting.version}

    asked = send(elmira, "end_meeting", meeting, **hours, **{"women_14-28": ""})

    assert asked.context["is_empty"]
    meeting.refresh_from_db()
    assert not meeting.has_ended


def test_hours_sent_alone_leave_who_came_as_it_is(open_meeting, elmira):
    own = elmira.memberships.get()
    open_meeting.attendances.create(membership=own, came=True)
    hours = {"began": "00:00", "ended": "00:00", "version": open_meeting.version}

    send(elmira, "end_meeting", open_meeting, **hours, sure="on")

    assert open_meeting.attendances.get(membership=own).came


@pytest.mark.parametrize("name", ["run", "run_item"])
def test_what_would_be_refused_is_not_offered(name, meeting, elmira):
    place = [1] if name == "run_item" else []
    address = reverse(f"desk:{name}", args=[meeting.reference, *place])
    assert 'class="record"' in signed_in(elmira).get(address).content.decode()

    put_up(meeting, elmira)

    page = signed_in(elmira).get(address).content.decode()
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    assert "«Мында ката бар»" in page


def twice(user, name, meeting, **fields):
    fields |= {"version": meeting.version}
    return [send(user, name, meeting, **fields).status_code for _ in range(2)]


def test_pressed_twice_it_is_saved_once(center, cholpon, elmira, open_meeting):
    planned = make_published_meeting(center)
    topic = {"topic_ky": "Суу", "topic_ru": "Вода"}
    assert twice(cholpon, "add_topic", planned, **topic) == [302, 302]
    assert planned.items.count() == 1

    begun = make_published_meeting(center, starts_at=timezone.now())
    assert twice(cholpon, "begin_meeting", begun) == [302, 302]

    own = elmira.memberships.get()
    came = {f"came_{own.partner_id}": own.pk, "women_14-28": 3}
    assert twice(elmira, "attend", open_meeting, **came) == [302, 302]

    open_meeting.refresh_from_db()
    hours = {"began": "00:00", "ended": "00:00", "sure": "on"}
    assert twice(elmira, "end_meeting", open_meeting, **hours) == [302, 302]


def test_an_agenda_that_is_pressed_twice_is_changed_once(cholpon, center):
    planned = make_published_meeting(center)
    make_topic(planned)
    where = [planned, 1]
    minutes = {"version": 0, "minutes": 5, "topic_ky": "Суу", "topic_ru": "Вода"}
    closed = {"version": 1, "do": "close", "place": 1}

    answers = [send(cholpon, "plan_item", *where, **minutes) for _ in range(2)]
    answers += [send(cholpon, "arrange", planned, **closed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302] * 4
    planned.refresh_from_db()
    assert planned.version == 2


@pytest.mark.parametrize(
    ("number", "votes", "taken"),
    [(8, (5, 2, 1), True), (7, (5, 2, 1), False), (8, (2, 2, 0), False)],
)
def test_a_vote_is_of_those_who_came_and_for_the_decision(
    number, votes, taken, open_meeting, elmira
):
    open_meeting.turnouts.create(sex="women", band="14-28", number=number)
    names = ["votes_for", "votes_against", "votes_abstained"]
    typed = {"version": 0, "outcome": "decided", "text_ky": "Чечим", "way": "vote"}

    send(
        elmira,
        "run_item",
        open_meeting,
        1,
        **typed,
        **dict(zip(names, votes, strict=True)),
    )

    assert Decision.objects.exists() is taken


def test_guests_vote_too_and_who_serves_twice_votes_once(center, open_meeting, elmira):
    make_membership(center, RESIDENTS, user=elmira)
    for membership in elmira.memberships.all():
        open_meeting.attendances.create(membership=membership, came=True)
    Invited.objects.create(meeting=open_meeting, name="Имам", came=True)
    votes = {"votes_against": 0, "votes_abstained": 0}
    typed = {"version": 0, "outcome": "decided", "text_ky": "Чечим", "way": "vote"}
    typed |= votes

    refused = send(elmira, "run_item", open_meeting, 1, **typed, votes_for=3)
    taken = send(elmira, "run_item", open_meeting, 1, **typed, votes_for=2)

    assert (refused.status_code, taken.status_code) == (422, 302)


def test_votes_beside_a_consensus_are_asked_about(open_meeting, elmira):
    typed = {"version": 0, "outcome": "decided", "text_ky": "Чечим"}

    answer = send(elmira, "run_item", open_meeting, 1, **typed, votes_for=3)

    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_an_action_upon_an_action_says_which(center, cholpon):
    first = promise(center, text_ky="Фонарь")
    item = make_topic(ended_meeting(center), action=first, topic_ky="", topic_ru="")
    second = make_action(make_decision(item))

    page = signed_in(cholpon).get(second.get_desk_url()).content.decode()

    assert "Фонарь" in page


def test_it_is_given_to_another_person_only_where_one_is_named(center, cholpon, elmira):
    title = "Башка адамга тапшыруу"
    free, named = promise(center), promise(center, person=elmira)

    pages = [
        signed_in(cholpon).get(action.get_desk_url()).content.decode()
        for action in (free, named)
    ]

    assert [title in page for page in pages] == [False, True]
    assert "Адамга тапшыруу" in pages[0]
