"""Telling those who plan meetings of one whose protocol nobody has put up."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .. import emails
from ..models import Meeting, ProtocolReminder, ProtocolVersion
from ..models.meeting import LONGEST

# Days after the end of a meeting
TERMS = [7, 3]
# Older ones nobody was reminded of in time: a letter would only surprise.
FORGOTTEN = timedelta(days=14)


def remind_of_protocols(now=None):
    """Write the letters that are due; of each meeting and term once.

    Repeatable, and safe beside another run of itself.
    """
    now = now or timezone.now()
    # No database adds minutes to a moment as another does.
    earliest = now - FORGOTTEN - timedelta(minutes=LONGEST)
    standing = ProtocolVersion.objects.standing()
    meetings = (
        Meeting.objects.exclude(status=Meeting.Status.CANCELLED)
        .filter(
            published_at__isnull=False,
            starts_at__gte=earliest,
            starts_at__lte=now - timedelta(days=min(TERMS)),
        )
        .exclude(Exists(standing.filter(protocol__meeting=OuterRef("pk"))))
        .select_related("center")
    )
    for meeting in meetings:
        age = now - (meeting.ended_at or meeting.ends_at)
        days = next((days for days in TERMS if age >= timedelta(days=days)), None)
        if days and age < FORGOTTEN:
            remind_of(meeting, days)


@transaction.atomic
def remind_of(meeting, days):
    _reminder, is_new = ProtocolReminder.objects.get_or_create(
        meeting=meeting, days=days
    )
    if is_new:
        # Not a partial: Django asks what fails here for its name.
        def send():
            emails.no_protocol(meeting, days)

        transaction.on_commit(send, robust=True)
