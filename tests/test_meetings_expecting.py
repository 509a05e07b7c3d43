"""What a meeting expects of a person is told where he looks."""

import pytest
from django.urls import reverse

from .factories import signed_in
from .minutes import approve, put_up, recorded_meeting

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
