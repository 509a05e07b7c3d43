"""A protocol in the hands of those who write and approve it."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting
from meetings.protocol.content import draft, mark_of

from .factories import (
    again,
    make_action,
    make_decision,
    make_published_meeting,
    make_topic,
    signed_in,
)


def ended_meeting(center, **fields):
    """Make a meeting that was held and is over, so that it has a record."""
    now = timezone.now()
    fields = {
        "starts_at": now - timedelta(hours=3),
        "began_at": now - timedelta(hours=3),
        "ended_at": now - timedelta(hours=1),
    } | fields
    return make_published_meeting(center, status=Meeting.Status.HELD, **fields)


def recorded_meeting(center, elmira, bakyt, nurlan):
    """A meeting of all three sides, with a decision on a topic."""
    meeting = ended_meeting(center)
    item = make_topic(
        meeting,
        topic_ky="Көчө жарыгы",
        topic_ru="Уличный свет",
        status="decided",
        heard_ky="Угулган сөз",
        discussed_ru="О чём говорили",
    )
    make_action(make_decision(item), person=elmira)
    for person in (elmira, bakyt, nurlan):
        membership = person.memberships.get()
        meeting.attendances.create(membership=membership, came=person != nurlan)
    return meeting


def put_up(meeting, by):
    """Put the protocol of a meeting up for approval as its record stands now."""
    meeting = Meeting.objects.select_related("center").get(pk=meeting.pk)
    return actions.put_up(meeting=meeting, by=by, mark=mark_of(draft(meeting)))


def approve(version, **people):
    """Let each person approve it for the side by whose name he is given."""
    meeting = version.protocol.meeting
    for side, person in people.items():
        done = {"meeting": meeting, "version": version.version}
        actions.approve(**done, side=side, by=again(person))
    version.refresh_from_db()
    return version


def desk(user, meeting):
    return signed_in(user).get(reverse("desk:protocol", args=[meeting.reference]))


def public(meeting, path="", language=""):
    address = reverse(
        "meetings:protocol", args=[meeting.center.slug, meeting.reference]
    )
    return Client().get(language + address + path)
