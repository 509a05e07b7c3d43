"""The page of one action, and what is pressed on it."""

import pytest

from concerns.workflow import Level, Status
from meetings import actions

from .factories import (
    COUNCIL,
    POLICE,
    make_approved,
    make_concern,
    make_hidden_category,
    partner_of,
    signed_in,
)
from .planning import (
    promise,
    put,
    running_meeting,
    today,
)
from .test_meetings_doing import (
    DONE,
    LIST,
    do,
    page_of,
    path_of,
    said,
)

pytestmark = pytest.mark.django_db


# The page of one action


def test_one_action_stands_whole_on_its_page(center, elmira, bakyt):
    concern = make_approved(center)
    action = promise(
        center,
        concern,
        person=elmira,
        funding_ky="Бюджет",
        funding_ru="Бюджет",
        indicator_ky="Жарык күйөт",
        indicator_ru="Свет горит",
    )
    action.co_executors.add(partner_of(center, POLICE))

    page = page_of(bakyt, path_of(action))

    for words in (
        *("Чыракты алмаштыруу", "Заменить фонарь", "Чечим", "Бюджет", "Жарык күйөт"),
        *(elmira.full_name, concern.number, concern.get_desk_url(), "police, ky"),
        action.decision.item.meeting.get_desk_url(),
    ):
        assert words in page


def test_a_concern_that_one_may_not_know_of_is_not_among_those_it_answers(
    center, elmira, jamila, cholpon
):
    action = promise(center)
    hidden = make_concern(
        center, make_hidden_category(COUNCIL), status=Status.IN_PROGRESS
    )
    unapproved = make_concern(center, status=Status.IN_PROGRESS)
    action.decision.answers.add(hidden, unapproved)

    seen = {
        person: [one.number in page_of(person, path_of(action)) for one in concerns]
        for person in (elmira, jamila)
        for concerns in [(hidden, unapproved)]
    }

    assert seen == {elmira: [False, True], jamila: [True, False]}


@pytest.mark.parametrize("who", ["cholpon", "elmira", "bakyt", "nurlan"])
def test_what_became_confidential_is_gone_with_its_actions(who, center, request):
    person = request.getfixturevalue(who)
    concern = make_approved(center)
    action = promise(center, concern)
    assert action.number in page_of(person, LIST)

    type(concern).objects.filter(pk=concern.pk).update(
        level=Level.CONFIDENTIAL, published_at=None
    )

    assert action.number not in page_of(person, LIST)
    assert signed_in(person).get(path_of(action)).status_code == 404


def test_what_was_taken_back_by_its_reporter_leaves_the_action(center, elmira):
    concern = make_approved(center, status=Status.WITHDRAWN, published_at=None)
    action = promise(center, concern)

    do(actions.step, action, elmira, target=DONE, note="Жасалды")

    assert "Жасалды" in page_of(elmira, path_of(action))


def test_before_a_meeting_has_ended_nobody_reads_what_it_gave_out(center, elmira):
    action = promise(center, meeting=running_meeting(center))

    assert action.number not in page_of(elmira, LIST)
    assert signed_in(elmira).get(path_of(action)).status_code == 404


def test_a_closed_item_is_the_members_alone(center, nurlan, olga):
    action = promise(center, is_closed=True)

    page = page_of(nurlan, path_of(action))

    assert "Чыракты алмаштыруу" in page
    assert signed_in(olga).get(path_of(action)).status_code == 404


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_desk_leads_to_a_page_that_everyone_reads_and_to_no_other(
    is_closed, center, elmira
):
    action = promise(center, is_closed=is_closed)

    page = page_of(elmira, path_of(action))

    assert (action.get_absolute_url() in page) is not is_closed


# What is pressed there


SENT = {
    "done": {"note": "Жаңы чырак", "finished_on": today()},
    "not-done": {"note": "Акча жок"},
    "progress": {"note": "Чырак келди"},
    "term": {"note": "Кар жаады", "due_on": today(10)},
    "person": {"person": ""},
}


def send(browser, action, name, version=None, **words):
    version = action.version if version is None else version
    return browser.post(path_of(action, name), {"version": version} | words)


@pytest.mark.parametrize("name", SENT)
def test_each_act_is_done_by_its_button_and_comes_back(name, center, elmira):
    action = promise(center, person=elmira)

    answer = send(signed_in(elmira), action, name, **SENT[name])

    assert answer.status_code == 302
    assert answer["Location"] == path_of(action)
    assert action.changes.count() == 1


