"""When a meeting began and ended, and who came."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from centers.actions import end_membership
from meetings import actions
from meetings.models import Attendance, Meeting, Rules

from .factories import (
    POLICE,
    make_membership,
    make_published_meeting,
    make_topic,
    partner_of,
    signed_in,
)
from .planning import (
    act,
    decide,
    ended_meeting,
    held_meeting,
    public_page,
    running_meeting,
)

pytestmark = pytest.mark.django_db


def membership(user):
    return user.memberships.get()


def post(user, name, *where, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=where), fields)


# Beginning and end


def test_a_meeting_begins_when_it_is_time(center, elmira):
    meeting = make_published_meeting(
        center, starts_at=timezone.now() - timedelta(minutes=1)
    )

    act(actions.begin, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.is_running
    assert timezone.now() - meeting.began_at < timedelta(minutes=1)


def test_whoever_notes_it_the_day_after_means_the_hour_announced(center, elmira):
    meeting = make_published_meeting(
        center, starts_at=timezone.now() - timedelta(days=1)
    )

    act(actions.begin, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.began_at == meeting.starts_at


def test_a_meeting_to_come_has_not_begun(center, elmira):
    with pytest.raises(ValidationError):
        act(actions.begin, make_published_meeting(center), elmira)


def test_what_is_recorded_is_read_once_the_end_is_noted(center, elmira, bakyt):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira, text_ky="Чырак коюлсун.")
    desk = meeting.get_desk_url()

    before = [public_page(meeting), signed_in(bakyt).get(desk)]
    hers = signed_in(elmira).get(desk)
    act(actions.end, meeting, elmira)
    after = [public_page(meeting), signed_in(bakyt).get(desk)]

    assert ["Чырак коюлсун." in page.content.decode() for page in before] == [False] * 2
    assert "Чырак коюлсун." in hers.content.decode()
    assert ["Чырак коюлсун." in page.content.decode() for page in after] == [True] * 2


def test_an_end_before_the_beginning_or_to_come_is_none(center, elmira):
    meeting = running_meeting(center)
    for ended_at in (
        meeting.began_at - timedelta(minutes=1),
        timezone.now() + timedelta(minutes=5),
    ):
        with pytest.raises(ValidationError):
            act(actions.end, meeting, elmira, ended_at=ended_at)


def test_the_hours_are_corrected(center, elmira):
    meeting = held_meeting(center)
    began_at = meeting.began_at + timedelta(minutes=10)

    act(actions.end, meeting, elmira, began_at=began_at, ended_at=meeting.ended_at)

    meeting.refresh_from_db()
    assert meeting.began_at == began_at


# Who came


def test_members_are_named_and_residents_are_counted(center, elmira, bakyt, nurlan):
    meeting = running_meeting(center)

    act(
        actions.attend,
        meeting,
        elmira,
        came=[membership(bakyt)],
        numbers={("women", "14-28"): 7, ("men", "60+"): 0},
    )

    came = meeting.attendances.filter(came=True)
    assert [one.membership.user for one in came] == [bakyt]
    assert meeting.attendances.filter(came=False).count() == 2
    assert [(row.sex, row.number) for row in meeting.turnouts.all()] == [("women", 7)]


def test_who_came_is_corrected(center, elmira, bakyt):
    meeting = running_meeting(center)
    numbers = {("women", "14-28"): 7}
    act(actions.attend, meeting, elmira, came=[membership(bakyt)], numbers=numbers)

    act(actions.attend, meeting, elmira, came=[], numbers={("women", "14-28"): 0})

    assert not meeting.attendances.filter(came=True).exists()
    assert not meeting.turnouts.exists()


def test_of_whom_nothing_is_said_at_the_end_was_absent(center, elmira, bakyt):
    meeting = running_meeting(center)

    act(actions.end, meeting, elmira)

    assert {one.membership.user for one in Attendance.objects.filter(came=False)} == {
        elmira,
        bakyt,
    }


def test_a_member_who_left_before_it_stays_as_he_was_noted(
    center, cholpon, elmira, bakyt
):
    meeting = running_meeting(center)
    came = [membership(bakyt)]
    act(actions.attend, meeting, elmira, came=came, numbers={})
    end_membership(membership=membership(bakyt), by=cholpon)
    Meeting.objects.update(began_at=timezone.now() + timedelta(seconds=1))
    meeting.refresh_from_db()

    act(actions.attend, meeting, elmira, came=[], numbers={})
    page = signed_in(elmira).get(reverse("desk:run", args=[meeting.reference]))

    assert meeting.attendances.get(membership=came[0]).came
    assert bakyt.full_name in page.content.decode()


def test_a_supporter_takes_no_part(center, elmira, olga):
    page = signed_in(elmira).get(
        reverse("desk:run", args=[running_meeting(center).reference])
    )

    assert olga.full_name not in page.content.decode()


def test_who_came_is_ticked_and_counted_on_the_page(center, elmira, bakyt):
    meeting = running_meeting(center)
    field = f"came_{partner_of(center, POLICE).pk}"

    answer = post(
        elmira,
        "attend",
        meeting.reference,
        **{"version": 0, field: membership(bakyt).pk, "women_29-59": "12"},
    )
    page = signed_in(elmira).get(answer["Location"])

    assert dict(page.context["came"])[partner_of(center, POLICE).name] == 1
    assert page.context["residents"] == 12


def test_a_guest_is_ticked_beside_the_members(center, elmira):
    meeting = running_meeting(center)
    came = meeting.invited.create(name="Имам Талант")
    absent = meeting.invited.create(name="Мугалим Асель")

    answer = post(elmira, "attend", meeting.reference, version=0, guests=came.reference)
    page = signed_in(elmira).get(answer["Location"])

    came.refresh_from_db()
    absent.refresh_from_db()
    assert (came.came, absent.came) == (True, False)
    assert dict(page.context["came"])["Чакырылган коноктор"] == 1
    assert page.context["attendance_form"]["guests"].value() == [came.reference]


def test_of_a_page_that_is_old_another_guest_is_not_lost_unsaid(center, elmira):
    meeting = running_meeting(center)
    one, other = (meeting.invited.create(name=name) for name in ("Имам", "Мугалим"))
    sent = partial(post, elmira, "attend", meeting.reference, version=0)
    sent(guests=one.reference)

    again, changed = sent(guests=one.reference), sent(guests=other.reference)

    assert (again.status_code, changed.status_code) == (302, 409)


@pytest.mark.parametrize("name", ["attend", "end_meeting"])
def test_of_a_page_that_is_old_nobody_ticked_meanwhile_is_lost(
    name, center, cholpon, elmira, bakyt
):
    meeting = running_meeting(center)
    council = f"came_{membership(cholpon).partner_id}"
    police = f"came_{membership(bakyt).partner_id}"
    noted = {council: membership(cholpon).pk, police: membership(bakyt).pk}
    post(cholpon, "attend", meeting.reference, version=0, **noted, **{"women_14-28": 3})
    hour = f"{timezone.localtime(meeting.began_at):%H:%M}"
    sent = {"version": 0, "began": hour, "ended": hour, "offered": "09:00 10:00"}
    sent |= {"men_14-28": "2", "women_14-28": ""}

    answer = post(
        elmira, name, meeting.reference, **sent, **{council: membership(elmira).pk}
    )

    form = answer.context["attendance_form"]
    both = {str(membership(one).pk) for one in (cholpon, elmira)}
    assert answer.status_code == 409
    assert set(form[council].value()) == both
    assert form[police].value() == [str(membership(bakyt).pk)]
    assert [form[count].value() for count in ("men_14-28", "women_14-28")] == ["2", 3]
    assert answer.context["end_form"]["began"].value() == hour


@pytest.mark.parametrize("number", ["эки", "2"])
def test_noting_who_came_loses_no_hour(number, center, elmira):
    meeting = running_meeting(center)
    run = reverse("desk:run", args=[meeting.reference])
    offered = signed_in(elmira).get(run).context["end_form"]["offered"].value()
    hours, sent = {"began": "09:05", "ended": "10:55"}, {"offered": offered}

    answer = post(
        *(elmira, "attend", meeting.reference),
        **{"version": 0, "men_14-28": number, **hours, **sent},
    )

    if answer.status_code == 302:
        answer = signed_in(elmira).get(answer["Location"])
    form = answer.context["end_form"]
    assert {name: form[name].value() for name in hours} == hours
    untouched = dict(zip(("began", "ended"), offered.split(), strict=True))
    meeting.refresh_from_db()
    sent |= {"version": meeting.version, **untouched}
    assert post(elmira, "attend", meeting.reference, **sent)["Location"] == run


def test_a_number_that_is_none_keeps_what_was_ticked(center, elmira, bakyt):
    meeting = running_meeting(center)
    field = f"came_{partner_of(center, POLICE).pk}"

    answer = post(
        elmira,
        "attend",
        meeting.reference,
        **{"version": 0, field: membership(bakyt).pk, "men_60+": "-3"},
    )

    assert answer.status_code == 422
    form = answer.context["attendance_form"]
    assert form[field].value() == [str(membership(bakyt).pk)]
    assert set(form.errors) == {"men_60+"}
    assert not Attendance.objects.exists()


def test_without_a_side_there_is_no_quorum_where_the_rules_ask_for_all(
    center, elmira, bakyt, nurlan
):
    Rules.objects.create(center=center, quorum=Rules.Quorum.PARTNERS)
    meeting = running_meeting(center)
    path = reverse("desk:run", args=[meeting.reference])
    came = [membership(person) for person in (elmira, nurlan)]
    act(actions.attend, meeting, elmira, came=came, numbers={})
    without = signed_in(elmira).get(path).context["missing"]

    act(actions.attend, meeting, elmira, came=[*came, membership(bakyt)], numbers={})
    then = signed_in(elmira).get(path).context["missing"]

    assert [str(side) for side in without] == ["милиция"]
    assert then == []


def test_who_left_since_may_be_ticked_still(center, cholpon, elmira, bakyt):
    meeting = running_meeting(center)
    his = membership(bakyt)
    end_membership(membership=his, by=cholpon)

    page = signed_in(elmira).get(reverse("desk:run", args=[meeting.reference]))
    act(actions.attend, meeting, elmira, came=[his], numbers={})

    assert his in page.context["attendance_form"].members
    assert meeting.attendances.get(membership=his).came


def test_who_came_to_the_centre_later_was_not_absent(center, elmira):
    yesterday = timezone.now() - timedelta(days=1)
    meeting = ended_meeting(center, began_at=yesterday, ended_at=yesterday)
    new = make_membership(center, POLICE, started_at=timezone.now())

    act(actions.attend, meeting, elmira, came=[], numbers={})
    absent = meeting.attendances.filter(membership=new).exists()
    act(actions.attend, meeting, elmira, came=[new], numbers={})

    assert not absent
    # The portal may know him later than the centre did.
    assert meeting.attendances.get(membership=new).came


def test_an_end_after_midnight_is_that_of_the_same_evening(center, elmira):
    meeting = running_meeting(center)
    evening = timezone.localtime().replace(hour=23, minute=0) - timedelta(days=2)
    Meeting.objects.update(starts_at=evening, began_at=evening)
    sent = {"version": 0, "began": "23:00"}

    answer = post(elmira, "end_meeting", meeting.reference, **sent, ended="00:30")
    meeting.refresh_from_db()
    mistyped = {"version": meeting.version, "began": "23:00", "ended": "22:00"}
    refused = post(elmira, "end_meeting", meeting.reference, **mistyped)

    assert answer.status_code == 302
    assert meeting.ended_at - meeting.began_at == timedelta(hours=1, minutes=30)
    assert set(refused.context["end_form"].errors) == {"ended"}
