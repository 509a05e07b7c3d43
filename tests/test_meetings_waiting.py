"""What waits for an agenda: who sees it, why it waits, and how it is put there."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from concerns.actions import set_level
from concerns.workflow import Level, Status
from meetings import actions
from meetings.models import Action, AgendaItem

from .factories import (
    POLICE,
    give,
    make_action,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_hidden_category,
    make_meeting,
    make_proposal,
    make_published_meeting,
    make_topic,
    put_action_on_agenda,
    put_on_agenda,
    signed_in,
)
from .planning import act

pytestmark = pytest.mark.django_db

POSTPONED = AgendaItem.Status.POSTPONED


def days(number):
    return timezone.localdate() + timedelta(days=number)


def held(center, ago=10, **fields):
    at = timezone.now() - timedelta(days=ago)
    fields = {"status": "held", "began_at": at, "ended_at": at} | fields
    return make_published_meeting(center, starts_at=at, **fields)


def left_over(item):
    AgendaItem.objects.filter(pk=item.pk).update(status=POSTPONED)
    item.refresh_from_db()
    return item


def late_action(center, **fields):
    item = fields.pop("item", None) or make_topic(held(center))
    return make_action(make_decision(item), **{"due_on": days(-1)} | fields)


def waiting(user, meeting):
    """Return the keys of what somebody who plans sees waiting, in their groups."""
    context = signed_in(user).get(meeting.get_desk_url()).context
    return [[thing.key for thing in group.things] for group in context["waiting"]]


def all_waiting(user, meeting):
    return [key for group in waiting(user, meeting) for key in group]


def press(user, meeting, *things, **fields):
    path = reverse("desk:add_waiting", args=[meeting.reference])
    fields = {"version": meeting.version, "things": things} | fields
    return signed_in(user).post(path, fields)


def page(user, meeting):
    return signed_in(user).get(meeting.get_desk_url()).content.decode()


def key(thing):
    kind = "concern" if thing._meta.model_name == "concern" else "action"
    return f"{kind}.{thing.reference}"


def key_of_topic(item):
    return f"topic.{item.meeting.reference}.{item.order}"


@pytest.fixture
def meeting(center):
    return make_meeting(center)


@pytest.fixture
def late(center):
    return make_approved(center, due_on=days(-2))


# What waits, and why


def test_each_thing_stands_once_in_the_group_of_its_first_reason(
    center, meeting, late, nurlan, elmira
):
    wished = make_approved(center, due_on=days(-5))
    make_proposal(wished, nurlan, words="Балдар караңгыда жүрөт")
    left = left_over(put_on_agenda(held(center), make_approved(center))).concern
    topic = left_over(make_topic(held(center)))
    action = late_action(center)
    supported = make_approved(center, supporters=9)

    assert waiting(elmira, meeting) == [
        [key(wished)],
        [key(left), key_of_topic(topic)],
        [key(late)],
        [key(action)],
        [key(supported)],
    ]


def test_every_reason_of_a_thing_is_said(center, meeting, nurlan, elmira):
    wished = make_approved(center, due_on=days(-5), supporters=12)
    make_proposal(wished, nurlan, words="Балдар караңгыда жүрөт")

    [group] = signed_in(elmira).get(meeting.get_desk_url()).context["waiting"]

    [thing] = group.things
    assert [wish.by for wish in thing.wishes] == [nurlan]
    assert len(thing.reasons) == 2
    assert "12" in thing.reasons[1]


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"due_on": days(-1)}, True),
        ({"due_on": days(0)}, False),
        ({}, False),
        ({"supporters": 5}, True),
        ({"supporters": 4}, False),
        ({"due_on": days(-1), "status": Status.RECEIVED}, False),
        ({"due_on": days(-1), "status": Status.CLOSED}, False),
    ],
)
def test_a_concern_waits_when_it_is_late_or_worries_many(
    fields, waits, center, meeting, elmira
):
    make_approved(center, **fields)

    assert bool(all_waiting(elmira, meeting)) is waits


def test_the_ten_that_worry_most_wait_the_most_first(center, meeting, elmira):
    concerns = [make_approved(center, supporters=5 + n) for n in range(12)]

    assert waiting(elmira, meeting) == [[key(c) for c in concerns[:1:-1]]]


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({}, True),
        ({"due_on": days(1)}, False),
        ({"due_on": days(1), "status": "not_done"}, True),
        ({"status": "done", "finished_on": days(0)}, False),
        ({"status": "confirmed", "finished_on": days(0)}, False),
    ],
)
def test_an_action_waits_when_it_is_late_or_not_done(
    fields, waits, center, meeting, elmira
):
    late_action(center, **fields)

    assert bool(all_waiting(elmira, meeting)) is waits


def test_an_action_of_a_meeting_that_is_not_over_waits_for_nothing(
    center, meeting, elmira
):
    late_action(center, item=make_topic(held(center, ended_at=None)))

    assert all_waiting(elmira, meeting) == []


def test_an_action_left_to_another_meeting_waits_before_its_day(
    center, meeting, elmira
):
    action = late_action(center, due_on=days(20))
    left_over(put_action_on_agenda(held(center, ago=5), action))

    assert all_waiting(elmira, meeting) == [key(action)]


def not_done(action, by, ago):
    """Let an action be not done since so many days."""
    Action.objects.filter(pk=action.pk).update(status="not_done")
    action.changes.create(
        **{"kind": "status", "new": "not_done", "side": "staff", "by": by},
        created_at=timezone.now() - timedelta(days=ago),
    )


@pytest.mark.parametrize(
    ("ago", "then", "waits"),
    [
        (3, "decided", False),
        (3, "noted", False),
        (3, "postponed", True),
        (3, "open", True),
        # Before it was not done.
        (8, "noted", True),
    ],
)
def test_what_is_not_done_waits_until_a_meeting_has_dealt_with_it(
    ago, then, waits, center, meeting, elmira
):
    action = late_action(center)
    not_done(action, elmira, ago=5)
    put_action_on_agenda(held(center, ago=ago), action, status=then)

    assert bool(all_waiting(elmira, meeting)) is waits


def test_what_was_dealt_with_and_left_to_another_meeting_since_waits(
    center, meeting, elmira
):
    action = late_action(center)
    not_done(action, elmira, ago=5)
    put_action_on_agenda(held(center, ago=3), action, status="noted")
    put_action_on_agenda(held(center, ago=2), action, status="postponed")

    assert all_waiting(elmira, meeting) == [key(action)]


def test_what_came_out_at_a_meeting_may_be_written_down_on_its_evening(
    center, meeting, elmira
):
    action = late_action(center)
    noon = timezone.localtime().replace(hour=12, minute=0) - timedelta(days=3)
    later = held(center, ended_at=noon)
    put_action_on_agenda(later, action, status="decided")
    not_done(action, elmira, ago=0)
    evening, next_day = noon + timedelta(hours=9), noon + timedelta(hours=20)

    waits = {}
    for moment in (evening, next_day):
        action.changes.update(created_at=moment)
        waits[moment] = bool(all_waiting(elmira, meeting))

    assert waits == {evening: False, next_day: True}


@pytest.mark.parametrize(
    ("then", "waits"),
    [("decided", False), ("noted", False), ("postponed", True), ("open", False)],
)
def test_a_concern_left_over_waits_until_a_later_meeting_takes_it_up(
    then, waits, center, meeting, elmira
):
    concern = make_approved(center)
    left_over(put_on_agenda(held(center, ago=20), concern))
    item = put_on_agenda(held(center, ago=5), concern)
    AgendaItem.objects.filter(pk=item.pk).update(status=then)

    assert bool(all_waiting(elmira, meeting)) is waits


@pytest.mark.parametrize(
    ("status", "waits"), [("held", False), ("planned", False), ("cancelled", True)]
)
def test_a_topic_left_over_waits_until_a_meeting_takes_it_up(
    status, waits, center, meeting, elmira
):
    topic = left_over(make_topic(held(center)))
    make_topic(make_published_meeting(center, status=status), carried_from=topic)

    assert bool(all_waiting(elmira, meeting)) is waits


def test_what_stands_on_an_agenda_to_come_does_not_wait(center, meeting, late, elmira):
    action = late_action(center)
    other = make_meeting(center)
    put_on_agenda(other, late)
    put_action_on_agenda(other, action)

    assert all_waiting(elmira, meeting) == []


def test_what_stood_on_an_agenda_that_was_cancelled_waits_again(
    center, meeting, late, elmira
):
    other = make_published_meeting(center)
    action = late_action(center)
    topic = left_over(make_topic(held(center)))
    things = [key(late), key(action), key_of_topic(topic)]
    act(actions.add_waiting, other, elmira, things=things)
    assert all_waiting(elmira, meeting) == []

    act(actions.cancel, other, elmira, reason_ky="Кар", reason_ru="Снег")

    assert sorted(all_waiting(elmira, meeting)) == sorted(things)
    # What is to be done stands in the plan as before.
    assert action in Action.objects.public()


@pytest.mark.parametrize(
    ("is_published", "ago", "waits"),
    [
        (False, -1, False),
        (False, 1, True),
        (True, 1, False),
        (True, 59, False),
        (True, 61, True),
    ],
)
def test_what_stood_on_an_agenda_that_nobody_held_waits_again(
    is_published, ago, waits, center, meeting, late, nurlan, elmira
):
    make = make_published_meeting if is_published else make_meeting
    other = make(center, starts_at=timezone.now() - timedelta(days=ago))
    action, topic = late_action(center), left_over(make_topic(held(center, ago=90)))
    wished = make_approved(center)
    make_proposal(wished, nurlan)
    for concern in (late, wished):
        put_on_agenda(other, concern)
    put_action_on_agenda(other, action)
    make_topic(other, carried_from=topic)
    things = [key(late), key(wished), key(action), key_of_topic(topic)]

    assert set(all_waiting(elmira, meeting)) == (set(things) if waits else set())
    # Its own agenda has it, whatever its day.
    assert all_waiting(elmira, other) == []
    with pytest.raises(ValidationError):
        act(actions.add_waiting, other, elmira, things=things)


def test_a_long_group_says_how_many_it_leaves_out(center, meeting, elmira):
    for number in range(32):
        make_approved(center, due_on=days(-number - 1))

    [group] = signed_in(elmira).get(meeting.get_desk_url()).context["waiting"]

    assert (len(group.shown), group.left_out) == (30, 2)


# Who may know of what


@pytest.mark.parametrize("who", ["elmira", "cholpon", "temir"])
@pytest.mark.parametrize("side", [(), ("police",), ("council",)])
def test_nothing_confidential_waits_for_anybody(who, side, center, meeting, request):
    category = make_hidden_category(*side) if side else make_category("confidential")
    hidden = make_concern(
        center,
        category,
        status=Status.IN_PROGRESS,
        due_on=days(-9),
        supporters=50,
        title_ky="ЖАШЫРУУН",
    )
    user = request.getfixturevalue(who)
    make_proposal(hidden, user, words="ЖАШЫРУУН")
    old = put_on_agenda(held(center), hidden)
    late_action(center, item=old, text_ky="ЖАШЫРУУН", text_ru="ЖАШЫРУУН")
    left_over(old)

    shown = page(user, meeting)

    assert all_waiting(user, meeting) == []
    assert "ЖАШЫРУУН" not in shown
    assert hidden.number not in shown


def test_an_action_on_an_action_on_a_concern_that_became_confidential_waits_not(
    center, meeting, elmira, cholpon
):
    concern = make_approved(center)
    first = late_action(center, item=put_on_agenda(held(center, ago=30), concern))
    later = held(center, ago=20)
    act(actions.add_waiting, make_meeting(center), elmira, things=[key(first)])
    item = AgendaItem.objects.get(action=first)
    AgendaItem.objects.filter(pk=item.pk).update(meeting=later)
    second = late_action(center, item=item, text_ky="Кайра суроо")
    act(actions.add_waiting, make_meeting(center), elmira, things=[key(second)])

    set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    assert not Action.objects.visible_to(elmira).exists()
    assert not AgendaItem.objects.visible_to(cholpon).exists()
    assert all_waiting(elmira, meeting) == []


def test_what_another_side_has_waits_for_who_may_know_of_it(
    center, meeting, elmira, cholpon
):
    theirs = give(
        make_concern(center, status=Status.IN_PROGRESS, due_on=days(-2)), POLICE
    )

    assert all_waiting(cholpon, meeting) == [key(theirs)]
    assert all_waiting(elmira, meeting) == []
    assert theirs.number not in page(elmira, meeting)


def test_nothing_of_another_centre_waits(center, other_center, late, daniyar, temir):
    late_action(center)
    left_over(make_topic(held(center)))

    assert all_waiting(daniyar, make_meeting(other_center)) == []


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "jamila", "farida"])
def test_who_only_takes_part_is_shown_nothing_that_waits(who, center, late, request):
    answer = signed_in(request.getfixturevalue(who)).get(
        make_published_meeting(center).get_desk_url()
    )

    assert "waiting" not in answer.context
    assert late.number not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("bakyt", 403), ("nurlan", 403), ("olga", 404), ("daniyar", 404), ("emil", 403)],
)
def test_nobody_else_puts_anything_there(who, status, center, late, request):
    meeting = make_published_meeting(center)

    answer = press(request.getfixturevalue(who), meeting, key(late))

    assert answer.status_code == status
    assert not meeting.items.exists()


# Put on the agenda


def test_all_that_is_ticked_is_put_there_at_once(center, meeting, late, elmira):
    topic = left_over(make_topic(held(center), topic_ky="Күзөт", is_closed=True))
    concern = make_approved(center)
    left = left_over(put_on_agenda(held(center), concern))
    action = late_action(center, item=put_on_agenda(held(center), concern))

    things = [key(late), key_of_topic(topic), key(action), key(concern)]
    answer = press(elmira, meeting, *things)

    meeting.refresh_from_db()
    first, second, third, fourth = meeting.items.all()
    assert answer["Location"] == meeting.get_desk_url()
    assert meeting.version == 1
    assert [item.order for item in meeting.items.all()] == [1, 2, 3, 4]
    assert first.concern == late
    assert (second.topic_ky, second.is_closed) == ("Күзөт", True)
    assert (second.carried_from, fourth.carried_from) == (topic, left)
    assert (third.action, third.about, third.concern) == (action, concern, None)
    assert all_waiting(elmira, meeting) == []


def test_what_a_closed_meeting_left_over_stays_closed(center, meeting, elmira):
    topic = left_over(make_topic(held(center, is_open=False), topic_ky="Күзөт"))

    press(elmira, meeting, key_of_topic(topic))

    assert meeting.items.get().is_closed


def test_what_cannot_stand_there_any_more_is_said_and_the_rest_is_added(
    center, meeting, late, elmira
):
    ended = make_approved(center, status=Status.CLOSED)
    done = late_action(center, status="done", finished_on=days(0))
    unknown = make_concern(center, make_hidden_category(POLICE))

    things = [key(ended), key(late), key(done), key(unknown), "concern.99999999"]
    answer = signed_in(elmira).post(
        reverse("desk:add_waiting", args=[meeting.reference]),
        {"version": 0, "things": things},
        follow=True,
    )

    words = [str(message) for message in answer.context["messages"]]
    assert meeting.items.get().concern == late
    assert any(ended.number in text for text in words)
    assert any(done.text_ky in text for text in words)
    assert not any(unknown.number in text for text in words)


def test_what_is_hidden_is_refused_in_the_words_of_what_is_not_there(
    center, meeting, elmira
):
    hidden = make_concern(
        center, make_hidden_category(POLICE), status=Status.REGISTERED
    )

    secret = put_on_agenda(held(center), make_concern(center, level="confidential"))
    things = [key(hidden), key(late_action(center, item=secret))]
    answers = [
        press(elmira, meeting, thing).context["waiting_form"].non_field_errors()
        for thing in (*things, "concern.99999999", "topic.99999999.1")
    ]

    assert answers == answers[:1] * 4


def test_another_centres_things_are_put_nowhere(
    center, other_center, meeting, temir, elmira
):
    foreign = make_approved(other_center, due_on=days(-2))
    theirs = late_action(other_center)
    topic = left_over(make_topic(held(other_center)))

    for thing in (key(foreign), key(theirs), key_of_topic(topic)):
        assert press(temir, meeting, thing).status_code == 422
    assert not meeting.items.exists()


@pytest.mark.parametrize(
    "things",
    [
        [],
        [""],
        ["concern"],
        ["topic.12345678"],
        ["action.\0"],
        ["concern.1234567٣"],
        ["topic.12345678.99999"],
        ["concern.12345678.3"],
    ],
)
def test_a_key_that_is_none_is_a_mistake(things, meeting, elmira):
    assert press(elmira, meeting, *things).status_code == 422
    assert not meeting.items.exists()


def test_who_ticked_nothing_is_told(meeting, late, elmira):
    answer = press(elmira, meeting)

    assert answer.status_code == 422
    assert answer.context["waiting_form"].errors["things"]


def test_two_who_press_at_once_put_it_there_once(meeting, late, elmira, cholpon):
    press(elmira, meeting, key(late))
    answer = press(cholpon, meeting, key(late), version=0)

    assert answer.status_code == 409
    assert meeting.items.count() == 1


def test_who_comes_too_late_keeps_what_he_ticked(center, meeting, late, elmira):
    other = make_approved(center, due_on=days(-2))
    press(elmira, meeting, key(late))

    shown = press(elmira, meeting, key(other), version=0).content.decode()

    assert f'value="{key(other)}" checked' in shown


def test_what_another_put_on_another_agenda_meanwhile_is_refused(
    center, meeting, late, elmira
):
    put_on_agenda(make_meeting(center), late)

    assert press(elmira, meeting, key(late)).status_code == 422
    assert not meeting.items.exists()


def test_what_is_ticked_twice_is_added_once(meeting, late, elmira):
    press(elmira, meeting, key(late), key(late))

    assert meeting.items.count() == 1


@pytest.mark.parametrize("status", ["held", "cancelled"])
def test_nothing_is_added_to_a_meeting_that_is_not_to_come(
    status, center, late, elmira
):
    meeting = make_published_meeting(center, status=status)

    assert press(elmira, meeting, key(late)).status_code == 422
    assert not meeting.items.exists()


# How much is asked


@pytest.mark.parametrize("number", [1, 60])
def test_as_much_is_asked_for_many_rows_as_for_one(
    number, center, meeting, nurlan, elmira, django_assert_num_queries
):
    past = held(center)
    concerns = [make_approved(center, due_on=days(-2)) for _ in range(number)]
    for concern in concerns:
        make_proposal(concern, nurlan)
        left_over(make_topic(past))
        late_action(center, item=put_on_agenda(past, concern))
        make_topic(meeting, presenter=nurlan)
    browser = signed_in(elmira)
    browser.get(meeting.get_desk_url())

    # Session, person with service; the meeting, its items with what others left to it,
    # what can be put on it, what was proposed, the members, the actions.
    with django_assert_num_queries(8):
        browser.get(meeting.get_desk_url())


def test_a_thousand_concerns_are_no_more_questions(
    center, meeting, elmira, django_assert_max_num_queries
):
    for _ in range(1000):
        make_approved(center, due_on=days(-2), by=elmira)
    browser = signed_in(elmira)
    browser.get(meeting.get_desk_url())

    with django_assert_max_num_queries(8):
        answer = browser.get(meeting.get_desk_url())

    [group] = answer.context["waiting"]
    assert group.left_out == 970
