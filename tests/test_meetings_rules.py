"""The rules by which a centre meets: its notice, its quorum, and who sets them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Attendance, Meeting, Rules
from meetings.rules import is_short_notice, month_later, next_day, quorum

from .factories import (
    a_working_day,
    make_center,
    make_meeting,
    make_place,
    make_published_meeting,
    make_topic,
    signed_in,
)
from .planning import act, held_meeting, public_page

pytestmark = pytest.mark.django_db


def words(**fields):
    return {
        "notice_days": "5",
        "quorum": "partners",
        "every": "1",
        "week": "2",
        "weekday": "3",
        "hour": "14:30",
        "minutes": "60",
        "venue_ky": "Клуб",
        "venue_ru": "Дом культуры",
        "version": "0",
    } | fields


def path(center):
    return reverse("desk:rules", args=[center.slug])


def save(user, center, **fields):
    return signed_in(user).post(path(center), words(**fields))


# Who sets them


def test_the_coordinator_sets_them(center, cholpon):
    answer = save(cholpon, center)

    rules = center.rules
    assert answer["Location"] == path(center)
    assert (rules.notice_days, rules.quorum, rules.version) == (5, "partners", 1)
    assert (rules.every, rules.week, rules.weekday, rules.minutes) == (1, 2, 3, 60)
    assert f"{rules.hour:%H:%M}" == "14:30"
    assert (rules.venue_ky, rules.venue_ru) == ("Клуб", "Дом культуры")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("elmira", 403),
        ("bakyt", 403),
        ("nurlan", 403),
        ("olga", 403),
        ("daniyar", 404),
        ("sultan", 404),
    ],
)
def test_nobody_else_does(who, status, center, request):
    person = request.getfixturevalue(who)

    assert signed_in(person).get(path(center)).status_code == status
    assert save(person, center).status_code == status
    with pytest.raises(PermissionDenied):
        actions.set_rules(center=center, by=person, version=0, notice_days=1)
    assert not Rules.objects.exists()


def test_a_page_of_another_centre_says_no_more_than_one_that_is_not(center, daniyar):
    browser = signed_in(daniyar)

    foreign, missing = browser.get(path(center)), browser.get("/desk/center/x/rules/")

    assert foreign.status_code == missing.status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notice_days", "31"),
        ("notice_days", "-1"),
        ("notice_days", ""),
        ("quorum", "half"),
        ("every", "4"),
        ("every", "\0"),
        ("week", "6"),
        ("week", "0"),
        ("weekday", "5"),
        ("weekday", "x"),
        ("hour", "25:00"),
        ("minutes", "601"),
        ("venue_ky", "а" * 201),
        ("venue_ru", ""),
        ("version", "-1"),
    ],
)
def test_a_mistake_is_said_beside_its_field(field, value, center, cholpon):
    answer = save(cholpon, center, **{field: value})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Rules.objects.exists()


def test_without_a_rhythm_no_venue_is_needed(center, cholpon):
    answer = save(cholpon, center, every="0", venue_ky="", venue_ru="")

    assert answer.status_code == 302


def test_who_comes_too_late_is_told_and_keeps_his_words(center, cholpon):
    save(cholpon, center)

    answer = save(cholpon, center, venue_ky="Мектеп")

    form = answer.context["form"]
    assert answer.status_code == 409
    assert (form["venue_ky"].value(), form["version"].value()) == ("Мектеп", 1)
    assert Rules.objects.get().venue_ky == "Клуб"
    assert save(cholpon, center, venue_ky="Мектеп", version="1").status_code == 302


def test_two_who_set_the_first_rules_at_once_set_one(center, cholpon, together):
    days = iter([7, 10])

    def set_them():
        try:
            actions.set_rules(
                center=center, by=cholpon, version=0, notice_days=next(days)
            )
        except actions.Stale:
            return "stale"
        return "set"

    assert sorted(together(set_them, threads=2)) == ["set", "stale"]


def test_pressed_twice_they_are_set_once(center, cholpon):
    for _ in range(2):
        actions.set_rules(center=center, by=cholpon, version=0, notice_days=7)

    assert Rules.objects.get().version == 1


def test_the_page_of_the_centre_leads_to_them(center, cholpon):
    shown = signed_in(cholpon).get(reverse("desk:center_page", args=[center.slug]))

    assert path(center) in shown.content.decode()


def test_the_page_asks_little(center, cholpon, django_assert_num_queries):
    save(cholpon, center)
    browser = signed_in(cholpon)
    browser.get(path(center))

    # Session, person with service; the centre, its rules.
    with django_assert_num_queries(4):
        browser.get(path(center))


# Notice


def in_days(center, number, **fields):
    starts_at = timezone.now() + timedelta(days=number)
    return make_meeting(center, starts_at=starts_at, **fields)


def publish(user, meeting, **fields):
    address = reverse("desk:publish_meeting", args=[meeting.reference])
    return signed_in(user).post(address, {"version": meeting.version} | fields)


@pytest.mark.parametrize(
    ("days", "rule", "kind", "short"),
    [
        (2, None, "joint", True),
        (3, None, "joint", False),
        (4, 5, "assembly", True),
        (5, 5, "joint", False),
        (1, 0, "joint", False),
        (1, 5, "urgent", False),
        (-1, 5, "joint", False),
    ],
)
def test_notice_is_short_by_the_rules_of_the_centre(days, rule, kind, short, center):
    if rule is not None:
        Rules.objects.create(center=center, notice_days=rule)

    assert is_short_notice(in_days(center, days, kind=kind)) is short


def test_who_publishes_late_is_asked_once_more(center, elmira):
    meeting = in_days(center, 1)

    answer = publish(elmira, meeting)

    meeting.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["notice_days"] == 3
    assert not meeting.is_published
    assert 'name="sure"' in answer.content.decode()


def test_who_is_sure_publishes_it_all_the_same(center, elmira):
    meeting = in_days(center, 1)

    publish(elmira, meeting, sure="on")

    meeting.refresh_from_db()
    assert meeting.is_published


def test_in_time_nobody_is_asked(center, elmira):
    meeting = in_days(center, 8)
    make_topic(meeting)

    assert publish(elmira, meeting).status_code == 302


def test_what_was_changed_meanwhile_is_said_before_it_is_asked(center, elmira):
    meeting = in_days(center, 1, version=4)

    assert publish(elmira, meeting, version=3).status_code == 409


def test_what_is_published_already_is_asked_about_no_more(center, elmira):
    meeting = make_published_meeting(center)

    assert publish(elmira, meeting).status_code == 302


# Quorum


def attend(meeting, *people, came=True):
    for user in people:
        Attendance.objects.create(
            meeting=meeting, membership=user.memberships.get(), came=came
        )


@pytest.fixture
def with_quorum(center):
    Rules.objects.create(center=center, quorum="partners")
    return held_meeting(center)


def test_without_a_rule_nobody_is_missed(center, bakyt):
    meeting = held_meeting(center)
    attend(meeting, bakyt, came=False)

    assert quorum(meeting, meeting.attendances.all()) == []


def test_the_partners_of_whom_nobody_came_are_missing(
    with_quorum, elmira, bakyt, nurlan, olga
):
    attend(with_quorum, elmira, olga)
    attend(with_quorum, bakyt, came=False)

    assert quorum(with_quorum, with_quorum.attendances.all()) == ["residents", "police"]


def test_with_one_of_each_partner_nobody_is_missing(
    with_quorum, elmira, bakyt, ruslan, nurlan
):
    attend(with_quorum, elmira, bakyt, nurlan)
    attend(with_quorum, ruslan, came=False)

    assert quorum(with_quorum, with_quorum.attendances.all()) == []


# The days of a rhythm


@pytest.mark.parametrize(
    ("week", "weekday", "today", "day"),
    [
        (1, 0, date(2026, 11, 1), date(2026, 11, 2)),
        (1, 0, date(2026, 11, 2), date(2026, 12, 7)),  # today's is past
        (2, 3, date(2026, 11, 27), date(2026, 12, 10)),
        (4, 4, date(2027, 2, 1), date(2027, 2, 26)),
        (5, 4, date(2027, 2, 1), date(2027, 2, 26)),  # there is no fifth
        (5, 4, date(2027, 1, 1), date(2027, 1, 29)),
        (5, 0, date(2026, 12, 31), date(2027, 1, 25)),
    ],
)
def test_the_next_day_is_that_of_the_week_in_its_month(week, weekday, today, day):
    rules = Rules(every=1, week=week, weekday=weekday)

    assert next_day(rules, today) == day


@pytest.mark.parametrize(
    ("every", "last", "today", "day"),
    [
        (1, date(2026, 11, 2), date(2026, 11, 3), date(2026, 12, 7)),
        (2, date(2026, 11, 2), date(2026, 11, 3), date(2027, 1, 4)),
        (3, date(2026, 11, 2), date(2026, 11, 3), date(2027, 2, 1)),
        (6, date(2026, 11, 2), date(2026, 11, 3), date(2027, 5, 3)),
        (3, date(2025, 11, 3), date(2026, 11, 3), date(2027, 2, 1)),  # long asleep
    ],
)
def test_months_are_counted_from_the_last_one(every, last, today, day):
    rules = Rules(every=every, week=1, weekday=0, drafted_for=last)

    assert next_day(rules, today) == day


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 11, 10), date(2026, 12, 8)),  # second Tuesdays
        (date(2026, 12, 31), date(2027, 1, 28)),  # a fifth Thursday, a last one
        (date(2026, 1, 13), date(2026, 12, 8)),  # long past
    ],
)
def test_a_month_later_is_the_same_day_of_its_week(day, later):
    assert month_later(day, date(2026, 11, 20)) == later


# The next one like it


def new(user, center, like):
    address = reverse("desk:new_meeting", args=[center.slug])
    return signed_in(user).get(address, {"like": like})


def test_a_new_meeting_is_like_the_last(center, elmira):
    village = center.villages.get()
    last = held_meeting(
        center,
        kind="visiting",
        minutes=45,
        is_open=False,
        village=village,
        venue_ky="Мектеп",
        venue_ru="Школа",
    )

    form = new(elmira, center, last.reference).context["form"]

    starts_at = timezone.localtime(last.starts_at)
    assert form["kind"].value() == "visiting"
    assert form["minutes"].value() == 45
    assert form["is_open"].value() is False
    assert form["village"].value() == village.code
    assert (form["venue_ky"].value(), form["venue_ru"].value()) == ("Мектеп", "Школа")
    assert form["hour"].value() == starts_at.time().replace(microsecond=0)
    assert form["day"].value().weekday() == starts_at.weekday()
    assert form["day"].value() > timezone.localdate() + timedelta(days=20)


def test_its_page_leads_there(center, elmira):
    meeting = held_meeting(center)

    shown = signed_in(elmira).get(meeting.get_desk_url()).content.decode()

    assert f"{center.slug}/?like={meeting.reference}" in shown


@pytest.mark.parametrize("like", ["99999999", "1234567\0", "x" * 200, "ыыыыыыыы"])
def test_like_one_that_is_not_there_is_not_found(like, center, elmira):
    assert new(elmira, center, like).status_code == 404


def test_like_another_centres_is_not_found(center, other_center, elmira, temir):
    foreign = make_published_meeting(other_center)

    assert new(elmira, center, foreign.reference).status_code == 404
    assert new(temir, center, foreign.reference).status_code == 404


# Kinds, and the village


@pytest.mark.parametrize("kind", Meeting.Kind)
def test_every_kind_is_named_wherever_a_meeting_is(kind, center, elmira):
    meeting = make_published_meeting(center, kind=kind)
    browser, name = signed_in(elmira), str(kind.label)

    desk = [reverse("desk:meetings"), reverse("desk:today"), meeting.get_desk_url()]
    pages = [browser.get(address) for address in desk]
    for address in ("", "meetings/", f"meetings/{meeting.reference}/"):
        pages.append(Client().get(f"/{center.slug}/{address}"))

    for page in pages:
        assert name.lower() in page.content.decode().lower()
    feed = Client().get(f"/{center.slug}/meetings.ics").content.decode()
    assert name.lower() in feed.replace("\r\n ", "").lower()


def schedule(user, center, **fields):
    plan = {
        "kind": "visiting",
        "day": f"{a_working_day():%Y-%m-%d}",
        "hour": "14:30",
        "minutes": "90",
        "venue_ky": "Мектеп",
        "venue_ru": "Школа",
        "is_open": "on",
    } | fields
    address = reverse("desk:new_meeting", args=[center.slug])
    return signed_in(user).post(address, plan)


@pytest.mark.parametrize("kind", Meeting.IN_VILLAGE)
def test_a_meeting_in_a_village_names_it(kind, center, elmira):
    village = center.villages.get()

    schedule(elmira, center, kind=kind, village=village.code)

    meeting = Meeting.objects.get()
    assert meeting.village == village
    act(actions.publish, meeting, elmira)
    addresses = ["", "meetings/", "meetings.ics", f"meetings/{meeting.reference}/"]
    for address in addresses:
        shown = Client().get(f"/{center.slug}/{address}").content.decode()
        assert village.name_ky in shown
    desk = signed_in(elmira).get(meeting.get_desk_url()).content.decode()
    assert village.name_ky in desk


def test_the_desk_names_the_village_wherever_the_venue_stands(center, elmira):
    village = center.villages.get()
    where = {"kind": "visiting", "village": village, "venue_ky": "Мектеп"}
    coming, held = (
        make_published_meeting(center, **where),
        held_meeting(center, **where),
    )
    addresses = [
        reverse("desk:meetings"),
        reverse("desk:today"),
        reverse("desk:sheet", args=[coming.reference]),
        reverse("desk:run", args=[held.reference]),
    ]

    pages = [signed_in(elmira).get(address).content.decode() for address in addresses]

    said = f"{village.name_ky} айылы, Мектеп"
    assert [said in page for page in pages] == [True] * 4


@pytest.mark.parametrize("kind", sorted(set(Meeting.Kind) - set(Meeting.IN_VILLAGE)))
def test_one_of_another_kind_names_none(kind, center, elmira):
    village = center.villages.get()

    answer = schedule(elmira, center, kind=kind, village=village.code)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"village"}


def test_the_village_is_one_of_the_centre(center, elmira):
    other = make_center().villages.get()

    for code in (other.code, "x", "\0"):
        answer = schedule(elmira, center, village=code)
        assert set(answer.context["form"].errors) == {"village"}


def test_people_are_told_that_it_moved_to_another_village(
    center, elmira, bakyt, mailoutbox, django_capture_on_commit_callbacks
):
    other = make_place(name_ky="Барын")
    center.villages.add(other)
    meeting = make_published_meeting(
        center, kind="visiting", village=center.villages.exclude(pk=other.pk).get()
    )
    former = meeting.village.name_ky

    with django_capture_on_commit_callbacks(execute=True):
        act(actions.replan, meeting, elmira, village=other)

    meeting.refresh_from_db()
    shown = public_page(meeting).content.decode()
    assert meeting.is_moved
    assert former in shown
    assert "Барын" in shown
    assert all("Барын" in letter.body for letter in mailoutbox)
    assert mailoutbox


def test_moved_within_its_village_it_names_the_venue_of_before(center, elmira):
    village = center.villages.get()
    meeting = make_published_meeting(
        center, kind="visiting", village=village, venue_ky="Мектеп", venue_ru="Школа"
    )

    act(actions.replan, meeting, elmira, venue_ky="Клуб", venue_ru="Клуб")

    meeting.refresh_from_db()
    assert meeting.former_venue_ky == f"{village.name_ky}, Мектеп"
    assert meeting.former_venue_ru == f"{village.name_ru}, Школа"


def test_moved_to_where_it_was_it_is_not_said_to_be_moved(center):
    village = center.villages.get()
    meeting = make_published_meeting(
        center,
        kind="visiting",
        village=village,
        venue_ky="Мектеп",
        former_venue_ky=f"{village.name_ky}, Мектеп",
    )

    assert not meeting.is_moved


@pytest.mark.parametrize("number", [1, 10])
def test_villages_in_a_list_are_no_more_questions(
    number, center, django_assert_num_queries
):
    for _ in range(number):
        make_published_meeting(
            center, kind="assembly", village=center.villages.get(), former_venue="а"
        )
    address = f"/{center.slug}/meetings/"
    Client().get(address)

    with django_assert_num_queries(3):
        Client().get(address)


def test_an_inspectors_report_is_offered_its_first_topic(center, elmira):
    meeting = make_meeting(center, kind="report")
    browser = signed_in(elmira)

    form = browser.get(meeting.get_desk_url()).context["topic_form"]
    topic = {name: form[name].value() for name in ("topic_ky", "topic_ru")}
    address = reverse("desk:add_topic", args=[meeting.reference])
    browser.post(address, {"version": 0} | topic)

    assert all(topic.values())
    assert meeting.items.get().topic_ky == topic["topic_ky"]
    form = browser.get(meeting.get_desk_url()).context["topic_form"]
    assert form["topic_ky"].value() is None


def test_another_meeting_is_offered_none(center, elmira):
    form = signed_in(elmira).get(make_meeting(center).get_desk_url())

    assert form.context["topic_form"]["topic_ky"].value() is None
