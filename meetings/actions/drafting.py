from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from centers.models import Center
from centers.workdays import add_working_days

from ..models import Meeting, Rules
from ..rules import next_day

AHEAD = timedelta(days=30)


def draft_by_rhythm(now=None):
    """Draft the meetings that the rhythm of each centre brings in the next 30 days.

    Returns how many. Repeatable, and safe beside another run of itself: for one day of
    the rhythm a draft is made once, whatever becomes of it.
    """
    today = timezone.localdate(now or timezone.now())
    centers = Rules.objects.exclude(every=Rules.Every.NEVER).values_list("center")
    return sum(draft_for(center, today) for (center,) in centers)


@transaction.atomic
def draft_for(center, today):
    # As whoever sets the rules does, before anything is read of them.
    center = Center.objects.select_for_update(no_key=True).get(pk=center)
    rules = Rules.objects.get(center=center)
    drafted = 0
    while rules.has_rhythm and (day := next_day(rules, today)) <= today + AHEAD:
        drafted += draft(rules, day)
        rules.drafted_for = day
        rules.save(update_fields=["drafted_for"])
    return drafted


def draft(rules, day):
    """Draft a meeting, moved off a day off, unless there is one that day."""
    day = add_working_days(day - timedelta(days=1), 1)
    starts_at = timezone.make_aware(datetime.combine(day, rules.hour))
    meetings = Meeting.objects.filter(center=rules.center, starts_at__date=day)
    if meetings.exclude(status=Meeting.Status.CANCELLED).exists():
        return False
    Meeting.objects.create(
        center=rules.center,
        starts_at=starts_at,
        minutes=rules.minutes,
        venue_ky=rules.venue_ky,
        venue_ru=rules.venue_ru,
    )
    return True
