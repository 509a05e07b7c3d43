"""A meeting in the hands of those who plan it, and what everyone sees of it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from concerns.workflow import Status
from meetings import actions
from meetings.models import Meeting

from .factories import make_concern, make_published_meeting


def act(action, meeting, by, **words):
    meeting.refresh_from_db()
    return action(meeting=meeting, by=by, version=meeting.version, **words)


def registered(center, category=None, **fields):
    return make_concern(center, category, status=Status.REGISTERED, **fields)


def agenda(meeting):
    return [item.topic_ky or item.concern.reference for item in meeting.items.shown()]


def public_page(meeting):
    return Client().get(meeting.get_absolute_url())


def record(meeting, by, place=1, **words):
    """Record the item at a place, as it stands now."""
    version = meeting.items.get(order=place).version
    return actions.record(meeting=meeting, place=place, by=by, version=version, **words)


def decide(meeting, by, place=1, text_ky="Чечим", text_ru="Решение", **words):
    return record(
        *(meeting, by, place),
        **{"outcome": "decided", "text_ky": text_ky, "text_ru": text_ru} | words,
    )


def running_meeting(center, **fields):
    """A meeting that goes on: it began, and its end is not noted."""
    return held_meeting(center, **{"ended_at": None} | fields)


def held_meeting(center, **fields):
    return make_published_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(hours=2),
        **fields,
    )
