"""A member's own calendar: its secret address is made, made anew, and ended by him."""

from django.db import transaction
from django.utils import timezone

from centers import journal
from centers.models.person import hash_token, new_token

from ..models import MemberCalendar
from ..models.calendar import mark_of


@transaction.atomic
def make_calendar(*, by):
    """Return the token of a new address, shown this once; the former one ends."""
    mark = mark_of(by)
    token = f"{new_token()}-{mark}"
    made = {"token_hash": hash_token(token), "mark": mark, "made_at": timezone.now()}
    MemberCalendar.objects.update_or_create(user=by, defaults=made)
    journal.record(center=None, kind=journal.Kind.CALENDAR_MADE, by=by)
    return token


@transaction.atomic
def end_calendar(*, by):
    """Let the address open nothing any more; pressed twice, it is done once."""
    number, _models = MemberCalendar.objects.filter(user=by).delete()
    if number:
        journal.record(center=None, kind=journal.Kind.CALENDAR_ENDED, by=by)


def end_calendars_of_the_gone():
    """End the addresses of those who serve no more, so that none comes back later."""
    serving = MemberCalendar.objects.serving()
    MemberCalendar.objects.exclude(pk__in=serving.values("pk")).delete()
