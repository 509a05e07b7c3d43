"""One chain from either end: what was raised, decided, done, and confirmed by whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concerns.workflow import Level, Status
from meetings import actions
from meetings.models import Action

from .factories import (
    make_action,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_published_meeting,
    put_action_on_agenda,
    put_on_agenda,
    signed_in,
)
from .planning import ended_meeting, promise, running_meeting
from .test_meetings_doing import CONFIRMED, DONE, do, put, today

pytestmark = pytest.mark.django_db


def page(thing, language=""):
    response = Client().get(language + thing.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_everyone_reads_the_whole_chain_of_an_action(center, elmira):
    concern = make_approved(center, title_ky="Көчө караңгы")
    action = promise(center, concern, person=elmira, indicator_ky="Чырак күйөт")
    do(actions.put_off, action, elmira, due_on=today(3), note="Кар жаады")
    do(actions.step, action, elmira, target=DONE, note="Орнотулду")

    shown = page(action)

    for said in (
        *(concern.get_absolute_url(), "Көчө караңгы", "Чечим", "Чырак күйөт"),
        *(action.decision.item.meeting.get_absolute_url(), "council, ky"),
        f'datetime="{today(3):%Y-%m-%d}"',
    ):
        assert said in shown
    # What was said of it is for those who raised it, who said it for the desk.
    for kept in (elmira.full_name, "Кар жаады", "Орнотулду"):
        assert kept not in shown


def test_the_chain_leads_from_the_concern_to_each_action_and_back(center):
    concern = make_approved(center)
    of_its_own = put(promise(center, concern), DONE)
    of_a_topic = promise(center)
    of_a_topic.decision.answers.add(concern)

    shown = page(concern)

    for action in (of_its_own, of_a_topic):
        assert action.get_absolute_url() in shown
        assert concern.get_absolute_url() in page(action)
    assert '<span class="status done">' in shown


@pytest.mark.parametrize(("days", "is_said"), [(1, True), (-1, False)])
def test_only_what_is_to_come_is_called_planned(days, is_said, center):
    concern = make_approved(center)
    starts_at = timezone.now() + timedelta(days=days)
    put_on_agenda(make_published_meeting(center, starts_at=starts_at), concern)

    assert ('<span class="status planned">' in page(concern)) == is_said


@pytest.mark.parametrize("number", [1, 10])
def test_the_desk_asks_as_much_however_many_act_on_a_concern(
    number, center, cholpon, django_assert_num_queries
):
    concern = make_approved(center)
    decision = promise(center, concern).decision
    for _ in range(number - 1):
        make_action(decision)
    browser = signed_in(cholpon)
    browser.get(concern.get_desk_url())

    # Three are for the chain: its items, who acts on them, and with whom.
    with django_assert_num_queries(9):
        browser.get(concern.get_desk_url())


@pytest.mark.parametrize(
    "make",
    [
        lambda center: promise(center, meeting=running_meeting(center)),
        lambda center: promise(center, is_closed=True),
        lambda center: promise(center, meeting=ended_meeting(center, is_open=False)),
        lambda center: promise(center, make_concern(center, status=Status.IN_PROGRESS)),
    ],
)
def test_a_concern_does_not_lead_to_what_is_not_public(make, center):
    concern, action = make_approved(center), make(center)
    action.decision.answers.add(concern)

    shown = page(concern)

    assert action.reference not in shown
    assert action.decision.item.meeting.reference not in shown


def confirmed_by_a_meeting(center, by, **fields):
    action = put(promise(center, make_approved(center)), DONE)
    meeting = ended_meeting(center, **fields)
    type(meeting).objects.filter(pk=meeting.pk).update(starts_at=meeting.ended_at)
    do(actions.judge, action, by, meeting=meeting, target=CONFIRMED)
    return action, meeting


def test_it_says_which_meeting_confirmed_it_where_everyone_may_read_that(
    center, elmira
):
    action, meeting = confirmed_by_a_meeting(center, elmira)
    other, closed = confirmed_by_a_meeting(center, elmira, is_open=False)

    assert meeting.get_absolute_url() in page(action)
    assert closed.reference not in page(other)


@pytest.mark.parametrize(
    ("level", "is_said"), [(Level.PUBLIC, True), (Level.RESTRICTED, False)]
)
def test_that_residents_confirmed_it_betrays_no_concern(level, is_said, center):
    concern = make_approved(center, make_category(level))
    action = put(promise(center), DONE)
    action.decision.answers.add(concern)
    actions.say_as_reporter(action=action, concern=concern, is_done=True)

    shown = page(action, "/ru")

    assert ("Жители, которые об этом сообщили" in shown) == is_said
    assert (concern.reference in shown) == is_said


def test_nothing_tells_a_hidden_resident_from_a_closed_meeting(center, elmira):
    action, _meeting = confirmed_by_a_meeting(center, elmira, is_open=False)
    by_a_meeting = page(action)
    action.changes.all().delete()
    hidden = make_concern(center, status=Status.IN_PROGRESS)
    action.decision.answers.add(hidden)
    put(action, DONE)
    actions.say_as_reporter(action=action, concern=hidden, is_done=True)

    by_a_resident = page(action)

    assert by_a_resident == by_a_meeting
    assert "Тарыхы" not in by_a_resident


@pytest.mark.parametrize("is_published", [True, False])
def test_what_goes_back_to_a_concern_is_told_where_that_is_published(
    is_published, center
):
    make = make_approved if is_published else make_concern
    first = promise(center, make(center))
    item = put_action_on_agenda(ended_meeting(center), first)
    action = make_action(make_decision(item))

    told = action.may_be_told, Action.objects.public().filter(pk=action.pk).exists()

    assert told == (is_published, is_published)


@pytest.mark.parametrize("number", [1, 10])
def test_on_the_desk_ten_actions_ask_as_much_as_one(
    number, center, cholpon, django_assert_num_queries
):
    concern = make_approved(center)
    decision = promise(center, concern).decision
    for _ in range(number - 1):
        make_action(decision)
    browser = signed_in(cholpon)
    browser.get(concern.get_desk_url())

    # Session, person with service; the concern, its history, messages and hands, and
    # of its chain the items, the actions and with whom.
    with django_assert_num_queries(9):
        shown = browser.get(concern.get_desk_url()).content.decode()

    assert decision.actions.last().get_desk_url() in shown