def test_what_was_done_is_taken_up_again_by_its_button(center, elmira):
    action = put(promise(center), DONE)

    answer = send(signed_in(elmira), action, "again", note="Кайра өчтү")

    assert answer.status_code == 302
    assert said(action) == [("status", "done", "open", "Кайра өчтү")]


@pytest.mark.parametrize("name", ["done", "not-done", "progress", "term"])
def test_without_words_the_page_comes_back_with_what_is_wrong(name, center, elmira):
    action = promise(center)

    answer = send(signed_in(elmira), action, name, **SENT[name] | {"note": " "})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{name}_note_error"' in page
    assert not action.changes.exists()


def test_a_day_to_come_is_refused_and_the_words_stay(center, elmira):
    words = {"note": "Жаңы чырак коюлду", "finished_on": today(1)}

    answer = send(signed_in(elmira), promise(center), "done", **words)

    assert answer.status_code == 422
    assert words["note"] in answer.content.decode()


@pytest.mark.parametrize("name", ["done", "not-done", "progress", "term"])
def test_pressed_twice_it_is_said_once(name, center, elmira):
    action, browser = promise(center), signed_in(elmira)

    answers = [send(browser, action, name, 0, **SENT[name]) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert action.changes.count() == 1


def test_pressed_twice_it_is_said_once_whatever_is_noted_between(center, elmira):
    action, browser = promise(center), signed_in(elmira)
    answers = [send(browser, action, "done", 0, **SENT["done"])]
    action.changes.create(kind="photo", new="added", by=elmira)

    answers.append(send(browser, action, "done", 0, **SENT["done"]))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert action.changes.count() == 2


def test_other_things_said_in_the_same_words_are_not_called_sent(center, elmira):
    action, browser = promise(center), signed_in(elmira)
    words = SENT["done"]["note"]
    send(browser, action, "progress", 0, note=words)

    answer = send(browser, action, "done", 0, **SENT["done"])

    assert answer.status_code == 409
    assert [line.kind for line in action.changes.all()] == ["progress"]


def test_done_on_another_day_is_not_called_sent(center, elmira):
    action, browser = promise(center), signed_in(elmira)
    send(browser, action, "done", 0, **SENT["done"] | {"finished_on": f"{today()}"})
    other = SENT["done"] | {"finished_on": f"{today(-1)}"}

    answer = send(browser, action, "done", 0, **other)

    action.refresh_from_db()
    assert answer.status_code == 409
    assert action.finished_on == today()


def test_named_twice_it_is_one_person(center, elmira):
    action, browser = promise(center), signed_in(elmira)
    person = {"person": elmira.memberships.get().reference}

    answers = [send(browser, action, "person", 0, **person) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert action.changes.count() == 1


def test_what_a_closed_item_answered_is_named_nowhere(center, elmira):
    action = promise(center, is_closed=True)
    concern = make_approved(center)
    action.decision.answers.add(concern)

    assert concern.number not in page_of(elmira, path_of(action))


@pytest.mark.parametrize("name", SENT)
def test_who_was_slower_sees_the_new_state_and_his_words(name, center, elmira, cholpon):
    action = promise(center)
    do(actions.step, action, cholpon, target=DONE, note="Мен жасадым")

    answer = send(signed_in(elmira), action, name, 0, **SENT[name])

    page = answer.content.decode()
    assert answer.status_code == 409
    assert SENT[name].get("note", "") in page
    assert action.changes.count() == 1


def test_who_was_slower_sends_the_kept_words_again(center, elmira, cholpon):
    action, browser = promise(center), signed_in(elmira)
    do(actions.note_progress, action, cholpon, note="Чырак келди")

    answer = send(browser, action, "done", 0, **SENT["done"])

    assert answer.status_code == 409
    assert 'name="version" value="1"' in answer.content.decode()
    assert send(browser, action, "done", 1, **SENT["done"]).status_code == 302


def test_there_is_no_other_act(center, elmira):
    browser, action = signed_in(elmira), promise(center)

    assert browser.post(path_of(action, "confirm")).status_code == 404
    assert browser.get(path_of(action, "done"))["Location"] == path_of(action)


def test_a_person_of_another_side_is_no_choice(center, elmira, bakyt):
    action = promise(center)
    other = bakyt.memberships.get().reference

    answer = send(signed_in(elmira), action, "person", person=other)

    assert answer.status_code == 422
    assert not action.changes.exists()
