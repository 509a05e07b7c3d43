"""What a meeting keeps no longer: a reporter's words, and who its guests were."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..models import ActionChange, Invited, Meeting, ProtocolVersion
from ..models.invited import GUESTS_KEPT

# At most: a meeting of which nobody makes a protocol keeps nobody for ever.
UNTIL_APPROVED = timedelta(days=365)


@transaction.atomic
def erase_answers():
    """Erase the answers of those whose concerns' words are erased; return how many.

    That she said yes or no stays: it made the action what it is.
    """
    said = ActionChange.objects.filter(
        side=ActionChange.Side.REPORTER, concern__words_erased_at__isnull=False
    )
    return said.exclude(note="").update(note="")


@transaction.atomic
def forget_guests(now=None):
    """Erase who was invited without an account, and what members needed to come.

    Nobody needs it when the meeting is over and its protocol approved; of the guests
    the protocol keeps no more than how many came. Repeatable.
    """
    now = now or timezone.now()
    over = Invited.objects.filter(meeting__starts_at__lt=now - GUESTS_KEPT)
    versions = ProtocolVersion.objects.approved()
    approved = versions.filter(protocol__meeting=OuterRef("meeting"))
    over.filter(
        Exists(approved)
        | ~Q(meeting__status=Meeting.Status.HELD)
        | Q(meeting__starts_at__lt=now - UNTIL_APPROVED),
        user=None,
    ).delete()
    # Only what is kept still: the list of those of old grows with every meeting.
    kept = ~Q(words="")
    for need in Invited.NEEDS:
        kept |= Q(**{need: True})
    over.filter(kept).update(words="", **dict.fromkeys(Invited.NEEDS, False))
