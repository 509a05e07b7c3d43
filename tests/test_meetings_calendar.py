"""What phones subscribe to, read by another library than the one that wrote it."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import Center
from concerns.workflow import Level
from meetings import actions
from meetings.models import Meeting

from .factories import (
    make_approved,
    make_category,
    make_concern,
    make_meeting,
    make_published_meeting,
    make_topic,
    put_on_agenda,
)
from .planning import act

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def feed(center, language=""):
    path = reverse("meetings:feed", args=[center.slug])
    return Client().get(language + path)


def file(meeting, language=""):
    path = reverse("meetings:event", args=[meeting.center.slug, meeting.reference])
    return Client().get(language + path)


def read(answer):
    return vobject.readOne(answer.content.decode())


def events(answer):
    """Return the events of a calendar, by the reference of the meeting."""
    found = read(answer).contents.get("vevent", [])
    return {event.uid.value.partition("@")[0]: event for event in found}


@pytest.fixture
def meeting(center):
    return make_published_meeting(
        center,
        starts_at=timezone.make_aware(datetime(2031, 3, 3, 14, 0)),
        minutes=90,
        venue_ky="Клуб, чоң зал; 2-кабат",
        venue_ru="Клуб, большой зал",
    )


def test_a_meeting_stands_in_the_calendar_with_all_that_a_phone_asks(meeting, settings):
    event = events(feed(meeting.center))[meeting.reference]

    assert event.uid.value == f"{meeting.reference}@127.0.0.1"
    assert event.dtstart.value == datetime(2031, 3, 3, 8, 0, tzinfo=UTC)
    assert event.dtend.value == datetime(2031, 3, 3, 9, 30, tzinfo=UTC)
    assert event.summary.value == "Биргелешкен жыйын · Мирмахмудов"
    assert event.location.value == "Клуб, чоң зал; 2-кабат"
    assert event.url.value == settings.SITE_URL + meeting.get_absolute_url()
    assert event.status.value == "CONFIRMED"
    assert event.sequence.value == "0"
    changed_at = meeting.changed_at.replace(microsecond=0)
    assert event.dtstamp.value == event.last_modified.value == changed_at


def test_a_calendar_says_how_often_to_ask_again(meeting):
    calendar = read(feed(meeting.center))

    assert calendar.version.value == "2.0"
    assert calendar.method.value == "PUBLISH"
    assert calendar.x_wr_calname.value == "Мирмахмудов"
    assert calendar.refresh_interval.params == {"VALUE": ["DURATION"]}
    assert calendar.refresh_interval.value == "PT1H"
    assert calendar.x_published_ttl.value == "PT1H"


def test_one_meeting_is_a_file_of_one_event_that_makes_no_calendar(meeting):
    make_published_meeting(meeting.center)

    answer = file(meeting)

    assert set(events(answer)) == {meeting.reference}
    assert {"x-wr-calname", "name"} & set(read(answer).contents) == set()


def test_lines_are_as_long_as_the_standard_lets_them(meeting):
    make_topic(meeting, topic_ky="Күзөттүн тартиби " * 11)

    lines = feed(meeting.center).content.split(b"\r\n")

    assert max(map(len, lines)) <= 75


def test_a_calendar_in_russian_speaks_russian(meeting):
    make_topic(meeting, topic_ru="Порядок дежурства")

    event = events(feed(meeting.center, "/ru"))[meeting.reference]

    assert event.summary.value == "Совместное заседание · Мирмахмудов"
    assert event.location.value == "Клуб, большой зал"
    assert "1. Порядок дежурства" in event.description.value
    assert event.url.value.endswith(f"/ru/mirmakhmudov/meetings/{meeting.reference}/")


def test_a_meeting_has_one_name_in_both_languages(meeting):
    [ky], [ru] = (
        events(feed(meeting.center, language)).values() for language in ("", "/ru")
    )

    assert ky.uid.value == ru.uid.value


def test_the_agenda_is_what_the_public_page_shows(meeting):
    restricted = make_approved(
        meeting.center, make_category(Level.RESTRICTED), title_ky="Жашыруун"
    )
    confidential = make_concern(meeting.center, make_category(Level.CONFIDENTIAL))
    for concern in (
        make_approved(meeting.center, title_ky="Чырак күйбөйт"),
        confidential,
        restricted,
    ):
        put_on_agenda(meeting, concern)
    make_topic(meeting, topic_ky="Жашыруун", is_closed=True)

    event = events(feed(meeting.center))[meeting.reference]

    assert event.description.value.splitlines() == [
        "Күн тартиби:",
        "1. Чырак күйбөйт",
        f"2. № {restricted.number} кайрылуу",
        "3. Жабык маселе",
    ]
    assert confidential.number not in feed(meeting.center).content.decode()


def test_a_phone_learns_that_a_meeting_was_moved(meeting, elmira):
    before = events(feed(meeting.center))[meeting.reference]
    later = meeting.starts_at + timedelta(days=7)

    act(actions.replan, meeting, elmira, starts_at=later)

    after = events(feed(meeting.center))[meeting.reference]
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value == later
    assert "2031-жылдын 3-марты, 14:00" in after.description.value


def test_a_phone_learns_that_a_meeting_was_cancelled_and_why(meeting, elmira):
    before = events(feed(meeting.center))[meeting.reference]

    act(actions.cancel, meeting, elmira, reason_ky="Жол жабык", reason_ru="Закрыто")

    after = events(feed(meeting.center))[meeting.reference]
    assert after.status.value == "CANCELLED"
    assert int(after.sequence.value) > int(before.sequence.value)
    assert "Жол жабык" in after.description.value
    assert events(file(meeting))[meeting.reference].status.value == "CANCELLED"


def test_a_draft_and_a_closed_meeting_are_nowhere(center, other_center):
    make_meeting(center)
    closed = make_published_meeting(center, is_open=False)
    make_published_meeting(other_center)

    assert events(feed(center)) == {}
    assert file(closed).status_code == 404


def test_a_meeting_that_is_closed_later_leaves_the_calendar(meeting, elmira):
    act(actions.replan, meeting, elmira, is_open=False)

    assert events(feed(meeting.center)) == {}
    assert file(meeting).status_code == 404


@pytest.mark.parametrize(("days", "number"), [(-89, 1), (-91, 0), (700, 1)])
def test_the_last_ninety_days_are_remembered_and_all_to_come(days, number, center):
    at = timezone.now() + timedelta(days=days)
    make_published_meeting(center, starts_at=at)

    assert len(events(feed(center))) == number


@pytest.mark.parametrize("answer", [lambda m: feed(m.center), file])
def test_everyone_gets_the_same_bytes_until_something_changes(answer, meeting, elmira):
    first, second = answer(meeting), answer(meeting)

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert set(first["Cache-Control"].split(", ")) == {"public", "max-age=30"}
    assert not first.cookies
    act(actions.add_topic, meeting, elmira, topic_ky="а", topic_ru="б")
    assert answer(meeting)["ETag"] != first["ETag"]


def test_a_phone_that_has_it_already_is_sent_nothing(meeting):
    path = reverse("meetings:feed", args=[meeting.center.slug])
    etag = feed(meeting.center)["ETag"]

    answer = Client().get(path, headers={"if-none-match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("language", ["", "/ru"])
def test_the_pages_lead_to_the_calendars(language, meeting):
    listed = Client().get(f"{language}/mirmakhmudov/meetings/").content.decode()
    path = f"{language}/mirmakhmudov/meetings/{meeting.reference}"
    page = Client().get(f"{path}/").content.decode()

    assert f'href="{path}.ics"' in page
    path = f"{language}/mirmakhmudov/meetings.ics"
    assert f'href="webcal://127.0.0.1:8000{path}"' in listed
    assert f'href="{path}"' in listed


@pytest.mark.parametrize("status", ["held", "cancelled"])
def test_what_nobody_comes_to_any_more_is_put_in_no_calendar(status, meeting):
    Meeting.objects.update(status=status)

    page = Client().get(meeting.get_absolute_url()).content.decode()

    assert f"{meeting.reference}.ics" not in page


def test_a_centre_may_be_called_meetings():
    aimak = make_meeting().center.aimak
    center = Center.objects.create(slug="meetings", name_ky="Жыйын", aimak=aimak)

    assert events(feed(center)) == {}
    assert Client().get("/meetings/meetings/").status_code == 200
    assert Client().get("/meetings.ics/").status_code == 404


def test_a_calendar_asks_as_much_for_many_meetings_as_for_one(
    center, meeting, django_assert_num_queries
):
    for _ in range(10):
        other = make_published_meeting(center)
        put_on_agenda(other, make_approved(center))
        make_topic(other)

    # The centre, its meetings, their agendas.
    with django_assert_num_queries(3):
        assert len(events(feed(center))) == 11


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x0b"])
def test_no_name_breaks_a_line_of_a_calendar(end, meeting):
    center = meeting.center
    center.name_ky = f"Борбор{end}ATTACH:http://example.org/"
    center.save()

    for answer in (feed(center), file(meeting)):
        assert answer.status_code == 200
        lines = answer.content.decode().splitlines()
        assert not any(line.startswith("ATTACH") for line in lines)
