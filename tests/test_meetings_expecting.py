"""What a meeting expects of a person is told where he looks."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models.invited import answer_path

from .factories import make_meeting, signed_in
from .minutes import approve, put_up, recorded_meeting
from .planning import act

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
