"""Where people find their actions: the list of all, and the first screen of a day."""

import pytest
from django.utils import timezone

from concerns.workflow import Level
from meetings.models import Action

from .factories import (
    COUNCIL,
    POLICE,
    make_action,
    make_concern,
    make_decision,
    make_topic,
    partner_of,
    signed_in,
)
from .planning import ended_meeting, promise, put, running_meeting, today

pytestmark = pytest.mark.django_db

DONE, CONFIRMED = "done", "confirmed"
LIST = "/desk/actions/"


def page_of(person, path):
    response = signed_in(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


# The list


def numbers_on(person, query=""):
    page = page_of(person, LIST + query)
    rows = page.split("<tbody>")[-1].split("</tbody>")[0] if "<tbody>" in page else ""
    return [
        action.number
        for action in sorted(
            (one for one in Action.objects.all() if one.number in rows),
            key=lambda one: rows.index(one.number),
        )
    ]


def test_the_longest_overdue_stands_first_and_what_ended_last(center, elmira):
    confirmed = put(promise(center, due_on=today(-50)), CONFIRMED)
    done = put(promise(center, due_on=today(-40)), DONE)
    later, soon, overdue = (promise(center, due_on=today(days)) for days in (30, 3, -3))

    found = numbers_on(elmira)

    order = [overdue, soon, later, done, confirmed]
    assert found == [action.number for action in order]


def test_one_looks_for_ones_own_for_what_is_overdue_and_by_status(
    center, other_center, bakyt, elmira
):
    police = partner_of(center, POLICE)
    own = promise(center, partner=police, due_on=today(2))
    late = promise(center, due_on=today(-1))
    done = put(promise(center, due_on=today(1)), DONE)

    queries = ("?whose=mine", "?state=overdue", "?state=done", "?state=nothing")
    found = {query: numbers_on(bakyt, query) for query in queries}

    assert found == {
        "?whose=mine": [own.number],
        "?state=overdue": [late.number],
        "?state=done": [done.number],
        "?state=nothing": [late.number, own.number, done.number],
    }


def test_who_serves_two_centres_looks_at_one_of_them(center, other_center, temir):
    here, there = promise(center), promise(other_center)

    assert sorted(numbers_on(temir)) == sorted([here.number, there.number])
    assert numbers_on(temir, "?center=aral") == [there.number]


def test_a_page_holds_forty(center, elmira):
    meeting = ended_meeting(center)
    decision = make_decision(make_topic(meeting))
    for number in range(41):
        make_action(decision, text_ky=f"Иш {number}")

    assert len(numbers_on(elmira)) == 40
    assert len(numbers_on(elmira, "?page=2")) == 1
    assert signed_in(elmira).get(f"{LIST}?page=3").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("olga", 403), ("emil", 403)])
def test_who_has_no_work_has_no_list(who, status, request):
    browser = signed_in(request.getfixturevalue(who))

    assert browser.get(LIST).status_code == status


# The first screen


def test_today_says_what_one_promised_for_these_days(center, bakyt, ruslan, elmira):
    police = partner_of(center, POLICE)
    own, of_side, of_colleague, far, foreign = (
        promise(center, partner=partner, person=person, due_on=today(days))
        for partner, person, days in (
            (police, bakyt, -3),
            (police, None, 7),
            (police, ruslan, -3),
            (police, bakyt, 8),
            (partner_of(center, COUNCIL), None, -3),
        )
    )
    done = put(promise(center, partner=police, due_on=today()), DONE)
    actions_there = (own, of_side, of_colleague, far, foreign, done)

    page = page_of(bakyt, "/desk/")

    assert [action.get_desk_url() in page for action in actions_there] == [
        *(True, True),
        *(False, False, False, False),
    ]
    assert f"{LIST}?whose=mine" in page


def test_today_says_nothing_of_what_is_confidential_or_still_being_written(
    center, bakyt
):
    mine = {"partner": partner_of(center, POLICE), "person": bakyt}
    secret = promise(center, make_concern(center, level=Level.CONFIDENTIAL), **mine)
    unfinished = promise(center, meeting=running_meeting(center), **mine)

    page = page_of(bakyt, "/desk/")

    assert secret.get_desk_url() not in page
    assert unfinished.get_desk_url() not in page


def test_what_was_left_behind_is_today_his_partners(center, bakyt, ruslan):
    action = promise(center, partner=partner_of(center, POLICE), person=ruslan)
    before = page_of(bakyt, "/desk/")

    ruslan.memberships.update(ended_at=timezone.now())

    assert action.get_desk_url() not in before
    assert action.get_desk_url() in page_of(bakyt, "/desk/")


def test_today_shows_ten_and_the_longest_overdue_first(center, elmira):
    late = [promise(center, due_on=today(-number)) for number in range(11)]

    page = page_of(elmira, "/desk/")

    shown = sorted(late[1:], key=lambda action: action.due_on)
    places = [page.find(action.get_desk_url()) for action in shown]
    assert places == sorted(places)
    assert -1 not in places
    assert late[0].get_desk_url() not in page
