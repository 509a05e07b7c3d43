"""Meetings as calendars read them (RFC 5545), in the language of the address.

Only what the public page shows, and the same bytes for everyone until it changes: a
phone that asks again every hour is answered that nothing has. Meetings come with their
`agenda`.
"""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

ASKED_AGAIN = timedelta(hours=1)


def feed_of(center, meetings):
    """Return a centre's calendar, to which people subscribe, as bytes."""
    calendar = calendar_of(meetings)
    # Of each pair a phone knows the one or the other.
    calendar.add("name", in_one_line(center))
    calendar.add("x-wr-calname", in_one_line(center))
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
    event.add("uid", f"{meeting.reference}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", utc(meeting.starts_at))
    event.add("dtend", utc(meeting.ends_at))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add(
        "summary",
        f"{capfirst(meeting.get_kind_display())} · {in_one_line(meeting.center)}",
    )
    event.add("location", in_one_line(meeting.place))
    event.add("description", "\n".join(description_of(meeting)))
    event.add("url", settings.SITE_URL + meeting.get_absolute_url())
    return event


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
