"""A member's own calendar: behind a secret address, read by another library."""

import re

import pytest
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.actions import change_password
from centers.models import JournalEntry, Membership
from meetings import actions
from meetings.models import MemberCalendar

from .factories import (
    POLICE,
    again,
    make_concern,
    make_meeting,
    make_published_meeting,
    make_topic,
    partner_of,
    signed_in,
)
from .planning import promise, running_meeting

pytestmark = pytest.mark.django_db


def feed(token):
    return Client().get(f"/calendar/{token}.ics")


def events(token):
    """Return what a phone reads, by what it is of."""
    answer = feed(token)
    assert answer.status_code == 200
    found = vobject.readOne(answer.content.decode()).contents["vevent"]
    return {event.uid.value.partition("@")[0]: event for event in found}


@pytest.fixture
def token(elmira):
    return actions.make_calendar(by=elmira)


def test_it_holds_the_meetings_of_his_centres_and_his_terms(
    token, center, other_center, elmira, bakyt
):
    meeting = make_published_meeting(center)
    make_topic(meeting, topic_ky="Күзөт")
    foreign, draft = make_published_meeting(other_center), make_meeting(center)
    mine, of_my_side = promise(center, person=elmira), promise(center)
    his = promise(center, partner=partner_of(center, POLICE), person=bakyt)
    running = promise(center, meeting=running_meeting(center), person=elmira)

    found = events(token)

    for action in (his, running):
        assert f"action-{action.reference}" not in found
    assert f"action-{of_my_side.reference}" in found
    assert not {foreign.reference, draft.reference} & found.keys()
    assert found[meeting.reference].summary.value == "Биргелешкен жыйын · Мирмахмудов"
    assert "Күзөт" in found[meeting.reference].description.value
    term = found[f"action-{mine.reference}"]
    assert term.summary.value == f"Мөөнөтү: {mine.text_ky}"
    assert term.dtstart.value == mine.due_on
    assert term.url.value.endswith(mine.get_desk_url())


def test_of_what_is_closed_it_says_when_and_where_alone(token, center, elmira):
    meeting = make_published_meeting(center, is_open=False, venue_ky="Кеңсе")
    make_topic(meeting, topic_ky="Купуя маселе")
    kept = promise(center, make_concern(center), text_ky="Үйүнө барып", person=elmira)

    found = events(token)

    closed = found[meeting.reference]
    assert closed.summary.value == "Жабык жыйын"
    assert closed.location.value == "Кеңсе"
    assert not {"description", "url"} & closed.contents.keys()
    term = found[f"action-{kept.reference}"]
    assert term.summary.value == f"Мөөнөтү: № {kept.number}"
    text = feed(token).content.decode()
    assert "Купуя" not in text
    assert "Үйүнө" not in text


def test_it_speaks_its_members_language_and_leaves_no_trace(token, center, elmira):
    elmira.language = "ru"
    elmira.save()
    make_published_meeting(center)

    answer = feed(token)

    assert "Совместное заседание" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def make(browser):
    """Make an address as its member does; return its token."""
    page = browser.post(reverse("desk:calendar"), {"do": "make"}, follow=True)
    return re.search("/calendar/(.+?)[.]ics", page.text)[1]


def test_the_address_is_shown_once_and_renewed_and_ended_by_its_member(elmira):
    browser, path = signed_in(elmira), reverse("desk:calendar")
    made = [make(browser) for _ in range(2)]
    shown_again = made[1] in browser.get(path).text
    answers = [feed(token).status_code for token in made]

    browser.post(path, {"do": "end"})

    assert not shown_again
    assert (answers, feed(made[1]).status_code) == ([404, 200], 404)
    assert min(map(len, made)) >= 43
    assert [*JournalEntry.objects.values_list("kind", "by_id")] == [
        ("calendar_made", elmira.pk),
        ("calendar_made", elmira.pk),
        ("calendar_ended", elmira.pk),
    ]


def test_it_is_made_by_who_has_just_shown_who_he_is_and_not_without_end(elmira):
    path = reverse("desk:calendar")
    left_alone = signed_in(elmira, ago=6 * 60)
    browser = signed_in(elmira)

    answer = left_alone.post(path, {"do": "make"})
    tokens = [make(browser) for _ in range(10)]
    page = browser.post(path, {"do": "make"}, follow=True)

    assert "reauthenticate" in answer["Location"]
    assert ".ics" not in page.text
    assert feed(tokens[-1]).status_code == 200


def test_a_new_password_ends_it(token, elmira):
    change_password(user=elmira, password="жаңы-купуя-сөз-2026")

    assert feed(token).status_code == 404
    page = signed_in(again(elmira)).get(reverse("desk:calendar"))
    assert page.context["calendar"] is None


def test_who_serves_no_more_has_none_and_gets_none_back(token, elmira):
    Membership.objects.filter(user=elmira).update(ended_at=timezone.now())
    answer = feed(token)

    actions.end_calendars_of_the_gone()

    assert answer.status_code == 404
    assert not MemberCalendar.objects.exists()


def test_guesses_are_counted_and_no_member_is_shut_out_by_them(token):
    answers = [feed(f"wrong{number}").status_code for number in range(31)]

    assert answers == [404] * 30 + [429]
    assert feed(token).status_code == 200
