"""A meeting in the hands of those who plan it, and what everyone sees of it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from concerns.workflow import Status
from meetings import actions
from meetings.models import Action, Meeting

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


def ended_meeting(center, **fields):
    """Make a meeting of yesterday of which everyone reads what was decided."""
    yesterday = timezone.now() - timedelta(days=1)
    held = {"status": Meeting.Status.HELD, "starts_at": yesterday}
    return make_published_meeting(center, **held | fields)


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


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def put(action, status, **fields):
    """Let an action have a status, as if it had come there by its steps."""
    is_done = status in (Action.Status.DONE, Action.Status.CONFIRMED)
    Action.objects.filter(pk=action.pk).update(
        status=status, finished_on=today() if is_done else None, **fields
    )
    action.refresh_from_db()
    return action
