"""A day off, or another meeting at the same time: the secretary is asked once more."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import SpecialDay
from meetings import actions
from meetings.models import Meeting

from .factories import a_working_day, make_meeting, make_published_meeting, signed_in

pytestmark = pytest.mark.django_db


def at(hour, minute=0, day=None):
    return timezone.make_aware(
        datetime.combine(day or a_working_day(), time(hour, minute))
    )


def words(**fields):
    return {
        "kind": "joint",
        "day": f"{a_working_day():%Y-%m-%d}",
        "hour": "14:00",
        "minutes": "60",
        "venue_ky": "Менин жайым",
        "venue_ru": "Моё место",
        "is_open": "on",
    } | fields


def schedule(user, center, **fields):
    path = reverse("desk:new_meeting", args=[center.slug])
    return signed_in(user).post(path, words(**fields))


def edit(user, meeting, **fields):
    path = reverse("desk:edit_meeting", args=[meeting.reference])
    return signed_in(user).post(path, words(version=meeting.version, **fields))


def overlapping(answer):
    return answer.context["form"].overlapping


@pytest.mark.parametrize(
    ("hour", "minute", "minutes"),
    [(13, 30, 60), (14, 30, 15), (13, 0, 180), (14, 0, 60)],
)
def test_another_meeting_at_the_same_time_is_a_warning(
    hour, minute, minutes, center, elmira
):
    other = make_meeting(center, starts_at=at(hour, minute), minutes=minutes)

    answer = schedule(elmira, center)

    page = answer.content.decode()
    assert (answer.status_code, overlapping(answer)) == (422, [other])
    assert not answer.context["form"].is_day_off
    assert other.get_kind_display() in page
    assert other.venue_ky in page
    assert Meeting.objects.get() == other


def test_what_was_typed_stands_in_the_form_that_asks_once_more(center, elmira):
    make_meeting(center, starts_at=at(14))

    answer = schedule(elmira, center)

    form = answer.context["form"]
    assert {name: form[name].value() for name in words()} == words() | {"is_open": True}
    assert form.errors == {}


@pytest.mark.parametrize(
    ("hour", "minutes", "fields"),
    [
        (13, 60, {}),  # it ends as ours begins
        (15, 60, {}),
        (3, 600, {}),
        (14, 60, {"status": "cancelled"}),
    ],
)
def test_a_meeting_before_or_after_it_or_cancelled_is_none(
    hour, minutes, fields, center, elmira
):
    make_meeting(center, starts_at=at(hour), minutes=minutes, **fields)

    assert schedule(elmira, center).status_code == 302


def test_another_centres_meeting_is_none(center, other_center, elmira, temir):
    make_published_meeting(other_center, starts_at=at(14))

    assert schedule(elmira, center).status_code == 302
    assert schedule(temir, center, hour="16:00").status_code == 302


def test_it_is_scheduled_all_the_same(center, elmira):
    make_meeting(center, starts_at=at(14))
    time = schedule(elmira, center).context["form"].time

    answer = schedule(elmira, center, sure=time)

    assert answer.status_code == 302
    assert Meeting.objects.filter(starts_at=at(14)).count() == 2


def test_pressed_twice_it_is_scheduled_once(center, elmira):
    plan = {"starts_at": timezone.now(), "venue_ky": "Клуб", "venue_ru": "Клуб"}

    drafts = [actions.schedule(center=center, by=elmira, **plan) for _ in range(2)]
    other = actions.schedule(center=center, by=elmira, **plan | {"minutes": 30})

    assert drafts[0] == drafts[1] != other


def test_who_chooses_another_time_that_clashes_too_is_asked_again(center, elmira):
    make_meeting(center, starts_at=at(14))
    other = make_meeting(center, starts_at=at(16))
    time = schedule(elmira, center).context["form"].time

    answer = schedule(elmira, center, sure=time, hour="16:00")

    assert (answer.status_code, overlapping(answer)) == (422, [other])


@pytest.mark.parametrize("sure", ["on", "\0", "x" * 41])
def test_no_other_word_makes_it_sure(sure, center, elmira):
    make_meeting(center, starts_at=at(14))

    assert schedule(elmira, center, sure=sure).status_code == 422
    assert Meeting.objects.count() == 1


def sunday():
    today = timezone.localdate()
    return today + timedelta(days=13 - today.weekday())


def test_a_sunday_is_a_warning(center, elmira):
    answer = schedule(elmira, center, day=f"{sunday():%d.%m.%Y}")

    assert answer.status_code == 422
    assert answer.context["form"].is_day_off
    assert "Бул жумуш күнү эмес" in answer.content.decode()


def test_a_day_that_the_government_moved_is_a_warning(center, elmira):
    SpecialDay.objects.create(day=a_working_day(), is_working=False)

    path = "/ru" + reverse("desk:new_meeting", args=[center.slug])
    answer = signed_in(elmira).post(path, words(day=f"{a_working_day():%d.%m.%Y}"))

    # The helper goes on to the next working day, so there is one more of them.
    assert answer.status_code == 302
    day = SpecialDay.objects.get().day
    answer = signed_in(elmira).post(path, words(day=f"{day:%d.%m.%Y}"))
    assert answer.status_code == 422
    assert "Это нерабочий день" in answer.content.decode()


def test_a_sunday_that_is_worked_is_none(center, elmira):
    SpecialDay.objects.create(day=sunday(), is_working=True)

    assert schedule(elmira, center, day=f"{sunday():%d.%m.%Y}").status_code == 302


def test_a_meeting_that_is_moved_is_asked_about_too(center, elmira):
    other = make_meeting(center, starts_at=at(14))
    meeting = make_meeting(center, starts_at=at(9))

    answer = edit(elmira, meeting)

    meeting.refresh_from_db()
    assert (answer.status_code, overlapping(answer)) == (422, [other])
    assert meeting.starts_at == at(9)
    time = answer.context["form"].time
    assert edit(elmira, meeting, sure=time).status_code == 302


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def test_to_move_a_published_meeting_at_short_notice_is_asked_about_once(
    center, elmira
):
    SpecialDay.objects.create(day=tomorrow(), is_working=True)
    meeting = make_published_meeting(center, starts_at=at(14))

    answer = edit(elmira, meeting, day=f"{tomorrow():%d.%m.%Y}")

    form = answer.context["form"]
    meeting.refresh_from_db()
    assert (answer.status_code, form.notice_days) == (422, 3)
    assert (form.is_day_off, form.overlapping) == (False, [])
    assert 'name="sure"' in answer.content.decode()
    assert meeting.starts_at == at(14)
    moved = edit(elmira, meeting, day=f"{tomorrow():%d.%m.%Y}", sure=form.time)
    meeting.refresh_from_db()
    assert moved.status_code == 302
    assert meeting.starts_at == at(14, day=tomorrow())


@pytest.mark.parametrize(
    ("make", "fields", "days"),
    [
        (make_meeting, {}, 1),
        (make_published_meeting, {"kind": "urgent"}, 1),
        (make_published_meeting, {}, 3),
    ],
)
def test_of_a_draft_an_urgent_one_or_in_time_it_is_not(
    make, fields, days, center, elmira
):
    day = timezone.localdate() + timedelta(days=days)
    SpecialDay.objects.create(day=day, is_working=True)
    meeting = make(center, starts_at=at(14))

    answer = edit(elmira, meeting, day=f"{day:%d.%m.%Y}", **fields)

    assert answer.status_code == 302


def test_what_is_not_moved_has_had_its_notice(center, elmira):
    meeting = make_published_meeting(center, starts_at=at(14, day=tomorrow()))

    answer = edit(elmira, meeting, day=f"{tomorrow():%d.%m.%Y}", minutes="90")

    assert answer.status_code == 302


def test_a_meeting_does_not_clash_with_itself(center, elmira):
    meeting = make_meeting(center, starts_at=at(14))

    assert edit(elmira, meeting, hour="14:15").status_code == 302


def test_where_only_the_venue_changes_nobody_is_asked(center, elmira):
    make_meeting(center, starts_at=at(14))
    meeting = make_meeting(center, starts_at=at(14), minutes=60)

    assert edit(elmira, meeting).status_code == 302


@pytest.mark.parametrize("minutes", ["601", "99999999999999", "-5", "x"])
def test_a_mistake_is_told_before_anything_is_doubted(minutes, center, elmira):
    make_meeting(center, starts_at=at(14))

    answer = schedule(elmira, center, minutes=minutes)

    assert set(answer.context["form"].errors) == {"minutes"}
    assert overlapping(answer) == []
