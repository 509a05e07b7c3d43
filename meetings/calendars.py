"""Meetings as calendars read them (RFC 5545), in the language of the address.

Of a centre only what the public page shows, and the same bytes for everyone until it
changes: a phone that asks again every hour is answered that nothing has. A member's own
has his terms too. Whoever keeps a phone's calendar reads it, so there also stands
nothing but what everyone may read. Meetings come with their `agenda`.
"""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.template.defaultfilters import capfirst
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

ASKED_AGAIN = timedelta(hours=1)


def feed_of(center, meetings):
    """Return a centre's calendar, to which people subscribe, as bytes."""
    return subscribed(calendar_of(meetings), in_one_line(center))


def feed_of_member(meetings, actions):
    """Return what a member has to come to, and when his actions are due, as bytes."""
    calendar = calendar_of(meetings)
    for action in actions:
        calendar.add_component(term_of(action))
    return subscribed(calendar, _("Prevention centre"))


def subscribed(calendar, name):
    # Of each pair a phone knows the one or the other.
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar.to_ical()


def file_of(meeting):
    """Return one meeting, to be put into a calendar, as bytes."""
    return calendar_of([meeting]).to_ical()


def calendar_of(meetings):
    calendar = Calendar()
    calendar.add("prodid", "-//kaab//meetings//KY")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for meeting in meetings:
        calendar.add_component(event_of(meeting))
    return calendar


def event_of(meeting):
    changed_at = utc(meeting.changed_at)
    event = Event()
    event.add("uid", uid(meeting.reference))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", utc(meeting.starts_at))
    event.add("dtend", utc(meeting.ends_at))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("location", in_one_line(meeting.place))
    if not meeting.is_open:
        event.add("summary", _("Closed meeting"))
        return event
    event.add(
        "summary",
        f"{capfirst(meeting.get_kind_display())} · {in_one_line(meeting.center)}",
    )
    event.add("description", "\n".join(description_of(meeting)))
    event.add("url", settings.SITE_URL + meeting.get_absolute_url())
    return event


def term_of(action):
    event = Event()
    event.add("uid", uid(f"action-{action.reference}"))
    event.add("dtstamp", utc(timezone.now()))
    event.add("dtstart", action.due_on)
    event.add("dtend", action.due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    told = in_one_line(action.text) if action.may_be_told else f"№ {action.number}"
    event.add("summary", f"{_('Term:')} {told}")
    event.add("url", settings.SITE_URL + action.get_desk_url())
    return event


def uid(name):
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"


def in_one_line(name):
    # A reader may break a line where the name has some other end of a line.
    return " ".join(str(name).split())


def utc(moment):
    # Kyrgyzstan keeps one time all year, so none of its rules need to be told.
    return moment.astimezone(UTC).replace(microsecond=0)


def description_of(meeting):
    """Yield the lines that the public page has beside day, hour and venue."""
    if meeting.is_cancelled:
        yield _("This meeting will not take place.")
        yield meeting.reason
    elif meeting.is_moved:
        yield _("This meeting was moved.")
        yield f"{_('Moved from')}: {meeting.former}"
    if meeting.agenda:
        yield f"{_('Agenda')}:"
    for place, item in enumerate(meeting.agenda, start=1):
        yield f"{place}. {item.public_name}"
