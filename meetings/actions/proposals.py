"""What members would have discussed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.permissions import Permission, need
from concerns.models import Concern

from ..models import Meeting, Proposal
from .agenda import refusal


@transaction.atomic
def propose(*, concern, words, by):
    """Propose a concern for the next agenda; proposed again, it has the new words.

    Raises ValidationError for one that can stand on no agenda, or stands on one that
    this person may see; Concern.DoesNotExist for one that he may not know of.
    """
    concern = Concern.objects.known_to(by).select_related("center").get(pk=concern.pk)
    need(by, Permission.READ_SUMMARIES, concern.center)
    if reason := refusal(concern):
        raise ValidationError(reason)
    if Meeting.objects.visible_to(by).with_concern(concern).exists():
        raise ValidationError(_("It stands on an agenda already."))
    proposal, _is_new = Proposal.objects.update_or_create(
        concern=concern,
        by=by,
        defaults={"words": words, "created_at": timezone.now()},
    )
    return proposal


@transaction.atomic
def take_back(*, concern, by):
    """Take back one's own proposal of a concern, if there is one."""
    Proposal.objects.filter(concern=concern, by=by).delete()
