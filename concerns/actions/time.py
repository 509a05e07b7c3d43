from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..models import Change, Concern
from ..workflow import Status
from .status import put_status


def close_by_time(now=None):
    """Close what was solved 30 days ago and nobody objected to; return how many.

    Repeatable, and safe beside another run of itself.
    """
    now = now or timezone.now()
    due = Concern.objects.filter(
        status=Status.RESOLVED,
        resolved_at__lte=now - timedelta(days=settings.CLOSE_AFTER_DAYS),
    )
    closed = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            concern = due.select_for_update(no_key=True).filter(pk=pk).first()
            if concern:
                put_status(concern, Status.CLOSED, side=Change.Side.CLOCK, at=now)
                closed += 1
    return closed
