"""When it all happened: at the hours that people keep, whatever day it is today.

The actions ask timezone.now() what time it is. While the demo is played, it tells them
the moment of each event: histories, terms, numbers and the journal come out as if the
centre had lived through them.
"""

import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from operator import attrgetter, itemgetter
from typing import NamedTuple
from unittest.mock import patch

from django.utils import timezone

from centers.workdays import add_working_days

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Residents write from morning to midnight, staff work from nine to five.
WAKING, WORKING = (time(7), 17 * 60), (time(9), 8 * 60)


class Event(NamedTuple):
    """What happened so many days ago to some matters, by staff or by somebody else.

    Those that share a matter keep their order. Without `at`, the hour is drawn.
    """

    days_ago: int
    matters: list[str]
    is_work: bool
    act: Callable
    at: str = ""


class Clock(datetime):
    told = None

    @classmethod
    def now(cls, tz=None):
        return cls.told


@contextmanager
def clock():
    """Give the clock, whose `told` is now until the block ends."""
    # Not timezone.now itself: the models hold it as the default of their fields.
    with patch.object(timezone, "datetime", Clock):
        yield Clock


def dated(events, until):
    """Return (moment, act) of events, in the order of time and none after `until`."""
    last, acts = {}, []
    for event in sorted(events, key=attrgetter("days_ago"), reverse=True):
        after = max(filter(None, map(last.get, event.matters)), default=None)
        moment = moment_of(event, after, until)
        last |= dict.fromkeys(event.matters, moment)
        acts.append((moment, event.act))
    return sorted(acts, key=itemgetter(0))


def moment_of(event, after, until):
    """Return when an event happened: `after` that of what it follows, if anything."""
    day = timezone.localdate(until) - event.days_ago * DAY
    spread = drawn(event)
    if event.at:
        moment = at(day, time.fromisoformat(event.at))
    elif event.is_work:
        moment = within(WORKING, last_working_day(day), spread)
    else:
        moment = within(WAKING, day, spread)
    if after and moment <= after:
        moment = after + (5 + spread % 40) * MINUTE
        if event.is_work and not event.at and not is_at_work(moment):
            next_day = add_working_days(timezone.localdate(after), 1)
            morning = at(next_day, WORKING[0]) + spread % 90 * MINUTE
            # In long holidays somebody is on duty.
            duty = max(moment, within(WORKING, day, spread))
            moment = morning if morning <= until else duty
    # What is planned for later today has happened just now.
    moment = min(moment, until - spread % 90 * MINUTE)
    return max(moment, after) if after else moment


def drawn(event):
    """Return a number that is the same at every start."""
    name = f"{event.days_ago} {event.matters}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def at(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))


def within(hours, day, spread):
    begin, minutes = hours
    return at(day, begin) + spread % minutes * MINUTE


def is_working_day(day):
    return add_working_days(day - DAY, 1) == day


def last_working_day(day):
    while not is_working_day(day):
        day -= DAY
    return day


def is_at_work(moment):
    day = timezone.localdate(moment)
    begin, minutes = WORKING
    start = at(day, begin)
    return start <= moment < start + minutes * MINUTE and is_working_day(day)
