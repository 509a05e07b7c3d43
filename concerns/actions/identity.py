from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.models import JournalEntry
from centers.permissions import Permission

from ..models import Change, Concern
from .lock import need


@transaction.atomic
def look_at_identity(*, concern, by, reason):
    """Return who filed a concern; the look and its reason go into the journal.

    Only the coordinator, the custodian and those who handle it may look.
    """
    # It may go into custody at this very moment: who waits for that sees it no more.
    Concern.objects.select_for_update(no_key=True).filter(pk=concern.pk).first()
    concern = (
        Concern.objects.visible_to(by)
        .select_related("center", "identity")
        .get(pk=concern.pk)
    )
    need(by, Permission.READ_IDENTITY, concern)
    if not concern.is_handled_by(by):
        raise ValidationError(_("Only those who handle a concern see who filed it."))
    if not hasattr(concern, "identity"):
        raise ValidationError(_("The reporter did not say who it is."))
    if not reason:
        raise ValidationError({"reason": _("Say why you need to know.")})
    # The journal is kept for ever and names nobody: the reason stands in the history.
    look = Change.objects.create(
        concern=concern, kind=Change.Kind.IDENTITY, note=reason, by=by
    )
    journal.record(
        center=concern.center,
        kind=journal.Kind.IDENTITY_SEEN,
        by=by,
        subject=concern.reference,
        detail={"change": look.pk},
    )
    return concern.identity


def note_reading(*, concern, by):
    """Record, once a day, that a person opened a confidential concern."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = JournalEntry.objects.filter(
        center_id=concern.center_id,
        kind=journal.Kind.CONFIDENTIAL_READ,
        by_id=by.pk,
        subject=concern.reference,
        created_at__gte=today,
    )
    if not seen.exists():
        with transaction.atomic():
            journal.record(
                center=concern.center,
                kind=journal.Kind.CONFIDENTIAL_READ,
                by=by,
                subject=concern.reference,
            )
