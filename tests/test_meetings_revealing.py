"""What may give a person away is said before everyone reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Meeting
from meetings.protocol.content import draft, mark_of
from meetings.revealing import revealing

from .factories import make_approved, make_meeting, make_topic, put_on_agenda, signed_in
from .planning import ended_meeting, running_meeting

pytestmark = pytest.mark.django_db

NAMED = "Абдиева Айгүл экинчи жолу кайрылды, 0555 12 34 56"


def send(user, name, meeting, **fields):
    return signed_in(user).post(
        reverse(f"desk:{name}", args=[meeting.reference]), fields
    )


def words(meeting):
    return "\n".join(revealing(meeting))


def test_names_and_numbers_in_what_everyone_reads_are_found(center):
    meeting = running_meeting(center)
    make_topic(meeting, heard_ky=NAMED)

    found = revealing(meeting)

    assert len(found) == 2
    assert all(one.startswith("1-маселе: ") for one in found)
    assert "Абдиева Айгүл" in words(meeting)
    assert "0555 12 34 56" in words(meeting)


def test_the_members_and_the_places_are_no_secret(center, bakyt, cholpon):
    meeting = running_meeting(center)
    heard = f"{bakyt.full_name} Мирмахмудов айылы боюнча билдирди, Сыдыковго суроо"
    make_topic(meeting, heard_ky=heard)

    assert revealing(meeting) == []


@pytest.mark.parametrize("closed", ["meeting", "item", "concern"])
def test_what_nobody_else_reads_is_not_looked_at(closed, center):
    meeting = running_meeting(center, is_open=closed != "meeting")
    if closed == "concern":
        # Of one that is not published everyone reads the number.
        concern = make_approved(center, status="in_progress", published_at=None)
        put_on_agenda(meeting, concern)
        meeting.items.update(heard_ky=NAMED)
    else:
        make_topic(meeting, heard_ky=NAMED, is_closed=closed == "item")

    assert revealing(meeting) == []


def test_a_notice_is_published_with_them_only_when_pressed_again(center, cholpon):
    meeting = make_meeting(center)
    make_topic(meeting, topic_ky="Абдиева Айгүлдүн арызы", topic_ru="Тема")
    sent = {"version": meeting.version}

    asked = send(cholpon, "publish_meeting", meeting, **sent)
    meeting.refresh_from_db()
    was_published = meeting.is_published
    answer = send(cholpon, "publish_meeting", meeting, **sent, sure="on")

    meeting.refresh_from_db()
    assert (asked.status_code, was_published) == (422, False)
    assert "Абдиева" in "".join(asked.context["revealed"])
    assert _("Error:") not in asked.content.decode()
    assert (answer.status_code, meeting.is_published) == (302, True)


def test_a_meeting_ends_with_them_only_when_pressed_again(center, elmira):
    meeting = running_meeting(center)
    yesterday = timezone.now() - timedelta(days=1)
    Meeting.objects.update(starts_at=yesterday, began_at=yesterday)
    make_topic(meeting, status="noted", heard_ky=NAMED)
    sent = {"version": meeting.version, "began": "10:00", "ended": "10:01"}

    asked = send(elmira, "end_meeting", meeting, **sent)
    meeting.refresh_from_db()
    has_ended = meeting.has_ended
    answer = send(elmira, "end_meeting", meeting, **sent, sure="on")

    assert (asked.status_code, has_ended) == (422, False)
    assert "Абдиева" in "".join(asked.context["revealed"])
    assert answer.status_code == 302


def test_a_protocol_is_put_up_with_them_only_when_pressed_again(center, elmira):
    meeting = ended_meeting(center)
    make_topic(meeting, status="noted", heard_ky=NAMED)
    sent = {"mark": mark_of(draft(meeting))}

    asked = send(elmira, "put_up_protocol", meeting, **sent)
    has_protocol = hasattr(type(meeting).objects.get(pk=meeting.pk), "protocol")
    answer = send(elmira, "put_up_protocol", meeting, **sent, sure="on")

    meeting.refresh_from_db()
    assert (asked.status_code, has_protocol) == (422, False)
    assert "Абдиева" in "".join(asked.context["revealed"])
    assert answer.status_code == 302
    assert meeting.protocol.last.is_up


def test_what_gives_nobody_away_is_put_up_at_once(center, elmira):
    meeting = ended_meeting(center)
    make_topic(meeting, status="noted", heard_ky="Чырактар алмаштырылды")

    answer = send(elmira, "put_up_protocol", meeting, mark=mark_of(draft(meeting)))

    assert answer.status_code == 302
