"""The letter that there is news, where it is news of what was promised to her."""

import pytest

from concerns.models import NewsAddress
from meetings import actions

from .factories import (
    COUNCIL,
    make_action,
    make_approved,
    make_decision,
    partner_of,
    put_on_agenda,
)
from .following import follow, read
from .planning import ended_meeting, promise, put, running_meeting, today
from .test_meetings_doing import DONE, OPEN, do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


@pytest.fixture
def concern(center):
    """A concern of somebody who asked for letters, and has looked since."""
    concern = make_approved(center)
    NewsAddress.objects.create(concern=concern, email="aida@example.org")
    return concern


@pytest.fixture
def told(mailoutbox, django_capture_on_commit_callbacks):
    """Give a function that does something and returns how many letters went out."""

    def told(act, *args, **fields):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **fields)
        return len(mailoutbox)

    return told


def test_she_is_told_once_until_she_looks(center, concern, elmira, aida, told):
    action = promise(center, concern)
    said = [
        told(do, actions.note_progress, action, elmira, note="Чырак келди"),
        told(do, actions.step, action, elmira, target=DONE, note="Чырак күйөт"),
    ]
    follow(aida, concern)
    read(aida)
    said.append(told(do, actions.step, action, elmira, target=OPEN, note="Өчтү"))

    assert said == [1, 0, 1]


def test_who_does_it_is_no_news(center, concern, elmira, told):
    action = promise(center, concern)

    assert told(do, actions.give_to, action, elmira, person=elmira) == 0


def test_what_was_decided_is_news_when_the_meeting_has_ended(
    center, concern, elmira, told
):
    meeting = running_meeting(center)
    decision = make_decision(put_on_agenda(meeting, concern))
    decision.answers.add(concern)
    make_action(decision)

    assert told(actions.end, meeting=meeting, by=elmira, version=0) == 1


def test_what_a_meeting_says_of_it_is_news_when_that_has_ended(
    center, concern, elmira, told
):
    action = put(promise(center, concern), DONE)
    meeting = running_meeting(center)
    judged = {"action": action, "meeting": meeting, "version": action.version}

    said = [
        told(actions.judge, **judged, by=elmira, target=OPEN, note="Өчүп калат"),
        told(actions.end, meeting=meeting, by=elmira, version=0),
    ]

    assert said == [0, 1]


def test_what_is_recorded_after_the_end_is_news_at_once(center, concern, elmira, told):
    meeting = ended_meeting(center)
    decision = make_decision(put_on_agenda(meeting, concern))
    decision.answers.add(concern)
    words = {"text_ky": "Чырак", "text_ru": "Фонарь", "due_on": today(9)}

    letters = told(
        actions.add_action,
        **{"meeting": meeting, "place": 1, "by": elmira, "version": 0},
        **{"partner": partner_of(center, COUNCIL), **words},
    )

    assert letters == 1


def test_who_is_answered_after_the_end_is_told_and_nobody_else(
    center, concern, elmira, told
):
    earlier = make_approved(center)
    NewsAddress.objects.create(concern=earlier, email="gulnara@example.org")
    action = promise(center, earlier)
    meeting = action.decision.item.meeting

    letters = told(
        actions.answer,
        **{"meeting": meeting, "place": 1, "by": elmira, "version": 0},
        concerns=[earlier, concern],
    )

    assert letters == 1
    assert NewsAddress.objects.get(concern=concern).told_at
    assert NewsAddress.objects.get(concern=earlier).told_at is None


@pytest.mark.parametrize("closed", ["meeting", "item"])
def test_of_what_she_does_not_read_she_is_not_told(
    closed, center, concern, elmira, told
):
    if closed == "meeting":
        action = promise(center, meeting=ended_meeting(center, is_open=False))
    else:
        action = promise(center, is_closed=True)
    action.decision.answers.add(concern)

    assert told(do, actions.note_progress, action, elmira, note="Чырак келди") == 0
