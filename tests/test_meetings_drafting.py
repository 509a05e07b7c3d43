"""The rhythm of a centre drafts its next meeting, once, and nobody else's."""

from datetime import datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from centers.models import SpecialDay
from centers.workdays import is_working_day
from meetings import actions
from meetings.actions import draft_by_rhythm
from meetings.models import Meeting, Rules

from .factories import make_meeting, signed_in
from .planning import act

pytestmark = pytest.mark.django_db


def at(*day, hour=9):
    return timezone.make_aware(datetime(*day, hour))


# The first Thursday of December 2026, a working day
THURSDAY = at(2026, 12, 3, hour=14)
BEFORE = at(2026, 11, 20)


def make_rules(center, **fields):
    fields = {
        "every": 1,
        "week": 1,
        "weekday": 3,
        "hour": time(14),
        "minutes": 75,
        "venue_ky": "Клуб",
        "venue_ru": "Дом культуры",
    } | fields
    return Rules.objects.create(center=center, **fields)


@pytest.fixture
def rules(center):
    return make_rules(center)


def test_the_next_meeting_is_drafted_a_month_ahead(center, rules):
    assert draft_by_rhythm(BEFORE) == 1

    meeting = Meeting.objects.get()
    assert (meeting.center, meeting.starts_at) == (center, THURSDAY)
    assert (meeting.kind, meeting.minutes, meeting.is_open) == ("joint", 75, True)
    assert (meeting.venue_ky, meeting.venue_ru) == ("Клуб", "Дом культуры")


def test_it_is_a_draft_and_nobody_is_told(
    rules, bakyt, elmira, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        draft_by_rhythm(BEFORE)

    meeting = Meeting.objects.get()
    assert not meeting.is_published
    assert not Meeting.objects.visible_to(bakyt).exists()
    assert signed_in(elmira).get(meeting.get_desk_url()).status_code == 200
    assert Client().get(meeting.get_absolute_url()).status_code == 404
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("day", "drafted"), [((2026, 11, 2), 0), ((2026, 11, 5), 1), ((2026, 12, 2), 1)]
)
def test_it_is_drafted_when_it_is_thirty_days_away(day, drafted, center, rules):
    Rules.objects.update(drafted_for=at(2026, 11, 5).date())
    day = at(*day)
    wanted = (THURSDAY.date() - timezone.localdate(day)).days <= 30

    draft_by_rhythm(day)

    assert Meeting.objects.filter(starts_at=THURSDAY).count() == drafted == wanted


def test_run_again_it_drafts_nothing_more(rules):
    for days in (0, 0, 1, 5):
        draft_by_rhythm(BEFORE + timedelta(days=days))

    assert Meeting.objects.count() == 1


def test_month_after_month_each_is_drafted_once(rules):
    for days in range(0, 120, 3):
        draft_by_rhythm(BEFORE + timedelta(days=days))

    days = [timezone.localdate(m.starts_at) for m in Meeting.objects.all()]
    months = sorted((day.year, day.month) for day in days)
    assert months == [(2026, 12), (2027, 1), (2027, 2), (2027, 3), (2027, 4)]


def test_two_that_run_at_once_draft_it_once(rules, together):
    together(lambda: draft_by_rhythm(BEFORE), threads=3)

    assert together(Meeting.objects.count) == [1]


def test_a_draft_that_was_thrown_away_does_not_come_back(rules, elmira):
    draft_by_rhythm(BEFORE)
    act(actions.discard, Meeting.objects.get(), elmira)

    draft_by_rhythm(BEFORE + timedelta(days=1))

    assert not Meeting.objects.exists()


def test_a_draft_that_was_moved_leaves_no_hole_to_fill(rules, elmira):
    draft_by_rhythm(BEFORE)
    later = THURSDAY + timedelta(days=4)
    act(actions.replan, Meeting.objects.get(), elmira, starts_at=later)

    draft_by_rhythm(BEFORE + timedelta(days=1))

    assert Meeting.objects.get().starts_at == later


def test_where_there_is_a_meeting_that_day_none_is_drafted(center, rules):
    make_meeting(center, starts_at=THURSDAY - timedelta(hours=5))

    assert draft_by_rhythm(BEFORE) == 0


def test_one_that_was_cancelled_or_is_another_centres_is_none(
    center, other_center, rules
):
    make_meeting(center, starts_at=THURSDAY, status="cancelled")
    make_meeting(other_center, starts_at=THURSDAY)

    assert draft_by_rhythm(BEFORE) == 1


def test_a_day_off_is_put_off_to_the_next_working_day(center):
    make_rules(center)
    for day in (3, 4):
        SpecialDay.objects.create(day=at(2026, 12, day).date(), is_working=False)

    draft_by_rhythm(BEFORE)

    day = timezone.localdate(Meeting.objects.get().starts_at)
    assert day == at(2026, 12, 7).date()
    assert is_working_day(day)


def test_a_day_put_off_into_the_next_month_skips_no_month(center):
    make_rules(center, week=5, weekday=0)  # the 30th of November
    SpecialDay.objects.create(day=at(2026, 11, 30).date(), is_working=False)

    for days in (0, 10, 30):
        draft_by_rhythm(BEFORE + timedelta(days=days))

    meetings = Meeting.objects.order_by("starts_at")
    days = [timezone.localdate(m.starts_at) for m in meetings]
    assert days[0] == at(2026, 12, 1).date()
    assert (days[1].year, days[1].month, days[1].day) == (2026, 12, 28)


@pytest.mark.parametrize("every", [2, 3, 6])
def test_a_slower_rhythm_leaves_months_out(every, center):
    make_rules(center, every=every)

    for days in range(0, 360, 10):
        draft_by_rhythm(BEFORE + timedelta(days=days))

    months = sorted(
        m.starts_at.year * 12 + m.starts_at.month for m in Meeting.objects.all()
    )
    steps = {b - a for a, b in zip(months, months[1:], strict=False)}
    assert steps == {every}


def test_without_a_rhythm_nothing_is_drafted(center, other_center):
    make_rules(center, every=0)

    assert draft_by_rhythm(BEFORE) == 0


def test_every_centre_has_its_own(center, other_center):
    make_rules(center)
    make_rules(other_center, weekday=1)

    assert draft_by_rhythm(BEFORE) == 2
    assert {m.center for m in Meeting.objects.all()} == {center, other_center}


def test_the_daily_command_does_it(rules, capsys):
    call_command("daily")
    call_command("daily")

    assert Meeting.objects.count() in (1, 2)
    assert "0 meetings drafted" in capsys.readouterr().out


def test_who_sets_a_new_rhythm_keeps_what_is_drafted(center, rules, cholpon):
    draft_by_rhythm(BEFORE)

    actions.set_rules(center=center, by=cholpon, version=0, week=2, weekday=0)
    draft_by_rhythm(BEFORE + timedelta(days=25))

    days = [timezone.localdate(m.starts_at) for m in Meeting.objects.all()]
    assert sorted((day.month, day.weekday()) for day in days) == [(1, 0), (12, 3)]
