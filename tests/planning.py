"""A meeting in the hands of those who plan it, and what everyone sees of it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from concerns.workflow import Status
from meetings.models import Meeting

from .factories import (
    make_action,
    make_concern,
    make_decision,
    make_published_meeting,
    make_topic,
    put_on_agenda,
)


def act(action, meeting, by, **words):
    meeting.refresh_from_db()
    return action(meeting=meeting, by=by, version=meeting.version, **words)


def registered(center, category=None, **fields):
    return make_concern(center, category, status=Status.REGISTERED, **fields)


def agenda(meeting):
    return [item.topic_ky or item.concern.reference for item in meeting.items.shown()]


def public_page(meeting):
    return Client().get(meeting.get_absolute_url())


def held_meeting(center, **fields):
    return make_published_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(hours=2),
        **fields,
    )


def ended_meeting(center, **fields):
    """Make a meeting of yesterday of which everyone reads what was decided."""
    starts_at = timezone.now() - timedelta(days=1)
    times = {
        "starts_at": starts_at,
        "began_at": starts_at,
        "ended_at": starts_at + timedelta(hours=1),
    }
    return make_published_meeting(
        center, **{"status": Meeting.Status.HELD} | times | fields
    )


def promise(center, concern=None, *, meeting=None, is_closed=False, **fields):
    """Make an action that an ended meeting decided, on a concern or on a topic."""
    meeting = meeting or ended_meeting(center)
    item = (
        put_on_agenda(meeting, concern)
        if concern
        else make_topic(meeting, is_closed=is_closed)
    )
    decision = make_decision(item)
    if concern:
        decision.answers.add(concern)
    return make_action(decision, **fields)
