"""The rules by which a centre meets: notice, quorum, and the rhythm of its meetings."""

from calendar import monthrange
from datetime import date, timedelta

from django.utils import timezone

from centers.permissions import COUNCIL, POLICE, RESIDENTS

from .models import Meeting, Rules

PARTNERS = [RESIDENTS, COUNCIL, POLICE]


def rules_of(center):
    """Return the rules of a centre, the usual ones where it set none."""
    if not hasattr(center, "rules"):
        return Rules(center=center)
    return center.rules


def is_short_notice(meeting):
    """Tell whether it is published later than the centre's rules would have it.

    Where it has begun, notice is given to nobody.
    """
    if meeting.kind == Meeting.Kind.URGENT or meeting.has_begun:
        return False
    notice = timezone.localdate(meeting.starts_at) - timezone.localdate()
    return notice.days < rules_of(meeting.center).notice_days


def quorum(meeting, attendances):
    """Return the kinds of partners that the rules ask for, and of whom nobody came.

    Empty where there is a quorum, or no rule about one.
    """
    if rules_of(meeting.center).quorum == Rules.Quorum.NONE:
        return []
    kinds = {one.membership.partner.kind for one in attendances if one.came}
    return [kind for kind in PARTNERS if kind not in kinds]


# The rhythm


def next_day(rules, today):
    """Return the next day of the rhythm after today, as the calendar has it.

    Counted from the month of the last one, whatever became of it.
    """
    last = rules.drafted_for
    month = months_on(last, rules.every) if last else today.replace(day=1)
    step = rules.every if last else 1
    while (day := day_of_month(month, rules.week, rules.weekday)) <= today:
        month = months_on(month, step)
    return day


def month_later(day, today):
    """Return the day a month on that is the same of its kind: a second Tuesday.

    Where that is past already, that of the first month in which it is not.
    """
    week, month = (day.day + 6) // 7, day
    while True:
        month = months_on(month, 1)
        later = day_of_month(month, week, day.weekday())
        if later > today:
            return later


def months_on(day, count):
    """Return the first day of the month so many months on."""
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def day_of_month(month, week, weekday):
    """Return such a day of a month, the first to the fourth; the fifth is the last."""
    first, length = monthrange(month.year, month.month)
    number = 1 + (weekday - first) % 7 + (week - 1) * 7
    while number > length:
        number -= 7
    return date(month.year, month.month, 1) + timedelta(days=number - 1)
